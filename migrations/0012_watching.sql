-- What is watched from outside: totals that only grow, so that a metric neither loses anything at a restart nor depends on how long runs are kept, and
-- the notices that were sent about runs.
-- Locks: new objects; two triggers (a short lock of runs and run_steps); five small indexes, of which coverage, dead letters and runs are read once; one
-- pass over runs and run_steps for the totals so far. Five million rows: nothing of the mirror is touched. Old workers may still run: what they end is counted.

create table sync.totals (
  tenant text not null,
  subject text not null,
  part text not null,
  word text not null,
  total bigint not null,
  primary key (tenant, subject, part, word)
);
comment on table sync.totals is 'How many runs ended how, and what the steps that were done counted, since this table exists. Written by the triggers of runs and run_steps.';
comment on column sync.totals.tenant is 'The LiveVox client.';
comment on column sync.totals.subject is 'run or step.';
comment on column sync.totals.part is 'Kind of the run, or which step.';
comment on column sync.totals.word is 'State the run ended in, or what the step counted.';
comment on column sync.totals.total is 'Their sum. Never a contact''s data.';

create function sync.count_run_end() returns trigger language plpgsql as $$
begin
  insert into sync.totals as t (tenant, subject, part, word, total) values (new.tenant, 'run', new.kind, new.state, 1)
  on conflict (tenant, subject, part, word) do update set total = t.total + 1;
  return null;
end $$;
comment on function sync.count_run_end is 'Adds a run that ended, whoever ended it, to the totals.';
create trigger runs_counted after update of state on sync.runs
  for each row when (old.state = 'running' and new.state <> 'running') execute function sync.count_run_end();

-- In one order of keys: two steps of a tenant that end together wait for one another and never in a circle.
create function sync.count_step_done() returns trigger language plpgsql as $$
begin
  insert into sync.totals as t (tenant, subject, part, word, total)
  select r.tenant, 'step', new.step, c.key, c.value::text::bigint
    from sync.runs r, json_each(new.counts) c
   where r.id = new.run_id and c.value::text ~ '^[0-9]{1,15}$' and c.value::text <> '0'
   order by c.key
  on conflict (tenant, subject, part, word) do update set total = t.total + excluded.total;
  return null;
end $$;
comment on function sync.count_step_done is 'Adds what a step counted, its whole numbers, to the totals when it is done.';
create trigger run_steps_counted after update of state on sync.run_steps
  for each row when (old.state <> 'done' and new.state = 'done') execute function sync.count_step_done();

insert into sync.totals (tenant, subject, part, word, total)
select tenant, 'run', kind, state, count(*) from sync.runs where state <> 'running' group by tenant, kind, state;
insert into sync.totals (tenant, subject, part, word, total)
select r.tenant, 'step', s.step, c.key, sum(c.value::text::bigint)
  from sync.run_steps s join sync.runs r on r.id = s.run_id, json_each(s.counts) c
 where s.state = 'done' and c.value::text ~ '^[0-9]{1,15}$' and c.value::text <> '0'
 group by r.tenant, s.step, c.key;

create index runs_by_kind on sync.runs (tenant, kind, started_at desc);
create index runs_running on sync.runs (tenant, kind) where state = 'running';
create index coverage_by_merge on sync.coverage (tenant, merged_at desc);
create index change_sets_held on sync.change_sets (tenant, created_at) where state = 'held';
create index dead_letters_open on sync.dead_letters (tenant) where state = 'open';

create table sync.notices (
  id bigint generated always as identity primary key,
  tenant text not null,
  event text not null check (event in ('held', 'failed', 'not_proven', 'clock_at_risk', 'missed')),
  subject text not null,
  sentence text not null,
  run_id uuid references sync.runs (id) on delete set null,
  noted_at timestamptz not null default clock_timestamp(),
  attempts integer not null default 0,
  claimed_at timestamptz,
  told_at timestamptz,
  unique (tenant, event, subject)
);
create index notices_untold on sync.notices (tenant, id) where told_at is null;
comment on table sync.notices is 'What a tenant''s webhook was told, or is still to be told: each event once.';
comment on column sync.notices.id is 'Order of noting; goes with the notice, so that a receiver knows one that came twice.';
comment on column sync.notices.tenant is 'The LiveVox client.';
comment on column sync.notices.event is 'held, failed or not_proven (how a run ended); clock_at_risk (a stop may come too late); missed (a nightly did not begin).';
comment on column sync.notices.subject is 'What makes the event the same one: the run, the stop and its limit, or the hour at which the nightly was due.';
comment on column sync.notices.sentence is 'Our own sentence: ids and counts, never a contact''s data.';
comment on column sync.notices.run_id is 'The run it is about, where it is about one.';
comment on column sync.notices.noted_at is 'When it was put on record, by the database''s clock.';
comment on column sync.notices.attempts is 'How often a process began to tell it.';
comment on column sync.notices.claimed_at is 'When a process last began to.';
comment on column sync.notices.told_at is 'When the receiver took it; null: not yet.';
