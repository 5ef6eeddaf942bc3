-- The workings: runs, coverage, change sets, patches, quarantine. One writer per table or column (src/README.md).
-- Locks: creates new objects only. Five million rows: nothing to rewrite. Old workers: none exist yet.

create schema sync;
comment on schema sync is 'The workings of livevox-sync: what was run, pulled, planned, sent and read back.';

create table sync.runs (
  id uuid primary key,
  tenant text not null,
  kind text not null check (kind in ('pull', 'plan', 'apply', 'sync')),
  started_from text not null check (started_from in ('command', 'job')),
  dedup_key text unique,
  state text not null check (state in ('running', 'proven', 'not_proven', 'held', 'failed', 'interrupted')),
  started_at timestamptz not null,
  heartbeat_at timestamptz not null,
  ended_at timestamptz,
  message text,
  check ((state = 'running') = (ended_at is null))
);
create unique index runs_one_running_per_tenant on sync.runs (tenant) where state = 'running';
create index runs_by_tenant on sync.runs (tenant, started_at desc);
comment on table sync.runs is 'One execution of the pipeline, or of one of its steps by hand, for one tenant.';
comment on column sync.runs.id is 'The run.';
comment on column sync.runs.tenant is 'The LiveVox client it ran for.';
comment on column sync.runs.kind is 'What was asked for: pull, plan, apply, or the whole sync.';
comment on column sync.runs.started_from is 'A command at a terminal, or a job of the queue.';
comment on column sync.runs.dedup_key is 'The queue job that opened the run, so that a repeated job opens none twice.';
comment on column sync.runs.state is 'running, then one of: proven (all invariants held), not_proven, held (a person has to decide), failed, interrupted (its process died).';
comment on column sync.runs.started_at is 'When it began.';
comment on column sync.runs.heartbeat_at is 'When its process last showed life.';
comment on column sync.runs.ended_at is 'When it ended; null while running.';
comment on column sync.runs.message is 'Why it ended as it did, in one sentence; never a contact''s data.';

create table sync.run_steps (
  run_id uuid not null references sync.runs (id) on delete cascade,
  ordinal smallint not null,
  step text not null check (step in ('pull', 'verify', 'diff', 'push')),
  state text not null check (state in ('running', 'done', 'failed', 'skipped')),
  started_at timestamptz not null,
  ended_at timestamptz,
  counts json not null default '{}',
  message text,
  primary key (run_id, ordinal)
);
comment on table sync.run_steps is 'The steps of a run, in order, with counts that add up.';
comment on column sync.run_steps.run_id is 'The run.';
comment on column sync.run_steps.ordinal is 'Position of the step in its run, from 1.';
comment on column sync.run_steps.step is 'Which verb: pull, verify, diff or push.';
comment on column sync.run_steps.state is 'running, done, failed or skipped.';
comment on column sync.run_steps.started_at is 'When the step began.';
comment on column sync.run_steps.ended_at is 'When the step ended; null while running.';
comment on column sync.run_steps.counts is 'What the step counted, in the order to be read. Never a contact''s data.';
comment on column sync.run_steps.message is 'Why it failed or was skipped.';

create table sync.coverage (
  id bigint generated always as identity primary key,
  tenant text not null,
  run_id uuid not null references sync.runs (id),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  server_now timestamptz not null,
  overlap_ms bigint not null,
  rows bigint not null,
  bytes bigint not null,
  sha256 text not null,
  merged_at timestamptz not null,
  recorded_at timestamptz not null default clock_timestamp(),
  check (starts_at <= ends_at)
);
create index coverage_by_tenant on sync.coverage (tenant, starts_at);
comment on table sync.coverage is 'Which time has been pulled and merged: closed intervals of modifyDate, written only in the transaction of the merge.';
comment on column sync.coverage.id is 'Order of writing.';
comment on column sync.coverage.tenant is 'The LiveVox client.';
comment on column sync.coverage.run_id is 'The run that pulled it.';
comment on column sync.coverage.starts_at is 'First instant of modifyDate that was pulled; 1970-01-01 UTC when everything was.';
comment on column sync.coverage.ends_at is 'Last instant of modifyDate that was pulled, by LiveVox''s clock.';
comment on column sync.coverage.server_now is 'LiveVox''s clock (Date header) when the download was asked for.';
comment on column sync.coverage.overlap_ms is 'How far the window reached back behind the watermark, milliseconds.';
comment on column sync.coverage.rows is 'Data rows in the download, quarantined ones included.';
comment on column sync.coverage.bytes is 'Bytes of the download as received.';
comment on column sync.coverage.sha256 is 'SHA-256 of the download as received, hex.';
comment on column sync.coverage.merged_at is 'The instant of the merge by our clock; the version of the rows it wrote.';
comment on column sync.coverage.recorded_at is 'When it was written, by the database''s clock, as the times of chunks are: a verdict needs a pull after the answer.';

create table sync.quarantine (
  id bigint generated always as identity primary key,
  tenant text not null,
  run_id uuid not null references sync.runs (id) on delete cascade,
  origin text not null check (origin in ('livevox', 'system_of_record')),
  file text not null,
  line bigint,
  byte_offset bigint,
  account text,
  reason text not null,
  raw text not null,
  quarantined_at timestamptz not null default now()
);
create index quarantine_by_run on sync.quarantine (run_id, id);
comment on table sync.quarantine is 'Inbound rows that could not be used, with their raw text and the reason. Nothing is dropped in silence.';
comment on column sync.quarantine.id is 'Order of arrival.';
comment on column sync.quarantine.tenant is 'The LiveVox client.';
comment on column sync.quarantine.run_id is 'The run that met the row.';
comment on column sync.quarantine.origin is 'livevox (a bulk download) or system_of_record.';
comment on column sync.quarantine.file is 'Base name of the file, or name of the query.';
comment on column sync.quarantine.line is 'Line in the file where the row begins, from 1; row number for a query.';
comment on column sync.quarantine.byte_offset is 'Offset of the row''s first byte in the plain file; null where unknown.';
comment on column sync.quarantine.account is 'The account, where it could be read.';
comment on column sync.quarantine.reason is 'Why the row cannot be used.';
comment on column sync.quarantine.raw is 'The row as it came. Personal data.';
comment on column sync.quarantine.quarantined_at is 'When it was set aside.';

create table mirror.custom_fields (
  tenant text not null,
  field text not null,
  label text not null,
  data_type text not null,
  list_values text[],
  fetched_at timestamptz not null,
  primary key (tenant, field)
);
comment on table mirror.custom_fields is 'The client''s custom fields as LiveVox lists them.';
comment on column mirror.custom_fields.tenant is 'The LiveVox client.';
comment on column mirror.custom_fields.field is 'COL1..COL100.';
comment on column mirror.custom_fields.label is 'The client''s own label; labels may repeat.';
comment on column mirror.custom_fields.data_type is 'NUMBER, STRING, DATE, BOOLEAN or LIST.';
comment on column mirror.custom_fields.list_values is 'Allowed values of a LIST field.';
comment on column mirror.custom_fields.fetched_at is 'When it was last read from LiveVox.';

create unlogged table sync.desired (
  run_id uuid not null,
  account text not null,
  line bigint not null,
  fields jsonb not null,
  restricts_only boolean not null,
  raw text not null
);
create index desired_by_account on sync.desired (run_id, account);
comment on table sync.desired is 'Contacts as the system of record wants them, in canonical values, while a plan is computed; emptied when it is stored.';
comment on column sync.desired.run_id is 'The run that plans.';
comment on column sync.desired.account is 'Key of the contact.';
comment on column sync.desired.line is 'Line in the file, or row number of the query, from 1.';
comment on column sync.desired.fields is 'Field name to canonical value. Personal data.';
comment on column sync.desired.restricts_only is 'True for what remains of rows that cannot be used: their blocks and withdrawn consents.';
comment on column sync.desired.raw is 'The row as it came, for the quarantine. Personal data.';

create table sync.change_sets (
  id uuid primary key,
  tenant text not null,
  run_id uuid not null references sync.runs (id),
  system_of_record text not null,
  state text not null check (state in ('planned', 'held', 'pushing', 'pushed', 'proven', 'not_proven', 'superseded')),
  held_because text[] not null default '{}',
  counts json not null default '{}',
  created_at timestamptz not null,
  ended_at timestamptz
);
create index change_sets_by_tenant on sync.change_sets (tenant, created_at desc);
comment on table sync.change_sets is 'The ordered, stored patches of one plan.';
comment on column sync.change_sets.id is 'The plan''s id, as commands take it.';
comment on column sync.change_sets.tenant is 'The LiveVox client.';
comment on column sync.change_sets.run_id is 'The run that planned it.';
comment on column sync.change_sets.system_of_record is 'Name of the system of record it was computed from.';
comment on column sync.change_sets.state is 'planned or held (a guard tripped), then pushing, pushed, and proven or not_proven; superseded when a newer plan replaced it.';
comment on column sync.change_sets.held_because is 'The guards that tripped, a sentence each.';
comment on column sync.change_sets.counts is 'Rows read, accepted, quarantined; patches per operation. Numbers only.';
comment on column sync.change_sets.created_at is 'When it was stored.';
comment on column sync.change_sets.ended_at is 'When it was settled or superseded.';

create table sync.chunks (
  change_set_id uuid not null references sync.change_sets (id) on delete cascade,
  seq integer not null,
  operation text not null check (operation in ('block', 'create', 'update', 'lift')),
  endpoint text not null check (endpoint in ('bulk_create', 'bulk_update', 'multi_dnd')),
  size_rows integer not null check (size_rows > 0),
  state text not null default 'planned' check (state in ('planned', 'sent', 'accepted', 'refused', 'unknown')),
  sent_at timestamptz,
  answered_at timestamptz,
  server_date timestamptz,
  http_status integer,
  reported_rows integer,
  message text,
  primary key (change_set_id, seq)
);
comment on table sync.chunks is 'The slices of a change set that one request carries, written down before they are sent. Written by push.';
comment on column sync.chunks.change_set_id is 'The change set.';
comment on column sync.chunks.seq is 'Order of sending, from 1.';
comment on column sync.chunks.operation is 'block, create, update or lift, in this order.';
comment on column sync.chunks.endpoint is 'Which bulk method carries it.';
comment on column sync.chunks.size_rows is 'Contacts in the request.';
comment on column sync.chunks.state is 'planned, sent (committed before the request leaves), then accepted, refused or unknown (the answer was lost).';
comment on column sync.chunks.sent_at is 'When it was marked sent, by our clock.';
comment on column sync.chunks.answered_at is 'When the answer came, by our clock.';
comment on column sync.chunks.server_date is 'LiveVox''s clock in the answer (Date header).';
comment on column sync.chunks.http_status is 'Status of the answer.';
comment on column sync.chunks.reported_rows is 'The count that LiveVox reported; it does not say which rows.';
comment on column sync.chunks.message is 'LiveVox''s words on a refusal, or why the answer is unknown.';

create table sync.patches (
  change_set_id uuid not null references sync.change_sets (id) on delete cascade,
  seq bigint not null,
  account text not null,
  lv_account_id bigint,
  operation text not null check (operation in ('block', 'create', 'update', 'lift', 'not_expressible')),
  endpoint text check (endpoint in ('bulk_create', 'bulk_update', 'multi_dnd')),
  changes jsonb not null,
  sends jsonb not null,
  base_merged_at timestamptz,
  chunk_seq integer,
  left_out_because text,
  verdict text check (verdict in ('confirmed', 'not_taken', 'overtaken')),
  verdict_at timestamptz,
  primary key (change_set_id, seq),
  check ((operation = 'not_expressible') = (endpoint is null))
);
create index patches_by_account on sync.patches (change_set_id, account);
create index patches_by_chunk on sync.patches (change_set_id, chunk_seq);
comment on table sync.patches is 'What should change on one contact in one step: written by diff; chunk_seq and left_out_because by push; the verdict by verify.';
comment on column sync.patches.change_set_id is 'The change set.';
comment on column sync.patches.seq is 'Order within the change set, from 1.';
comment on column sync.patches.account is 'Key of the contact.';
comment on column sync.patches.lv_account_id is 'LiveVox''s id of the contact; null for a create.';
comment on column sync.patches.operation is 'block, create, update or lift; not_expressible for a difference that no request can carry.';
comment on column sync.patches.endpoint is 'Which bulk method carries it; null when none can.';
comment on column sync.patches.changes is 'Field to [from, to] in canonical values. Personal data.';
comment on column sync.patches.sends is 'Field to the value to send, with what the request must carry besides (active, all phones). Personal data.';
comment on column sync.patches.base_merged_at is 'Version of the mirror row the patch was computed from; null for a create.';
comment on column sync.patches.chunk_seq is 'The chunk that carries it; null until pushed.';
comment on column sync.patches.left_out_because is 'Why push left it out, e.g. the mirror row has moved since.';
comment on column sync.patches.verdict is 'What the read-back showed: confirmed, not_taken, or overtaken (somebody else changed it meanwhile).';
comment on column sync.patches.verdict_at is 'When the verdict was given.';
