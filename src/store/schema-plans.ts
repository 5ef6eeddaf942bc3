/** The part of the Drizzle schema (schema.ts) around plans: what is compared, who approved, who looked. */
import { bigint, pgSchema, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';

const sync = pgSchema('sync');

const at = (name: string) => timestamp(name, { withTimezone: true });
const count = (name: string) => bigint(name, { mode: 'number' });

export const touchedContacts = sync.table(
  'touched_contacts',
  {
    tenant: text('tenant').notNull(),
    seq: count('seq').notNull().generatedAlwaysAsIdentity(),
    account: text('account').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.seq] })],
);

export const comparisons = sync.table('comparisons', {
  id: count('id').primaryKey().generatedAlwaysAsIdentity(),
  tenant: text('tenant').notNull(),
  systemOfRecord: text('system_of_record').notNull(),
  key: text('key').notNull(),
  touchedSeq: count('touched_seq').notNull(),
  rows: count('rows').notNull(),
  builtAt: at('built_at').notNull(),
  desiredRunId: uuid('desired_run_id'),
  desiredLabel: text('desired_label'),
  desiredRows: count('desired_rows'),
  desiredAt: at('desired_at'),
});

export const approvals = sync.table('approvals', {
  id: count('id').primaryKey().generatedAlwaysAsIdentity(),
  changeSetId: uuid('change_set_id').notNull(),
  seal: text('seal').notNull(),
  approvedBy: text('approved_by').notNull(),
  reason: text('reason').notNull(),
  approvedAt: at('approved_at').notNull().defaultNow(),
});

export const audit = sync.table('audit', {
  id: count('id').primaryKey().generatedAlwaysAsIdentity(),
  at: at('at').notNull().defaultNow(),
  tenant: text('tenant').notNull(),
  actor: text('actor').notNull(),
  action: text('action')
    .$type<'approved' | 'applied' | 'unmasked' | 'reverted' | 'blocked' | 'retried' | 'dropped' | 'forgotten'>()
    .notNull(),
  changeSetId: uuid('change_set_id'),
  detail: text('detail').notNull().default(''),
});
