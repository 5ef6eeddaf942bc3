/**
 * The Drizzle schema of everything in `mirror` and `sync`: the typed picture of what the migrations make. The
 * migrations are written by hand and are what counts; test/store/schema.test.ts holds this file against a migrated
 * database. `mirror.contacts` comes from the contact catalogue, so a new field is one line there and a migration.
 */
import {
  bigint,
  boolean,
  date,
  integer,
  json,
  jsonb,
  numeric,
  type PgColumnBuilderBase,
  pgSchema,
  primaryKey,
  smallint,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import { contactFields, type FieldType } from '../contact/fields.ts';
import type { Endpoint, Operation } from '../contact/index.ts';
import type { ChunkState } from './mark-chunk.ts';

const mirror = pgSchema('mirror');
const sync = pgSchema('sync');

const at = (name: string) => timestamp(name, { withTimezone: true });
const count = (name: string) => bigint(name, { mode: 'number' });

const toColumn: Readonly<Record<FieldType, (name: string) => PgColumnBuilderBase>> = {
  text: (name) => text(name),
  integer: (name) => integer(name),
  bigint: (name) => count(name),
  boolean: (name) => boolean(name),
  date: (name) => date(name),
  timestamp: (name) => at(name),
  numeric: (name) => numeric(name),
};

function makeContactColumns(): Record<string, PgColumnBuilderBase> {
  const fields = contactFields.filter((field) => field.column !== 'account');
  return Object.fromEntries(fields.map((field) => [field.column, toColumn[field.type](field.column)]));
}

/** What a merge notes beside what LiveVox says. */
function makeMergeColumns() {
  return {
    first_seen_at: at('first_seen_at').notNull(),
    merged_at: at('merged_at').notNull(),
    merged_by: uuid('merged_by').notNull(),
    tombstoned_at: at('tombstoned_at'),
  };
}

export const contacts = mirror.table(
  'contacts',
  {
    tenant: text('tenant').notNull(),
    account: text('account').notNull(),
    ...makeContactColumns(),
    ...makeMergeColumns(),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.account] })],
);

/** Former versions of contacts; its monthly partitions are in the schema mirror_history. */
export const contactVersions = mirror.table('contact_versions', {
  tenant: text('tenant').notNull(),
  account: text('account').notNull(),
  ...makeContactColumns(),
  ...makeMergeColumns(),
  known_until: at('known_until').notNull(),
  replaced_by: uuid('replaced_by').notNull(),
  changed_by: text('changed_by').$type<'pull' | 'push' | 'unknown'>().notNull(),
  pushed_fields: text('pushed_fields').array(),
});

export const customFields = mirror.table(
  'custom_fields',
  {
    tenant: text('tenant').notNull(),
    field: text('field').notNull(),
    label: text('label').notNull(),
    dataType: text('data_type').notNull(),
    listValues: text('list_values').array(),
    fetchedAt: at('fetched_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.field] })],
);

export const runs = sync.table('runs', {
  id: uuid('id').primaryKey(),
  tenant: text('tenant').notNull(),
  kind: text('kind')
    .$type<'pull' | 'plan' | 'apply' | 'sync' | 'sweep' | 'replay' | 'revert' | 'block' | 'reconcile'>()
    .notNull(),
  startedFrom: text('started_from').$type<'command' | 'job'>().notNull(),
  dedupKey: text('dedup_key').unique(),
  state: text('state').$type<'running' | 'proven' | 'not_proven' | 'held' | 'failed' | 'interrupted'>().notNull(),
  startedAt: at('started_at').notNull(),
  heartbeatAt: at('heartbeat_at').notNull(),
  endedAt: at('ended_at'),
  message: text('message'),
  beside: boolean('beside').notNull().default(false),
});

export const runSteps = sync.table(
  'run_steps',
  {
    runId: uuid('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    ordinal: smallint('ordinal').notNull(),
    step: text('step')
      .$type<'pull' | 'verify' | 'diff' | 'push' | 'sweep' | 'replay' | 'revert' | 'block' | 'reconcile'>()
      .notNull(),
    state: text('state').$type<'running' | 'done' | 'failed' | 'skipped'>().notNull(),
    startedAt: at('started_at').notNull(),
    endedAt: at('ended_at'),
    counts: json('counts').$type<Readonly<Record<string, number>>>().notNull().default({}),
    message: text('message'),
  },
  (table) => [primaryKey({ columns: [table.runId, table.ordinal] })],
);

export const downloads = sync.table('downloads', {
  id: count('id').primaryKey().generatedAlwaysAsIdentity(),
  tenant: text('tenant').notNull(),
  runId: uuid('run_id')
    .notNull()
    .references(() => runs.id),
  reason: text('reason').$type<'gap' | 'new_time' | 'given' | 'full' | 'slice' | 'replay'>().notNull(),
  startsAt: at('starts_at'),
  endsAt: at('ends_at'),
  coversFrom: at('covers_from'),
  coversUntil: at('covers_until'),
  serverNow: at('server_now').notNull(),
  overlapMs: count('overlap_ms').notNull(),
  state: text('state')
    .$type<'asked' | 'landed' | 'merged' | 'failed' | 'split' | 'dropped'>()
    .notNull()
    .default('asked'),
  askedAt: at('asked_at').notNull(),
  landedAt: at('landed_at'),
  endedAt: at('ended_at'),
  file: text('file'),
  bytes: count('bytes'),
  sha256: text('sha256'),
  rows: count('rows'),
  message: text('message'),
});

export const coverage = sync.table('coverage', {
  id: count('id').primaryKey().generatedAlwaysAsIdentity(),
  tenant: text('tenant').notNull(),
  runId: uuid('run_id')
    .notNull()
    .references(() => runs.id),
  startsAt: at('starts_at').notNull(),
  endsAt: at('ends_at').notNull(),
  serverNow: at('server_now').notNull(),
  overlapMs: count('overlap_ms').notNull(),
  rows: count('rows').notNull(),
  bytes: count('bytes').notNull(),
  sha256: text('sha256').notNull(),
  mergedAt: at('merged_at').notNull(),
  recordedAt: at('recorded_at').notNull(),
  downloadId: count('download_id').references(() => downloads.id),
});

export const quarantine = sync.table('quarantine', {
  id: count('id').primaryKey().generatedAlwaysAsIdentity(),
  tenant: text('tenant').notNull(),
  runId: uuid('run_id')
    .notNull()
    .references(() => runs.id, { onDelete: 'cascade' }),
  origin: text('origin').$type<'livevox' | 'system_of_record'>().notNull(),
  file: text('file').notNull(),
  line: count('line'),
  byteOffset: count('byte_offset'),
  account: text('account'),
  reason: text('reason').notNull(),
  raw: text('raw').notNull(),
  quarantinedAt: at('quarantined_at').notNull().defaultNow(),
});

export const changeSets = sync.table('change_sets', {
  id: uuid('id').primaryKey(),
  tenant: text('tenant').notNull(),
  runId: uuid('run_id')
    .notNull()
    .references(() => runs.id),
  systemOfRecord: text('system_of_record').notNull(),
  state: text('state')
    .$type<
      'planned' | 'held' | 'approved' | 'pushing' | 'pushed' | 'proven' | 'not_proven' | 'superseded' | 'expired'
    >()
    .notNull(),
  heldBecause: text('held_because').array().notNull().default([]),
  counts: json('counts').$type<Readonly<Record<string, number>>>().notNull().default({}),
  createdAt: at('created_at').notNull(),
  endedAt: at('ended_at'),
  seal: text('seal'),
  policy: jsonb('policy').notNull().default({}),
  holds: jsonb('holds').notNull().default([]),
  sealedAt: at('sealed_at'),
  expiresAt: at('expires_at'),
  forecast: jsonb('forecast'),
  urgent: boolean('urgent').notNull().default(false),
  stoppedNumbers: text('stopped_numbers').array().notNull().default([]),
  reverts: uuid('reverts'),
  fact: jsonb('fact'),
});

export const chunks = sync.table(
  'chunks',
  {
    changeSetId: uuid('change_set_id')
      .notNull()
      .references(() => changeSets.id, { onDelete: 'cascade' }),
    seq: integer('seq').notNull(),
    operation: text('operation').$type<Operation>().notNull(),
    endpoint: text('endpoint').$type<Endpoint>().notNull(),
    sizeRows: integer('size_rows').notNull(),
    state: text('state').$type<ChunkState>().notNull().default('planned'),
    sentAt: at('sent_at'),
    answeredAt: at('answered_at'),
    serverDate: at('server_date'),
    httpStatus: integer('http_status'),
    reportedRows: integer('reported_rows'),
    message: text('message'),
    fence: count('fence'),
    claimedAt: at('claimed_at'),
    attempts: integer('attempts').notNull().default(0),
    code: text('code'),
    single: boolean('single').notNull().default(false),
    splitFrom: integer('split_from'),
    position: count('position').notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.changeSetId, table.seq] })],
);

export const patches = sync.table(
  'patches',
  {
    changeSetId: uuid('change_set_id')
      .notNull()
      .references(() => changeSets.id, { onDelete: 'cascade' }),
    seq: count('seq').notNull(),
    account: text('account').notNull(),
    lvAccountId: count('lv_account_id'),
    operation: text('operation').$type<Operation | 'not_expressible'>().notNull(),
    endpoint: text('endpoint').$type<Endpoint>(),
    changes: jsonb('changes').notNull(),
    sends: jsonb('sends').notNull(),
    baseMergedAt: at('base_merged_at'),
    chunkSeq: integer('chunk_seq'),
    leftOutBecause: text('left_out_because'),
    verdict: text('verdict').$type<'confirmed' | 'not_taken' | 'altered' | 'overtaken'>(),
    verdictAt: at('verdict_at'),
    hazards: text('hazards').array().notNull().default([]),
    risk: smallint('risk').notNull().default(0),
    causes: jsonb('causes'),
    deadLetterId: count('dead_letter_id'),
    attempts: smallint('attempts').notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.changeSetId, table.seq] })],
);

export const laneSlots = sync.table('lane_slots', {
  lane: text('lane').primaryKey(),
  slots: at('slots').array().notNull().default([]),
  blockedUntil: at('blocked_until'),
  learntStarts: integer('learnt_starts'),
  learntPerMs: count('learnt_per_ms'),
  learntAt: at('learnt_at'),
  learntUntil: at('learnt_until'),
});

export const sessions = sync.table('sessions', {
  name: text('name').primaryKey(),
  sealed: text('sealed').notNull(),
  replacedAt: at('replaced_at').notNull().defaultNow(),
});

// Files of their own, for the length of this one.
export { approvals, audit, comparisons, touchedContacts } from './schema-plans.ts';
export { chunkSizes, deadLetters, fences, suppressions, unreverted } from './schema-push.ts';
export {
  agentProficiencies,
  agentSkills,
  agents,
  associatedAccounts,
  contactGroups,
  contactNotes,
  referenceBacklog,
  referenceLists,
  tenants,
} from './schema-references.ts';
export { absences, drift, reconciles, sweeps } from './schema-sweeps.ts';
export { notices, totals } from './schema-watching.ts';
