/**
 * Changes whose request got no answer and that the read-back did not show, and taking them back to unsent so that the same push sends them
 * again. The chunk stays in doubt, for the record; the change set is open again. Bounded by the patch's number of repeats.
 * Indexes: the key of sync.patches and sync.chunks, the key of mirror.contacts.
 */
import type { Changes, Endpoint, Operation, Sends } from '../contact/index.ts';
import { type Store, withTransaction } from './connection.ts';
import { type MirrorColumns, mirrorColumns, toMirrorValues } from './mirror-columns.ts';
import { selectDataTypes } from './select-custom-fields.ts';

export type LostPatch = {
  readonly seq: string;
  readonly account: string;
  readonly operation: Operation;
  readonly endpoint: Endpoint;
  readonly changes: Changes;
  readonly sends: Sends;
  /** Canonical values of the mirror; undefined: it has no such contact. */
  readonly shown: MirrorColumns | undefined;
};

export type LostInput = {
  readonly tenant: string;
  readonly changeSetId: string;
  /** Most repeats of one patch. */
  readonly repeats: number;
  readonly now: Date;
  /** IANA zone of the client. */
  readonly timeZone: string;
  /** Only patches after this `seq`. */
  readonly after: string;
  readonly rows: number;
};

type Selected = MirrorColumns & Omit<LostPatch, 'shown'>;

/** A newer stop of the same contact came in: its block reads like the one that was to be lifted. */
const isStoppedSince = `exists (
  select from sync.change_sets s
    join sync.change_sets u on u.tenant = s.tenant and u.urgent and u.created_at > s.created_at
    join sync.patches b on b.change_set_id = u.id and b.account = p.account
   where s.id = p.change_set_id)`;

/** The next patches that were lost and may be sent again, by `seq`. */
export async function selectLost(store: Store, input: LostInput): Promise<readonly LostPatch[]> {
  const { tenant, changeSetId, repeats, after, rows, now, timeZone } = input;
  const found = await store.pool.query<Selected>(
    `select p.seq::text, p.account, p.operation, p.endpoint, p.changes, p.sends,
            m.account as mirror_account, to_char(m.merged_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as mirror_merged_at,
            ${mirrorColumns}
       from sync.patches p
       join sync.chunks c on c.change_set_id = p.change_set_id and c.seq = p.chunk_seq and c.state = 'in_doubt'
       left join mirror.contacts m on m.tenant = $1 and m.account = p.account and m.tombstoned_at is null
      where p.change_set_id = $2 and p.verdict = 'not_taken' and p.attempts < $3 and p.seq > $4::bigint
        and not (p.operation = 'lift' and ${isStoppedSince})
      order by p.seq
      limit $5`,
    [tenant, changeSetId, repeats, after, rows],
  );
  const reading = { now, timeZone, dataTypes: await selectDataTypes(store.pool, tenant) };
  return found.rows.map((row) => {
    const { seq, account, operation, endpoint, changes, sends } = row;
    const mergedAt = row['mirror_merged_at'];
    const isShown = row['mirror_account'] != null && mergedAt != null;
    const shown = isShown ? toMirrorValues(row, new Date(mergedAt), reading).values : undefined;
    return { seq, account, operation, endpoint, changes, sends, shown };
  });
}

export type LostFates = {
  /** By `seq`: to be sent again. */
  readonly repeated: readonly string[];
  /** By `seq`: there after all; the next read-back judges them. */
  readonly unread: readonly string[];
};

/** Notes what becomes of lost patches; those in neither list keep their verdict. */
export async function markLost(store: Store, changeSetId: string, { repeated, unread }: LostFates): Promise<void> {
  if (repeated.length === 0 && unread.length === 0) return;
  await withTransaction(store, async (client) => {
    await client.query(
      `update sync.patches set verdict = null, verdict_at = null, chunk_seq = null, attempts = attempts + 1
        where change_set_id = $1 and seq = any ($2::bigint[]) and verdict = 'not_taken'`,
      [changeSetId, repeated],
    );
    await client.query(
      `update sync.patches set verdict = null, verdict_at = null
        where change_set_id = $1 and seq = any ($2::bigint[]) and verdict = 'not_taken'`,
      [changeSetId, unread],
    );
    if (repeated.length === 0) return;
    await client.query(`update sync.change_sets set state = 'pushing' where id = $1 and state = 'pushed'`, [
      changeSetId,
    ]);
  });
}
