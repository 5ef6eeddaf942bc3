/**
 * Where a number that somebody wants blocked is about to appear: the mirror does not show what plans bring, or brought since the last pull. Reads
 * the patches of the plans concerned as a whole, because a number may stand in any of them; what they send is never changed, so no lock is needed.
 */
import { type CanonicalValue, phoneOrdinals, type Sends } from '../contact/index.ts';
import type { Queryable } from './connection.ts';
import { pulledAt } from './select-unread.ts';

/** The numbers, ten digits each, that urgent plans block wherever they are. */
export async function selectStoppedNumbers(db: Queryable, changeSetIds: readonly string[]): Promise<readonly string[]> {
  const found = await db.query<{ number: string }>(
    `select distinct n as number from sync.change_sets s, unnest(s.stopped_numbers) n where s.id = any ($1::uuid[])`,
    [changeSetIds],
  );
  return found.rows.map(({ number }) => number);
}

/** SQL: whether a patch `p` brings one of the numbers in `$n` to a place, or sends it there, without its block. */
function toBringsOpenSql(parameter: number): string {
  const places = phoneOrdinals.map((ordinal) => {
    const [number, verb] = [`p.sends ->> 'phone${ordinal}'`, `p.sends ->> 'phone${ordinal}Block'`];
    return `(right(regexp_replace(${number}, '\\D', '', 'g'), 10) = any ($${parameter}::text[]) and coalesce(${verb}, '') not in ('PERMANENT', 'BOTH'))`;
  });
  return `(${places.join(' or ')})`;
}

/** Patches of a plan, by `seq`, that would bring one of the numbers and may not have left. */
export async function selectBringing(
  db: Queryable,
  changeSetId: string,
  numbers: readonly string[],
): Promise<readonly string[]> {
  if (numbers.length === 0) return [];
  const found = await db.query<{ seq: string }>(
    `select p.seq::text as seq from sync.patches p
      where p.change_set_id = $1 and p.operation in ('create', 'update', 'lift') and p.left_out_because is null and p.verdict is null
        and ${toBringsOpenSql(2)}`,
    [changeSetId, numbers],
  );
  return found.rows.map(({ seq }) => seq);
}

/** A contact that has been sent one of the numbers, and not been read back since. */
export type Arriving = {
  readonly account: string;
  readonly sends: Readonly<Record<string, CanonicalValue>>;
  /** False when the answer was lost: it may be as it was. */
  readonly isSure: boolean;
};

/** In the order of sending. */
export async function selectArriving(
  db: Queryable,
  tenant: string,
  numbers: readonly string[],
): Promise<readonly Arriving[]> {
  if (numbers.length === 0) return [];
  const found = await db.query<{ account: string; sends: Sends; isSure: boolean }>(
    `select p.account, p.sends, c.state <> 'in_doubt' as "isSure"
       from sync.change_sets s
       join sync.chunks c on c.change_set_id = s.id and c.operation in ('create', 'update') and c.state in ('sent', 'accepted', 'in_doubt')
       join sync.patches p on p.change_set_id = c.change_set_id and p.chunk_seq = c.seq
      where s.tenant = $1 and not s.urgent and p.verdict is null
        and (s.state in ('pushing', 'pushed') or s.state = 'superseded' and coalesce(c.answered_at, c.sent_at) > ${pulledAt})
        and ${toBringsOpenSql(2)}
      order by s.created_at, p.seq`,
    [tenant, numbers],
  );
  return found.rows;
}
