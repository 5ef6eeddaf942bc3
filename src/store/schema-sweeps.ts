/** The part of the Drizzle schema (schema.ts) that sweeps write: what they found, what they missed, what differs. */
import { bigint, boolean, integer, pgSchema, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';

const sync = pgSchema('sync');

const at = (name: string) => timestamp(name, { withTimezone: true });
const count = (name: string) => bigint(name, { mode: 'number' });

export const sweeps = sync.table('sweeps', {
  id: count('id').primaryKey().generatedAlwaysAsIdentity(),
  tenant: text('tenant').notNull(),
  runId: uuid('run_id').notNull(),
  kind: text('kind').$type<'whole' | 'slice'>().notNull(),
  state: text('state').$type<'running' | 'done' | 'held' | 'failed'>().notNull().default('running'),
  slice: integer('slice'),
  slices: integer('slices'),
  startsAt: at('starts_at'),
  endsAt: at('ends_at'),
  startedAt: at('started_at').notNull(),
  endedAt: at('ended_at'),
  serverStartedAt: at('server_started_at').notNull(),
  serverEndedAt: at('server_ended_at'),
  requests: count('requests'),
  rows: count('rows'),
  accounts: count('accounts'),
  unreadable: count('unreadable'),
  mirrorRows: count('mirror_rows'),
  present: count('present'),
  absent: count('absent'),
  notJudged: count('not_judged'),
  tombstones: count('tombstones'),
  tombstoned: count('tombstoned'),
  restored: count('restored'),
  drifted: count('drifted'),
  message: text('message'),
});

export const absences = sync.table(
  'absences',
  {
    tenant: text('tenant').notNull(),
    account: text('account').notNull(),
    firstSweepId: count('first_sweep_id')
      .notNull()
      .references(() => sweeps.id),
    mergedAt: at('merged_at').notNull(),
    missedAt: at('missed_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.account] })],
);

export const drift = sync.table('drift', {
  id: count('id').primaryKey().generatedAlwaysAsIdentity(),
  sweepId: count('sweep_id').references(() => sweeps.id, { onDelete: 'cascade' }),
  tenant: text('tenant').notNull(),
  account: text('account').notNull(),
  cause: text('cause')
    .$type<'late_commit' | 'missed_window' | 'silent_change' | 'rolled_back' | 'vanished' | 'altered'>()
    .notNull(),
  modifyDate: at('modify_date'),
  foundAt: at('found_at').notNull(),
  repairedAt: at('repaired_at'),
  runId: uuid('run_id'),
});

export const reconciles = sync.table('reconciles', {
  id: uuid('id').primaryKey(),
  tenant: text('tenant').notNull(),
  accounts: text('accounts').array(),
  apply: boolean('apply').notNull(),
  systemOfRecord: text('system_of_record'),
  askedAt: at('asked_at').notNull(),
});
