-- What a worker may do that owns nothing: three things that Postgres lets only the owner of a table do become functions that run as their owner.
-- And the audit's word for an erasure.
-- Locks: functions and one check; the check reads sync.audit once, and locks it meanwhile. Five million rows: nothing of the mirror is touched.
-- Old workers: go on as before.

alter function mirror_history.make_month(timestamptz) security definer set search_path = pg_catalog, pg_temp;

create function mirror_history.drop_month(month text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
  if month !~ '^contact_versions_[0-9]{4}_[0-9]{2}$' then raise exception 'not a month of the history' using errcode = '22023'; end if;
  execute format('drop table mirror_history.%I', month);
end $$;
comment on function mirror_history.drop_month(text) is 'Drops one month of the history, by the name of its table. Runs as its owner, for workers that own nothing.';

create function mirror.analyze_contacts() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
  analyze mirror.contacts (tenant, account);
end $$;
comment on function mirror.analyze_contacts() is 'Refreshes the planner''s statistics of the mirror''s key. Runs as its owner, for workers that own nothing.';

revoke execute on function mirror_history.make_month(timestamptz), mirror_history.drop_month(text), mirror.analyze_contacts() from public;

alter table sync.audit drop constraint audit_action_check;
alter table sync.audit add constraint audit_action_check
  check (action in ('approved', 'applied', 'unmasked', 'reverted', 'blocked', 'retried', 'dropped', 'forgotten'));
comment on column sync.audit.action is 'approved, applied, unmasked, reverted, blocked, retried, dropped or forgotten.';
comment on table sync.audit is 'Who approved, applied, reverted, blocked, decided on dead letters, erased a contact, or looked at personal data. Only ever added to.';
