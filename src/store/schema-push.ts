/** The part of the Drizzle schema (schema.ts) around the push: fences, sizes of chunks, dead letters, the clock of each stop, what reverts left. */
import { bigint, integer, pgSchema, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { UnrevertedReason } from './insert-unreverted.ts';

const sync = pgSchema('sync');

const at = (name: string) => timestamp(name, { withTimezone: true });
const count = (name: string) => bigint(name, { mode: 'number' });

export const fences = sync.table('fences', {
  tenant: text('tenant').primaryKey(),
  token: count('token').notNull(),
  takenAt: at('taken_at').notNull().defaultNow(),
});

export const chunkSizes = sync.table(
  'chunk_sizes',
  {
    tenant: text('tenant').notNull(),
    endpoint: text('endpoint').$type<'bulk_create' | 'bulk_update' | 'multi_dnd'>().notNull(),
    sizeRows: integer('size_rows').notNull(),
    acceptedInARow: integer('accepted_in_a_row').notNull().default(0),
    changedAt: at('changed_at').notNull().defaultNow(),
    reason: text('reason').notNull().default(''),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.endpoint] })],
);

export const deadLetters = sync.table('dead_letters', {
  id: count('id').primaryKey().generatedAlwaysAsIdentity(),
  tenant: text('tenant').notNull(),
  account: text('account').notNull(),
  operation: text('operation').notNull(),
  endpoint: text('endpoint').notNull(),
  sendsDigest: text('sends_digest').notNull(),
  fields: text('fields').array().notNull(),
  changeSetId: uuid('change_set_id'),
  httpStatus: integer('http_status'),
  code: text('code'),
  message: text('message'),
  state: text('state').$type<'open' | 'retry' | 'dropped' | 'resolved'>().notNull().default('open'),
  times: integer('times').notNull().default(1),
  firstAt: at('first_at').notNull().defaultNow(),
  lastAt: at('last_at').notNull().defaultNow(),
  decidedBy: text('decided_by'),
  decidedBecause: text('decided_because'),
});

export const suppressions = sync.table('suppressions', {
  id: count('id').primaryKey().generatedAlwaysAsIdentity(),
  tenant: text('tenant').notNull(),
  account: text('account').notNull(),
  field: text('field').notNull(),
  kind: text('kind').$type<'block' | 'consent'>().notNull(),
  askedAt: at('asked_at').notNull(),
  askedFrom: text('asked_from').$type<'record' | 'first_seen'>().notNull(),
  plannedAt: at('planned_at'),
  sentAt: at('sent_at'),
  verifiedAt: at('verified_at'),
  endedAt: at('ended_at'),
  endedBecause: text('ended_because'),
  changeSetId: uuid('change_set_id'),
});

export const unreverted = sync.table(
  'unreverted',
  {
    changeSetId: uuid('change_set_id').notNull(),
    account: text('account').notNull(),
    reason: text('reason').$type<UnrevertedReason>().notNull(),
    fields: text('fields').array().notNull(),
  },
  (table) => [primaryKey({ columns: [table.changeSetId, table.account, table.reason] })],
);
