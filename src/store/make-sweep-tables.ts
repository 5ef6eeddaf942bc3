/**
 * Makes and drops the working tables of a sweep, named by its run: what LiveVox showed, the mirror as it stood when the sweep began, and
 * what differs. They hold accounts and times alone, so that comparing reads the wide rows of the mirror only once. Unlogged, without
 * keys: a sweep can be made again. Table names come from the run's id (checked), never from data. Locks: its own tables only.
 */
import { FatalError } from '../errors.ts';
import type { Queryable } from './connection.ts';

export type SweepTables = {
  readonly runId: string;
  /** Rows as they came: account, modify_date. */
  readonly rows: string;
  /** One row per account that came. */
  readonly found: string;
  /** The mirror as it stood: account, modify_date, merged_at, is_tombstone. */
  readonly before: string;
  /** Accounts that are in one and not in the other, or differ in their modify_date. */
  readonly differing: string;
};

/** The tables of a run's sweep, whether they exist or not. @throws FatalError when the id is no uuid. */
export function toSweepTables(runId: string): SweepTables {
  const hex = runId.replaceAll('-', '').toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(hex)) throw new FatalError('The id of the run is no uuid; report this.');
  const name = `sync.sweep_${hex}`;
  return { runId, rows: name, found: `${name}_found`, before: `${name}_before`, differing: `${name}_differing` };
}

/** Makes the table for what comes; tables that an earlier attempt left are dropped. */
export async function makeSweepTables(db: Queryable, runId: string): Promise<SweepTables> {
  const tables = toSweepTables(runId);
  await dropSweepTables(db, tables);
  await db.query(
    `create unlogged table ${tables.rows} (account text not null, modify_date timestamptz) with (autovacuum_enabled = false)`,
  );
  return tables;
}

export async function dropSweepTables(db: Queryable, tables: SweepTables): Promise<void> {
  await db.query(`drop table if exists ${tables.rows}, ${tables.found}, ${tables.before}, ${tables.differing}`);
}
