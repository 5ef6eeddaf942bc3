/**
 * Makes and drops the stage of a run: one unlogged table with the typed columns of a contact, and one for the rows that could not
 * be staged, both named by the run. A stage holds nothing that a pull could not make again, so it needs no WAL and no keys.
 * Table and column names come from the run's id (checked) and the field catalogue, never from data. Locks: its own tables only.
 */
import { contactFields, type FieldType } from '../contact/index.ts';
import { FatalError } from '../errors.ts';
import type { Queryable } from './connection.ts';

export type Stage = {
  readonly runId: string;
  /** Qualified name of the table of staged contacts. */
  readonly table: string;
  /** Qualified name of the table of rejected rows. */
  readonly rejectedTable: string;
};

const columnTypes: Readonly<Record<FieldType, string>> = {
  text: 'text',
  integer: 'integer',
  bigint: 'bigint',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamptz',
  numeric: 'numeric',
};

const columns = contactFields.map((field) => `${field.column} ${columnTypes[field.type]}`).join(', ');

/** The stage of a run, whether it exists or not. @throws FatalError when the id is no uuid. */
export function toStage(runId: string): Stage {
  const hex = runId.replaceAll('-', '').toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(hex)) throw new FatalError('The id of the run is no uuid; report this.');
  return { runId, table: `sync.stage_${hex}`, rejectedTable: `sync.stage_${hex}_rejected` };
}

/** Makes the stage of a run, empty; one that an earlier attempt left is dropped. */
export async function makeStage(db: Queryable, runId: string): Promise<Stage> {
  const stage = toStage(runId);
  await dropStage(db, stage);
  await db.query(`create unlogged table ${stage.table} (${columns}) with (autovacuum_enabled = false)`);
  await db.query(
    `create unlogged table ${stage.rejectedTable} (
       line bigint not null, byte_offset bigint, account text, reason text not null, raw text not null
     )`,
  );
  return stage;
}

export async function dropStage(db: Queryable, stage: Stage): Promise<void> {
  await db.query(`drop table if exists ${stage.table}, ${stage.rejectedTable}`);
}
