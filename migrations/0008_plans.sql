-- Plans that compare sets and are sealed: what of the mirror and of the system of record is compared, which contacts have been touched since, who
-- approved what, who looked at what.
-- Locks: new objects, and new columns and checks on tables that hold plans (the checks read them once). Five million rows: nothing is
-- rewritten; the comparison tables are made by the first plan. Old workers: they store plans without a seal, which this version refuses to push.

create table sync.touched_contacts (
  tenant text not null,
  seq bigint generated always as identity,
  account text not null,
  primary key (tenant, seq)
);
comment on table sync.touched_contacts is 'Contacts whose mirror row was written, since the comparisons of the tenant last took notice; in the transaction that wrote it. Not written by a first load, which has the tenant''s comparisons made anew instead, nor for comparisons that no plan has used for two weeks.';
comment on column sync.touched_contacts.tenant is 'The LiveVox client.';
comment on column sync.touched_contacts.seq is 'Order of writing.';
comment on column sync.touched_contacts.account is 'Key of the contact. Personal data.';

create table sync.comparisons (
  id bigint generated always as identity primary key,
  tenant text not null,
  system_of_record text not null,
  key text not null,
  touched_seq bigint not null,
  rows bigint not null,
  built_at timestamptz not null,
  desired_run_id uuid,
  desired_label text,
  desired_rows bigint,
  desired_at timestamptz,
  unique (tenant, system_of_record)
);
comment on table sync.comparisons is 'One per tenant and system of record: what the tables sync.compared_ID (the mirror''s side) and sync.desired_ID (the other) hold.';
comment on column sync.comparisons.id is 'In the names of its two tables.';
comment on column sync.comparisons.tenant is 'The LiveVox client.';
comment on column sync.comparisons.system_of_record is 'Name of the system of record in the config.';
comment on column sync.comparisons.key is 'Digest of which fields are compared, and how: when it differs, or is empty, the mirror''s side is made anew.';
comment on column sync.comparisons.touched_seq is 'Up to which touched contacts the mirror''s side is current.';
comment on column sync.comparisons.rows is 'Rows of the mirror''s side when it was last brought up to date.';
comment on column sync.comparisons.built_at is 'When it was last made anew.';
comment on column sync.comparisons.desired_run_id is 'The run that read the system of record last; its rows stay until the next one begins to read. Null while one reads, and after one that failed.';
comment on column sync.comparisons.desired_label is 'Base name of the file that was read, or query.';
comment on column sync.comparisons.desired_rows is 'Usable rows of that reading.';
comment on column sync.comparisons.desired_at is 'When that reading ended.';

-- Each comparison has its own tables now.
drop table sync.desired;

alter table sync.change_sets
  add column seal text,
  add column policy jsonb not null default '{}',
  add column holds jsonb not null default '[]',
  add column sealed_at timestamptz,
  add column expires_at timestamptz,
  add column forecast jsonb;
comment on column sync.change_sets.seal is 'SHA-256, hex, over the patches, the versions they were computed from and the policy; null for plans of versions before seals, which are not pushed.';
comment on column sync.change_sets.policy is 'What the plan was computed under: mapping, owners, guards. No contact data.';
comment on column sync.change_sets.holds is 'The guards that tripped: name, sentence, approvers needed.';
comment on column sync.change_sets.sealed_at is 'When it was sealed.';
comment on column sync.change_sets.expires_at is 'From when on it is not pushed any more.';
comment on column sync.change_sets.forecast is 'Calls and minutes that it was expected to take, per endpoint.';

alter table sync.change_sets drop constraint change_sets_state_check;
alter table sync.change_sets add constraint change_sets_state_check
  check (state in ('planned', 'held', 'approved', 'pushing', 'pushed', 'proven', 'not_proven', 'superseded', 'expired'));
comment on column sync.change_sets.state is 'planned or held (a guard tripped), approved, then pushing, pushed, and proven or not_proven; superseded when a newer plan replaced it, expired when nobody pushed it in time.';

alter table sync.patches
  add column hazards text[] not null default '{}',
  add column risk smallint not null default 0,
  add column causes jsonb;
comment on column sync.patches.hazards is 'What a person should look at: side effects that the linter found.';
comment on column sync.patches.risk is 'How much harm it could do, from 0; the plan shows the riskiest first.';
comment on column sync.patches.causes is 'Field to why it changes, where that is not the system of record''s own row: {"phone2Block": {"kind": "fan_out", ...}}. Personal data.';
create index patches_by_risk on sync.patches (change_set_id, risk desc, seq);

alter table sync.patches drop constraint patches_operation_check;
alter table sync.patches add constraint patches_operation_check
  check (operation in ('block', 'create', 'update', 'lift', 'deactivate', 'delete', 'not_expressible'));
alter table sync.patches drop constraint patches_endpoint_check;
alter table sync.patches add constraint patches_endpoint_check
  check (endpoint in ('bulk_create', 'bulk_update', 'multi_dnd', 'delete_contact'));
alter table sync.chunks drop constraint chunks_operation_check;
alter table sync.chunks add constraint chunks_operation_check
  check (operation in ('block', 'create', 'update', 'lift', 'deactivate', 'delete'));
alter table sync.chunks drop constraint chunks_endpoint_check;
alter table sync.chunks add constraint chunks_endpoint_check
  check (endpoint in ('bulk_create', 'bulk_update', 'multi_dnd', 'delete_contact'));
comment on column sync.patches.operation is 'block, create, update, lift, deactivate or delete; not_expressible for a difference that no request can carry.';
comment on column sync.chunks.operation is 'block, create, update, deactivate, delete or lift.';

create table sync.approvals (
  id bigint generated always as identity primary key,
  change_set_id uuid not null references sync.change_sets (id) on delete cascade,
  seal text not null,
  approved_by text not null check (btrim(approved_by) <> ''),
  reason text not null check (btrim(reason) <> ''),
  approved_at timestamptz not null default clock_timestamp()
);
create unique index approvals_by_person on sync.approvals (change_set_id, lower(approved_by));
comment on table sync.approvals is 'Who let a held plan through, and why; bound to its seal.';
comment on column sync.approvals.id is 'Order of approving.';
comment on column sync.approvals.change_set_id is 'The plan.';
comment on column sync.approvals.seal is 'The seal it was given for.';
comment on column sync.approvals.approved_by is 'The person, as they named themselves.';
comment on column sync.approvals.reason is 'Why.';
comment on column sync.approvals.approved_at is 'When, by the database''s clock.';

create table sync.audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  tenant text not null,
  actor text not null,
  action text not null check (action in ('approved', 'applied', 'unmasked')),
  change_set_id uuid,
  detail text not null default ''
);
create index audit_by_tenant on sync.audit (tenant, at);
comment on table sync.audit is 'Who approved, applied, or looked at personal data unmasked. Only ever added to.';
comment on column sync.audit.id is 'Order of noting.';
comment on column sync.audit.at is 'When, by the database''s clock.';
comment on column sync.audit.tenant is 'The LiveVox client.';
comment on column sync.audit.actor is 'The person as they named themselves, else the user of the operating system.';
comment on column sync.audit.action is 'approved, applied or unmasked.';
comment on column sync.audit.change_set_id is 'The plan it concerns, if any.';
comment on column sync.audit.detail is 'The command and its options, without values of contacts.';
