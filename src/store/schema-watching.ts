/** The part of the Drizzle schema (schema.ts) that those who watch from outside live on: totals for metrics, notices for webhooks. */
import { bigint, integer, pgSchema, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';

const sync = pgSchema('sync');

const at = (name: string) => timestamp(name, { withTimezone: true });
const count = (name: string) => bigint(name, { mode: 'number' });

export const totals = sync.table(
  'totals',
  {
    tenant: text('tenant').notNull(),
    subject: text('subject').$type<'run' | 'step'>().notNull(),
    part: text('part').notNull(),
    word: text('word').notNull(),
    total: count('total').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.subject, table.part, table.word] })],
);

export const notices = sync.table('notices', {
  id: count('id').primaryKey().generatedAlwaysAsIdentity(),
  tenant: text('tenant').notNull(),
  event: text('event').$type<'held' | 'failed' | 'not_proven' | 'clock_at_risk' | 'missed'>().notNull(),
  subject: text('subject').notNull(),
  sentence: text('sentence').notNull(),
  runId: uuid('run_id'),
  notedAt: at('noted_at').notNull(),
  attempts: integer('attempts').notNull().default(0),
  claimedAt: at('claimed_at'),
  toldAt: at('told_at'),
});
