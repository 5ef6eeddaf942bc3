-- What runs beside the nightly: reconciling chosen contacts between its steps, and what such a look finds.
-- Locks: one new table; new columns and checks on runs, their steps and the drift, which are small. Five million rows: nothing of the mirror is
-- touched. Old workers: they know no reconcile and open none; their runs are exclusive, as before.

alter table sync.runs
  add column beside boolean not null default false,
  drop constraint runs_kind_check,
  add constraint runs_kind_check
    check (kind in ('pull', 'plan', 'apply', 'sync', 'sweep', 'replay', 'revert', 'block', 'reconcile'));
comment on column sync.runs.kind is 'What was asked for: pull, plan, apply, sweep, replay, revert, block, reconcile, or the whole sync.';
comment on column sync.runs.beside is 'True for a run that may go on while another one is between two of its steps: it plans nothing, or it blocks.';
update sync.runs set beside = true where kind = 'block';
drop index sync.runs_one_running_per_tenant;
-- Workers of the version before say nothing of beside when they block, and need not wait either.
create unique index runs_one_running_per_tenant on sync.runs (tenant) where state = 'running' and kind <> 'block' and not beside;

alter table sync.run_steps drop constraint run_steps_step_check;
alter table sync.run_steps add constraint run_steps_step_check
  check (step in ('pull', 'verify', 'diff', 'push', 'sweep', 'replay', 'revert', 'block', 'reconcile'));
comment on column sync.run_steps.step is 'Which verb: pull, verify, diff, push, sweep, replay, revert, block or reconcile.';

alter table sync.drift
  alter column sweep_id drop not null,
  add column run_id uuid references sync.runs (id) on delete cascade,
  drop constraint drift_cause_check,
  add constraint drift_cause_check
    check (cause in ('late_commit', 'missed_window', 'silent_change', 'rolled_back', 'vanished', 'altered')),
  add constraint drift_found_check check (sweep_id is not null or run_id is not null);
create index drift_by_run on sync.drift (run_id) where run_id is not null;
comment on table sync.drift is 'Differences between the mirror and LiveVox that a sweep, or a reconcile of chosen contacts, found in time that counted as pulled, with the cause.';
comment on column sync.drift.sweep_id is 'The sweep that found it; null: a reconcile did.';
comment on column sync.drift.run_id is 'The reconcile that found it; null: a sweep did.';
comment on column sync.drift.cause is 'late_commit (changed or new in time that was covered), missed_window (in time that was not), silent_change (values moved, modifyDate did not), rolled_back (older modifyDate than the mirror''s), vanished (not found), altered (a field that we had sent shows something else).';

create table sync.reconciles (
  id uuid primary key,
  tenant text not null,
  accounts text[],
  apply boolean not null,
  system_of_record text,
  asked_at timestamptz not null default clock_timestamp()
);
comment on table sync.reconciles is 'What a queued reconcile was asked for; its job carries only the id.';
comment on column sync.reconciles.id is 'As the job carries it.';
comment on column sync.reconciles.tenant is 'The LiveVox client.';
comment on column sync.reconciles.accounts is 'Keys of the contacts; null: all. Personal data.';
comment on column sync.reconciles.apply is 'True when the differences are to be pushed.';
comment on column sync.reconciles.system_of_record is 'Which one; null: the only one.';
comment on column sync.reconciles.asked_at is 'When it was asked for.';
