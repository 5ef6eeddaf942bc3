/**
 * Ends a sweep: one transaction in which its differences are recorded, contacts it missed are put on record or become tombstones, what it
 * found again is restored, and the sweep is done. Either all of it is so, or nothing. Nothing is ever erased from the mirror.
 * A contact becomes a tombstone when an independent sweep - of another run, ended long enough before this one began - missed the very
 * same version of it. A contact that was merged since has been seen, so its absence is forgotten.
 * Indexes: the keys of mirror.contacts and sync.absences, for the accounts that differ alone. Locks: the rows it writes, and the tenant's
 * merge (advisory), held to the end.
 */

import type { SweepComparison, SweepScope } from './compare-sweep.ts';
import { type Queryable, type Store, withTransaction } from './connection.ts';
import type { SweepTables } from './make-sweep-tables.ts';
import { toTouching } from './touch-contacts.ts';

export type SettleSweepInput = {
  readonly sweepId: string;
  readonly tenant: string;
  readonly tables: SweepTables;
  /** A slice neither marks absences nor tombstones: nobody waits until its turn comes again. */
  readonly isWhole: boolean;
  readonly scope: SweepScope;
  /** IANA zone of the client: a modifyDate at its midnight may stand for any moment of the day. */
  readonly timeZone: string;
  /** What has changed since is the next pull's business, not drift. */
  readonly settledUntil: Date;
  readonly independentAfterMs: number;
  readonly counts: SweepEndCounts;
};

/** What is known of a sweep before it is settled. */
export type SweepEndCounts = SweepComparison & {
  readonly serverNow: Date;
  readonly requests: number;
  readonly rows: number;
  readonly unreadable: number;
  readonly tombstones: number;
};

type DriftCause = 'late_commit' | 'missed_window' | 'silent_change' | 'rolled_back' | 'vanished';
export type DriftCounts = Readonly<Partial<Record<DriftCause, number>>>;

export type SettledSweep = {
  readonly tombstoned: number;
  readonly restored: number;
  readonly drift: DriftCounts;
};

export async function settleSweep(store: Store, input: SettleSweepInput): Promise<SettledSweep> {
  return withTransaction(store, async (client) => {
    await client.query(`select pg_advisory_xact_lock(hashtextextended('lvsync merge ' || $1, 0))`, [input.tenant]);
    await forgetAbsences(client, input);
    const shown = await insertShownDrift(client, input);
    const vanished = await insertVanishedDrift(client, input);
    const tombstoned = input.isWhole ? await markTombstones(client, input) : 0;
    if (input.isWhole) await insertAbsences(client, input);
    const restored = await restoreTombstones(client, input);
    const drift = { ...shown, ...(vanished > 0 ? { vanished } : {}) };
    await endSweep(client, input, { tombstoned, restored, drift });
    return { tombstoned, restored, drift };
  });
}

/** Notes that a guard tripped: nothing is marked. A sweep that has ended stays as it is. */
export async function markSweepHeld(db: Queryable, id: string, counts: SweepEndCounts, message: string): Promise<void> {
  await updateSweep(db, id, counts, { state: 'held', tombstoned: 0, restored: 0, drifted: 0, message });
}

/** Found by this sweep, or brought by a pull since it was missed. Two statements: joined by an `or`, each absence would read all that was found. */
async function forgetAbsences(client: Queryable, { tenant, tables }: SettleSweepInput): Promise<void> {
  await client.query(
    `delete from sync.absences a using ${tables.found} f where a.tenant = $1 and a.account = f.account`,
    [tenant],
  );
  await client.query(
    `delete from sync.absences a
      where a.tenant = $1
        and not exists (select from mirror.contacts m
                         where m.tenant = $1 and m.account = a.account and m.merged_at = a.merged_at)`,
    [tenant],
  );
}

/** Contacts that LiveVox shows otherwise than the mirror, in time that is settled. */
async function insertShownDrift(client: Queryable, input: SettleSweepInput): Promise<DriftCounts> {
  const { sweepId, tenant, tables, scope, settledUntil, timeZone } = input;
  const found = await client.query<{ cause: DriftCause; count: number }>(
    `with recorded as (
       insert into sync.drift (sweep_id, tenant, account, cause, modify_date)
       select $1, $2, d.account,
              case when d.shown < d.was then 'rolled_back'
                   when exists (select from sync.coverage c
                                 where c.tenant = $2 and c.starts_at <= d.shown and c.ends_at >= d.shown) then 'late_commit'
                   else 'missed_window' end,
              d.shown
         from ${tables.differing} d
        where not d.is_absent and d.shown is distinct from d.was
          and d.shown >= coalesce($4, '-infinity'::timestamptz)
          and d.shown <= coalesce($5, 'infinity'::timestamptz)
          and case when date_trunc('day', d.shown, $6) = d.shown then d.shown + interval '1 day' else d.shown end < $3::timestamptz
       returning cause
     )
     select cause, count(*)::int as "count" from recorded group by cause order by cause`,
    [sweepId, tenant, settledUntil, scope.startsAt ?? null, scope.endsAt ?? null, timeZone],
  );
  return Object.fromEntries(found.rows.map(({ cause, count }) => [cause, count]));
}

/** What is on record as absent has been counted by the sweep that missed it first. */
async function insertVanishedDrift(client: Queryable, { sweepId, tenant, tables }: SettleSweepInput): Promise<number> {
  const recorded = await client.query(
    `insert into sync.drift (sweep_id, tenant, account, cause)
     select $1, $2, d.account, 'vanished'
       from ${tables.differing} d
      where d.is_absent
        and not exists (select from sync.absences a where a.tenant = $2 and a.account = d.account)`,
    [sweepId, tenant],
  );
  return recorded.rowCount ?? 0;
}

async function markTombstones(client: Queryable, input: SettleSweepInput): Promise<number> {
  const { sweepId, tenant, tables, independentAfterMs } = input;
  const marked = await client.query<{ count: number }>(
    `with gone as (
       delete from sync.absences a
        using ${tables.differing} d, sync.sweeps first, sync.sweeps this
        where a.tenant = $1 and a.account = d.account and d.is_absent and a.merged_at = d.merged_at
          and first.id = a.first_sweep_id and this.id = $2
          and first.run_id <> this.run_id
          and this.started_at >= first.ended_at + make_interval(secs => $3::float8 / 1000)
       returning a.account, a.merged_at
     ), marked as (
       update mirror.contacts m
          set tombstoned_at = clock_timestamp()
         from gone g
        where m.tenant = $1 and m.account = g.account and m.merged_at = g.merged_at and m.tombstoned_at is null
       returning m.account
     ), ${toTouching('marked')}
     select count(*)::int as "count" from marked`,
    [tenant, sweepId, independentAfterMs],
  );
  return marked.rows[0]!.count;
}

/** Misses a contact only as it stood when the sweep began: one merged meanwhile has been seen. */
async function insertAbsences(client: Queryable, { sweepId, tenant, tables }: SettleSweepInput): Promise<void> {
  await client.query(
    `insert into sync.absences (tenant, account, first_sweep_id, merged_at, missed_at)
     select $2, d.account, $1, d.merged_at, clock_timestamp()
       from ${tables.differing} d
       join mirror.contacts m on m.tenant = $2 and m.account = d.account and m.merged_at = d.merged_at
      where d.is_absent and m.tombstoned_at is null
     on conflict (tenant, account) do nothing`,
    [sweepId, tenant],
  );
}

async function restoreTombstones(client: Queryable, { tenant, tables }: SettleSweepInput): Promise<number> {
  const restored = await client.query<{ count: number }>(
    `with restored as (
       update mirror.contacts m
          set tombstoned_at = null
         from ${tables.differing} d
        where d.is_tombstone and not d.is_absent
          and m.tenant = $1 and m.account = d.account and m.tombstoned_at is not null
       returning m.account
     ), ${toTouching('restored')}
     select count(*)::int as "count" from restored`,
    [tenant],
  );
  return restored.rows[0]!.count;
}

function endSweep(client: Queryable, input: SettleSweepInput, settled: SettledSweep): Promise<void> {
  const { tombstoned, restored, drift } = settled;
  const drifted = Object.values(drift).reduce((sum, count) => sum + count, 0);
  return updateSweep(client, input.sweepId, input.counts, {
    state: 'done',
    tombstoned,
    restored,
    drifted,
    message: null,
  });
}

type SweepEnd = {
  readonly state: 'done' | 'held';
  readonly tombstoned: number;
  readonly restored: number;
  readonly drifted: number;
  readonly message: string | null;
};

async function updateSweep(db: Queryable, id: string, counts: SweepEndCounts, end: SweepEnd): Promise<void> {
  await db.query(
    `update sync.sweeps
        set state = $2, message = $3, ended_at = clock_timestamp(), server_ended_at = $4, requests = $5, rows = $6, accounts = $7,
            unreadable = $8, mirror_rows = $9, present = $10, absent = $11, not_judged = $12, tombstones = $13,
            tombstoned = $14, restored = $15, drifted = $16
      where id = $1 and state = 'running'`,
    [
      id,
      end.state,
      end.message,
      counts.serverNow,
      counts.requests,
      counts.rows,
      counts.accounts,
      counts.unreadable,
      counts.mirrorRows,
      counts.present,
      counts.absent,
      counts.notJudged,
      counts.tombstones,
      end.tombstoned,
      end.restored,
      end.drifted,
    ],
  );
}
