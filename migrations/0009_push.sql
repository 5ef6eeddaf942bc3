-- The push written down step by step: who may write (fences), what a chunk went through, how large chunks may be, what LiveVox refuses for good, and
-- when each stop was asked for, planned, sent and seen.
-- Locks: new objects; new columns and checks on plans (the checks read them once); chunks of unknown outcome get their new name. Five million rows:
-- nothing of the mirror is touched. Old workers: they end a push with an error, because chunks no longer take the word unknown; stop them first.

create table sync.fences (
  tenant text primary key,
  token bigint not null,
  taken_at timestamptz not null default clock_timestamp()
);
comment on table sync.fences is 'Who may push for a tenant: whoever drew the highest token. A process that was held up and passed by writes nothing, and so sends nothing.';
comment on column sync.fences.tenant is 'The LiveVox client.';
comment on column sync.fences.token is 'The token drawn last; each push draws the next.';
comment on column sync.fences.taken_at is 'When it was drawn.';

alter table sync.chunks drop constraint chunks_state_check;
update sync.chunks set state = 'in_doubt' where state = 'unknown';
alter table sync.chunks
  add constraint chunks_state_check
    check (state in ('planned', 'claimed', 'sent', 'accepted', 'refused', 'in_doubt', 'split')),
  add column fence bigint,
  add column claimed_at timestamptz,
  add column attempts integer not null default 0,
  add column code text,
  add column single boolean not null default false,
  add column split_from integer,
  add column position bigint not null default 0,
  add constraint chunks_claim_check check (state <> 'claimed' or (fence is not null and claimed_at is not null)),
  add constraint chunks_single_check check (not single or size_rows = 1);
comment on column sync.chunks.state is 'planned; claimed by a push that waits for its turn; sent (committed before the request leaves); then accepted, refused, in_doubt (the answer was lost), or split into smaller ones.';
comment on column sync.chunks.fence is 'Token of the push that claimed it last.';
comment on column sync.chunks.claimed_at is 'When it was claimed last.';
comment on column sync.chunks.attempts is 'How often a request of it was about to leave.';
comment on column sync.chunks.code is 'LiveVox''s error code on a refusal.';
comment on column sync.chunks.single is 'True when one of the methods for a single contact carries it.';
comment on column sync.chunks.split_from is 'The larger chunk that it is a part of.';
comment on column sync.chunks.position is 'Number of its first patch: among chunks of one operation and endpoint the lowest leaves first, so the parts of a chunk leave where it stood.';
comment on column sync.chunks.seq is 'Number within the change set, in the order of cutting.';
update sync.chunks c set position = (select min(p.seq) from sync.patches p where p.change_set_id = c.change_set_id and p.chunk_seq = c.seq)
 where c.state = 'planned' and exists (select from sync.patches p where p.change_set_id = c.change_set_id and p.chunk_seq = c.seq);
create index chunks_planned on sync.chunks (change_set_id, operation, endpoint, position, seq) where state = 'planned';

create index chunks_open on sync.chunks (change_set_id) where state in ('claimed', 'sent', 'in_doubt');

create function sync.assert_chunk_step() returns trigger language plpgsql as $$
begin
  if not (new.state = any (case old.state
      when 'planned' then array['planned', 'claimed', 'split']
      when 'claimed' then array['claimed', 'planned', 'sent', 'refused', 'split']
      when 'sent' then array['sent', 'planned', 'accepted', 'refused', 'in_doubt', 'split']
      when 'refused' then array['refused', 'split']
      when 'in_doubt' then array['in_doubt', 'planned', 'split']
      else array[old.state] end)) then
    raise exception 'a chunk cannot go from % to %', old.state, new.state using errcode = '23514';
  end if;
  if new.fence < old.fence then
    raise exception 'a later push has taken over this chunk' using errcode = '23514';
  end if;
  return new;
end $$;
comment on function sync.assert_chunk_step is 'Lets chunks go only the way that the push describes, and never back to an earlier fence.';
create trigger chunks_step before update on sync.chunks for each row execute function sync.assert_chunk_step();

create table sync.chunk_sizes (
  tenant text not null,
  endpoint text not null check (endpoint in ('bulk_create', 'bulk_update', 'multi_dnd')),
  size_rows integer not null check (size_rows > 0),
  accepted_in_a_row integer not null default 0,
  changed_at timestamptz not null default clock_timestamp(),
  reason text not null default '',
  primary key (tenant, endpoint)
);
comment on table sync.chunk_sizes is 'How many contacts a bulk request may carry, as LiveVox has taught; without a row, what is configured.';
comment on column sync.chunk_sizes.tenant is 'The LiveVox client.';
comment on column sync.chunk_sizes.endpoint is 'The bulk method.';
comment on column sync.chunk_sizes.size_rows is 'Contacts in a request, at most.';
comment on column sync.chunk_sizes.accepted_in_a_row is 'Requests of that size that were accepted since the last change.';
comment on column sync.chunk_sizes.changed_at is 'When the size changed last.';
comment on column sync.chunk_sizes.reason is 'Why it changed last.';

create table sync.dead_letters (
  id bigint generated always as identity primary key,
  tenant text not null,
  account text not null,
  operation text not null,
  endpoint text not null,
  sends_digest text not null,
  fields text[] not null,
  change_set_id uuid references sync.change_sets (id) on delete set null,
  http_status integer,
  code text,
  message text,
  state text not null default 'open' check (state in ('open', 'retry', 'dropped', 'resolved')),
  times integer not null default 1,
  first_at timestamptz not null default clock_timestamp(),
  last_at timestamptz not null default clock_timestamp(),
  decided_by text,
  decided_because text,
  unique (tenant, account, endpoint, sends_digest)
);
comment on table sync.dead_letters is 'Changes of single contacts that LiveVox refuses, with its words. Not sent again with the same values until somebody says so, except blocks.';
comment on column sync.dead_letters.id is 'As commands take it.';
comment on column sync.dead_letters.tenant is 'The LiveVox client.';
comment on column sync.dead_letters.account is 'Key of the contact. Personal data.';
comment on column sync.dead_letters.operation is 'Of the patch that was refused last.';
comment on column sync.dead_letters.endpoint is 'Which method refused it.';
comment on column sync.dead_letters.sends_digest is 'SHA-256, hex, of what was sent: other values are another letter.';
comment on column sync.dead_letters.fields is 'The fields that it would change; none for a deletion.';
comment on column sync.dead_letters.change_set_id is 'The plan it was refused in last.';
comment on column sync.dead_letters.http_status is 'Status of the last refusal.';
comment on column sync.dead_letters.code is 'LiveVox''s error code.';
comment on column sync.dead_letters.message is 'LiveVox''s words. May quote personal data.';
comment on column sync.dead_letters.state is 'open; retry: sent again with the next plan that has it; dropped: somebody accepted that it stays so; resolved: the change has arrived, or is not wanted any more.';
comment on column sync.dead_letters.times is 'How often it was refused.';
comment on column sync.dead_letters.first_at is 'First refusal.';
comment on column sync.dead_letters.last_at is 'Last refusal.';
comment on column sync.dead_letters.decided_by is 'Who said retry or drop.';
comment on column sync.dead_letters.decided_because is 'Why.';

alter table sync.patches
  add column dead_letter_id bigint references sync.dead_letters (id) on delete set null,
  add column attempts smallint not null default 0;
comment on column sync.patches.dead_letter_id is 'LiveVox refuses this change: now, or before with the same values, so that it was not sent.';
comment on column sync.patches.attempts is 'How often it was sent again because the answer to its request was lost.';
alter table sync.patches drop constraint patches_verdict_check;
alter table sync.patches add constraint patches_verdict_check
  check (verdict in ('confirmed', 'not_taken', 'altered', 'overtaken'));
comment on column sync.patches.verdict is 'What the read-back showed: confirmed; not_taken; altered (LiveVox holds something else than was sent, and nobody else changed it); overtaken (somebody else changed it meanwhile).';

alter table sync.change_sets
  add column urgent boolean not null default false,
  add column stopped_numbers text[] not null default '{}',
  add column reverts uuid references sync.change_sets (id) on delete set null,
  add column fact jsonb;
comment on column sync.change_sets.urgent is 'True for blocks that a push already under way takes in between.';
comment on column sync.change_sets.stopped_numbers is 'Numbers that an urgent plan blocks wherever they are, or arrive. Personal data.';
comment on column sync.change_sets.reverts is 'The plan whose changes it takes back.';
comment on column sync.change_sets.fact is 'Calls and minutes that it took, per endpoint; to hold against the forecast.';
create index change_sets_urgent on sync.change_sets (tenant, created_at) where urgent;

create table sync.suppressions (
  id bigint generated always as identity primary key,
  tenant text not null,
  account text not null,
  field text not null,
  kind text not null check (kind in ('block', 'consent')),
  asked_at timestamptz not null,
  asked_from text not null check (asked_from in ('record', 'first_seen')),
  planned_at timestamptz,
  sent_at timestamptz,
  verified_at timestamptz,
  ended_at timestamptz,
  ended_because text,
  change_set_id uuid references sync.change_sets (id) on delete set null
);
create unique index suppressions_open on sync.suppressions (tenant, account, field) where verified_at is null and ended_at is null;
create index suppressions_by_account on sync.suppressions (tenant, account);
create index suppressions_by_verified on sync.suppressions (tenant, verified_at);
comment on table sync.suppressions is 'The clock of each stop: a block that was asked for, or a consent that was withdrawn, until LiveVox shows it.';
comment on column sync.suppressions.id is 'Order of noting.';
comment on column sync.suppressions.tenant is 'The LiveVox client.';
comment on column sync.suppressions.account is 'Key of the contact. Personal data.';
comment on column sync.suppressions.field is 'What was stopped: accountBlock, phone2Block, phone2CellConsent and so on.';
comment on column sync.suppressions.kind is 'block, or consent (withdrawn).';
comment on column sync.suppressions.asked_at is 'When the person asked: as the system of record says, else when we saw it first.';
comment on column sync.suppressions.asked_from is 'record or first_seen: where asked_at comes from.';
comment on column sync.suppressions.planned_at is 'When a plan first held it.';
comment on column sync.suppressions.sent_at is 'When it left last.';
comment on column sync.suppressions.verified_at is 'When LiveVox was seen to have it.';
comment on column sync.suppressions.ended_at is 'When it ended without: the system of record took it back, or the contact is gone.';
comment on column sync.suppressions.ended_because is 'Why it ended without.';
comment on column sync.suppressions.change_set_id is 'The plan that held it last.';

alter table sync.runs drop constraint runs_kind_check;
alter table sync.runs add constraint runs_kind_check
  check (kind in ('pull', 'plan', 'apply', 'sync', 'sweep', 'replay', 'revert', 'block'));
-- Somebody who says stop does not wait for the run under way.
drop index sync.runs_one_running_per_tenant;
create unique index runs_one_running_per_tenant on sync.runs (tenant) where state = 'running' and kind <> 'block';
comment on column sync.runs.kind is 'What was asked for: pull, plan, apply, sweep, replay, revert, block, or the whole sync.';
alter table sync.audit drop constraint audit_action_check;
alter table sync.audit add constraint audit_action_check
  check (action in ('approved', 'applied', 'unmasked', 'reverted', 'blocked', 'retried', 'dropped'));
comment on column sync.audit.action is 'approved, applied, unmasked, reverted, blocked, retried or dropped.';
alter table sync.run_steps drop constraint run_steps_step_check;
alter table sync.run_steps add constraint run_steps_step_check
  check (step in ('pull', 'verify', 'diff', 'push', 'sweep', 'replay', 'revert', 'block'));
comment on column sync.run_steps.step is 'Which verb: pull, verify, diff, push, sweep, replay, revert or block.';

create table sync.unreverted (
  change_set_id uuid not null references sync.change_sets (id) on delete cascade,
  account text not null,
  reason text not null check (reason in ('touched_since', 'wanted', 'no_reading', 'deleted', 'gone')),
  fields text[] not null,
  primary key (change_set_id, account, reason)
);
comment on table sync.unreverted is 'What a revert left as it is, contact by contact, and why.';
comment on column sync.unreverted.change_set_id is 'The plan of the revert.';
comment on column sync.unreverted.account is 'Key of the contact. Personal data.';
comment on column sync.unreverted.reason is 'touched_since: LiveVox shows something else by now; wanted: the system of record wants the stop; no_reading: no reading says whether it does; deleted; gone: the mirror has no such contact any more.';
comment on column sync.unreverted.fields is 'The fields that were left.';

comment on table sync.audit is 'Who approved, applied, reverted, blocked, decided on dead letters, or looked at personal data. Only ever added to.';
