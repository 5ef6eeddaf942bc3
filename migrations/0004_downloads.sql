-- The ledger of downloads: what was asked for, what came of it. Coverage stays what it was: time that is in the mirror.
-- Locks: creates new objects; takes ACCESS EXCLUSIVE on sync.coverage, sync.runs and sync.run_steps for an instant (a column without a
-- default, two checks read once over small tables). Five million contacts: nothing to rewrite. Old workers: their pulls fail until restarted.

create table sync.downloads (
  id bigint generated always as identity primary key,
  tenant text not null,
  run_id uuid not null references sync.runs (id),
  reason text not null check (reason in ('gap', 'new_time', 'given', 'full', 'slice', 'replay')),
  starts_at timestamptz,
  ends_at timestamptz,
  covers_from timestamptz,
  covers_until timestamptz,
  server_now timestamptz not null,
  overlap_ms bigint not null,
  state text not null default 'asked' check (state in ('asked', 'landed', 'merged', 'failed', 'split', 'dropped')),
  asked_at timestamptz not null default clock_timestamp(),
  landed_at timestamptz,
  ended_at timestamptz,
  file text,
  bytes bigint,
  sha256 text,
  rows bigint,
  message text,
  check ((covers_from is null) = (covers_until is null)),
  check (covers_from <= covers_until),
  check ((state in ('merged', 'failed', 'split', 'dropped')) = (ended_at is not null))
);
create index downloads_by_tenant on sync.downloads (tenant, id desc);
comment on table sync.downloads is 'One row per download that LiveVox was asked for, in the order of asking: a later one shows a later state.';
comment on column sync.downloads.id is 'Order of asking: a download is never merged after one that was asked for later.';
comment on column sync.downloads.tenant is 'The LiveVox client.';
comment on column sync.downloads.run_id is 'The run that asked.';
comment on column sync.downloads.reason is 'Why it was asked for: gap (time missing in the coverage), new_time, given (by hand), full, slice (of a rolling sweep), replay (of a file).';
comment on column sync.downloads.starts_at is 'First instant of modifyDate asked for; null: no bound.';
comment on column sync.downloads.ends_at is 'Last instant of modifyDate asked for; null: no bound.';
comment on column sync.downloads.covers_from is 'First instant that is covered once it is merged; null: a merge covers nothing (a replayed file of unknown window).';
comment on column sync.downloads.covers_until is 'Last instant that is covered once it is merged, by LiveVox''s clock.';
comment on column sync.downloads.server_now is 'LiveVox''s clock (Date header) when it was asked for.';
comment on column sync.downloads.overlap_ms is 'How far it reaches back behind the time it was asked for, milliseconds.';
comment on column sync.downloads.state is 'asked, landed (whole, synced and hashed on disk), then merged, failed, split (too large, too slow or cut off: asked for again in parts) or dropped (given up: its process died, or a later one was merged first).';
comment on column sync.downloads.asked_at is 'When it was asked for, by the database''s clock.';
comment on column sync.downloads.landed_at is 'When it was whole on disk.';
comment on column sync.downloads.ended_at is 'When it reached its last state; null before.';
comment on column sync.downloads.file is 'Base name in the spool folder while the bytes are kept; null when they are gone.';
comment on column sync.downloads.bytes is 'Bytes as received.';
comment on column sync.downloads.sha256 is 'SHA-256 of the bytes as received, hex.';
comment on column sync.downloads.rows is 'Data rows, quarantined ones included; null before they were counted.';
comment on column sync.downloads.message is 'Why it failed, was split or dropped; never a contact''s data.';

alter table sync.coverage add column download_id bigint references sync.downloads (id);
comment on column sync.coverage.download_id is 'The download that was merged; null for coverage from before there was a ledger.';

alter table sync.runs drop constraint runs_kind_check;
alter table sync.runs add constraint runs_kind_check check (kind in ('pull', 'plan', 'apply', 'sync', 'sweep', 'replay'));
comment on column sync.runs.kind is 'What was asked for: pull, plan, apply, the whole sync, a sweep, or the replay of a download.';

alter table sync.run_steps drop constraint run_steps_step_check;
alter table sync.run_steps add constraint run_steps_step_check check (step in ('pull', 'verify', 'diff', 'push', 'sweep', 'replay'));
comment on column sync.run_steps.step is 'Which verb: pull, verify, diff, push, sweep or replay.';
