-- Sweeps: what LiveVox no longer shows, and where the mirror differs from it although it should not.
-- Locks: creates new objects only; nothing that exists is locked or rewritten, whatever the mirror's size. Old workers: do not sweep.

create table sync.sweeps (
  id bigint generated always as identity primary key,
  tenant text not null,
  run_id uuid not null references sync.runs (id),
  kind text not null check (kind in ('whole', 'slice')),
  state text not null default 'running' check (state in ('running', 'done', 'held', 'failed')),
  slice integer,
  slices integer,
  starts_at timestamptz,
  ends_at timestamptz,
  started_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  server_started_at timestamptz not null,
  server_ended_at timestamptz,
  requests bigint,
  rows bigint,
  accounts bigint,
  unreadable bigint,
  mirror_rows bigint,
  present bigint,
  absent bigint,
  not_judged bigint,
  tombstones bigint,
  tombstoned bigint,
  restored bigint,
  drifted bigint,
  message text,
  check ((kind = 'slice') = (slice is not null and slices is not null)),
  check ((state = 'running') = (ended_at is null)),
  check (mirror_rows = present + absent + not_judged)
);
create index sweeps_by_tenant on sync.sweeps (tenant, id desc);
comment on table sync.sweeps is 'One row per sweep: a pass over what LiveVox shows, with the fewest columns that serve, compared with the mirror.';
comment on column sync.sweeps.id is 'Order of beginning.';
comment on column sync.sweeps.tenant is 'The LiveVox client.';
comment on column sync.sweeps.run_id is 'The run that swept.';
comment on column sync.sweeps.kind is 'whole (every contact; the only kind that marks deletions), or slice (one part of a rolling sweep).';
comment on column sync.sweeps.state is 'running, then done, held (a guard tripped: nothing was marked) or failed (no whole answer, or its process died).';
comment on column sync.sweeps.slice is 'Which part was swept, from 0; null for a whole sweep.';
comment on column sync.sweeps.slices is 'Into how many parts the contacts were divided; null for a whole sweep.';
comment on column sync.sweeps.starts_at is 'First instant of modifyDate that was swept; null: no bound.';
comment on column sync.sweeps.ends_at is 'Last instant of modifyDate that was swept; null: no bound.';
comment on column sync.sweeps.started_at is 'When it began, by the database''s clock; two sweeps are independent when the later began long enough after the earlier ended.';
comment on column sync.sweeps.ended_at is 'When it ended, by the database''s clock; null while running.';
comment on column sync.sweeps.server_started_at is 'LiveVox''s clock (Date header) when it began.';
comment on column sync.sweeps.server_ended_at is 'LiveVox''s clock when the last answer had come.';
comment on column sync.sweeps.requests is 'Downloads that were asked for, failed ones included.';
comment on column sync.sweeps.rows is 'Data rows whose account could be read: accounts and their repetitions.';
comment on column sync.sweeps.accounts is 'Different accounts among them.';
comment on column sync.sweeps.unreadable is 'Data rows whose account could not be read; with one of them nothing is marked.';
comment on column sync.sweeps.mirror_rows is 'Contacts of the mirror that were compared, tombstones not among them: present + absent + not_judged.';
comment on column sync.sweeps.present is 'Of those: found.';
comment on column sync.sweeps.absent is 'Of those: not found.';
comment on column sync.sweeps.not_judged is 'Of those: without a modifyDate, so that no bounded request need bring them; never taken for absent.';
comment on column sync.sweeps.tombstones is 'Tombstones in the mirror when it began.';
comment on column sync.sweeps.tombstoned is 'Contacts that became tombstones, because this sweep missed them as an independent one before had.';
comment on column sync.sweeps.restored is 'Tombstones that were found again.';
comment on column sync.sweeps.drifted is 'Differences in sync.drift.';
comment on column sync.sweeps.message is 'Why it was held or failed; never a contact''s data.';

create table sync.absences (
  tenant text not null,
  account text not null,
  first_sweep_id bigint not null references sync.sweeps (id),
  merged_at timestamptz not null,
  missed_at timestamptz not null,
  primary key (tenant, account)
);
comment on table sync.absences is 'Contacts of the mirror that a whole sweep missed and no independent one has yet; forgotten when found again, or when a pull brings them.';
comment on column sync.absences.tenant is 'The LiveVox client.';
comment on column sync.absences.account is 'Key of the contact. Personal data.';
comment on column sync.absences.first_sweep_id is 'The sweep that missed it first.';
comment on column sync.absences.merged_at is 'Version of the mirror row that was missed: a later one means that a pull has seen the contact since.';
comment on column sync.absences.missed_at is 'When it was put on record, by the database''s clock.';

create table sync.drift (
  id bigint generated always as identity primary key,
  sweep_id bigint not null references sync.sweeps (id) on delete cascade,
  tenant text not null,
  account text not null,
  cause text not null check (cause in ('late_commit', 'missed_window', 'silent_change', 'rolled_back', 'vanished')),
  modify_date timestamptz,
  found_at timestamptz not null default clock_timestamp(),
  repaired_at timestamptz
);
create index drift_by_sweep on sync.drift (sweep_id, cause);
comment on table sync.drift is 'Differences between the mirror and LiveVox that a sweep found in time that counted as pulled, with the cause.';
comment on column sync.drift.id is 'Order of finding.';
comment on column sync.drift.sweep_id is 'The sweep that found it.';
comment on column sync.drift.tenant is 'The LiveVox client.';
comment on column sync.drift.account is 'Key of the contact. Personal data.';
comment on column sync.drift.cause is 'late_commit (changed or new in time that was covered), missed_window (in time that was not), silent_change (values moved, modifyDate did not), rolled_back (older modifyDate than the mirror''s), vanished (not found).';
comment on column sync.drift.modify_date is 'What LiveVox shows as modifyDate; null when it shows no such contact.';
comment on column sync.drift.found_at is 'When it was found, by the database''s clock.';
comment on column sync.drift.repaired_at is 'When the mirror was seen to agree again, within the same run; null: not yet.';
