-- History on two time axes: every former version of a contact, whole, with the time in which the mirror held it. What changed is not stored
-- but derived, because the names of the changed fields cost as much as the old row. And the defaults that let a first load copy straight
-- into mirror.contacts.
-- Locks: creates new objects; ACCESS EXCLUSIVE on mirror.contacts for an instant (defaults change the catalog only). Five million rows: nothing
-- to rewrite, nothing to read. Old workers may go on: they merge as before, without history.

create table mirror.contact_versions (
  like mirror.contacts,
  known_until timestamptz not null,
  replaced_by uuid not null,
  changed_by text not null check (changed_by in ('pull', 'push', 'unknown')),
  pushed_fields text[]
) partition by range (known_until);
create index contact_versions_by_account on mirror.contact_versions (tenant, account, known_until);
comment on table mirror.contact_versions is 'Former versions of contacts, each as mirror.contacts had it from merged_at until known_until. One partition for each month of known_until, in the schema mirror_history. Written by the merge alone.';

-- Columns, and those of the view below, are commented as in mirror.contacts.
do $$
declare
  described record;
begin
  for described in
    select a.attname as name, col_description(a.attrelid, a.attnum) as words
      from pg_attribute a
     where a.attrelid = 'mirror.contacts'::regclass and a.attnum > 0 and not a.attisdropped
  loop
    execute format('comment on column mirror.contact_versions.%I is %L', described.name, described.words);
  end loop;
end
$$;
comment on column mirror.contact_versions.merged_at is 'Since when the mirror held this version: the start of its known time.';
comment on column mirror.contact_versions.merged_by is 'The run (sync.runs) that brought this version.';
comment on column mirror.contact_versions.known_until is 'When a merge replaced this version: the end of its known time, and the merged_at of the version that came after.';
comment on column mirror.contact_versions.replaced_by is 'The run (sync.runs) that replaced it.';
comment on column mirror.contact_versions.changed_by is 'What replaced it: push (the new version shows what we had sent), pull (modifyDate moved, so somebody changed it in LiveVox), unknown (it differs though modifyDate did not move).';
comment on column mirror.contact_versions.pushed_fields is 'Those fields (vendor names) of the version that came after which show what our own push had sent; null when there are none.';

create schema mirror_history;
comment on schema mirror_history is 'The monthly partitions of mirror.contact_versions, which is what to read.';
create table mirror_history.contact_versions_default partition of mirror.contact_versions default;
comment on table mirror_history.contact_versions_default is 'Versions of months that have no partition of their own; as a rule empty.';

-- Makes the partition of the month (UTC) of an instant, if it is missing and the default partition holds nothing of that month.
-- Attaching, instead of creating in place, lets readers of the other partitions go on; the default partition is locked for an instant.
create function mirror_history.make_month(at timestamptz) returns boolean language plpgsql as $$
declare
  starts timestamp := date_trunc('month', at at time zone 'UTC');
  name text := 'contact_versions_' || to_char(starts, 'YYYY_MM');
  bounds text := format('from (%L) to (%L)', starts at time zone 'UTC', (starts + interval '1 month') at time zone 'UTC');
begin
  if to_regclass(format('mirror_history.%I', name)) is not null then return false; end if;
  perform pg_advisory_xact_lock(hashtextextended('lvsync history', 0));
  if to_regclass(format('mirror_history.%I', name)) is not null or exists (
    select from mirror_history.contact_versions_default
     where known_until >= starts at time zone 'UTC' and known_until < (starts + interval '1 month') at time zone 'UTC'
  ) then
    return false;
  end if;
  execute format('create table mirror_history.%I (like mirror.contact_versions including all)', name);
  execute format('alter table mirror.contact_versions attach partition mirror_history.%I for values %s', name, bounds);
  execute format('comment on table mirror_history.%I is %L', name, 'Versions that were replaced in ' || to_char(starts, 'YYYY-MM') || ', UTC.');
  return true;
end
$$;
comment on function mirror_history.make_month is 'Makes the partition of mirror.contact_versions for the month of an instant; false when there is nothing to make.';

-- Every version, former and current, and the function that answers one instant of each axis. Their columns are those of mirror.contacts.
do $$
declare
  columns text;
  shown text;
  described record;
begin
  select string_agg(format('c.%I', attname), ', ' order by attnum),
         string_agg(
           case attname
             when 'tombstoned_at' then 'case when h.tombstoned_at <= least(valid_at, known_at) then h.tombstoned_at end'
             else format('h.%I', attname)
           end, ', ' order by attnum)
    into columns, shown
    from pg_attribute
   where attrelid = 'mirror.contacts'::regclass and attnum > 0 and not attisdropped;

  execute format(
    'create view mirror.contact_history as
     select %1$s, c.merged_at as known_from, null::timestamptz as known_until, coalesce(c.modify_date, c.merged_at) as valid_from
       from mirror.contacts c
     union all
     select %1$s, c.merged_at, c.known_until, coalesce(c.modify_date, c.merged_at)
       from mirror.contact_versions c', columns);
  for described in
    select a.attname as name, col_description(a.attrelid, a.attnum) as words
      from pg_attribute a
     where a.attrelid = 'mirror.contacts'::regclass and a.attnum > 0 and not a.attisdropped
  loop
    execute format('comment on column mirror.contact_history.%I is %L', described.name, described.words);
  end loop;

  execute format(
    $function$
    create function mirror.contact_as_of(
      account text, valid_at timestamptz default now(), known_at timestamptz default now(), tenant text default null
    ) returns setof mirror.contact_history language sql stable as $body$
      -- Every tenant of the mirror, by a step for each along its key.
      with recursive tenants as (
        select case when contact_as_of.tenant is null then (select min(c.tenant) from mirror.contacts c) else contact_as_of.tenant end as name
        union all
        select (select min(c.tenant) from mirror.contacts c where c.tenant > t.name)
          from tenants t
         where contact_as_of.tenant is null and t.name is not null
      )
      select %s, h.known_from, case when h.known_until <= known_at then h.known_until end, h.valid_from
        from tenants t
       cross join lateral (
         select v.*
           from mirror.contact_history v
          where v.tenant = t.name and v.account = contact_as_of.account and v.known_from <= known_at and v.valid_from <= valid_at
          order by v.known_from desc
          limit 1
       ) h
       where t.name is not null
    $body$
    $function$, shown);
end
$$;
comment on view mirror.contact_history is 'Every version of every contact, former and current: known time from known_from until known_until, valid time from valid_from.';
comment on column mirror.contact_history.known_from is 'Since when the mirror held this version (its merged_at).';
comment on column mirror.contact_history.known_until is 'Until when the mirror held it; null: it is the current one.';
comment on column mirror.contact_history.valid_from is 'Since when it was so in LiveVox: modify_date, or known_from where there is none.';
comment on function mirror.contact_as_of is 'The contact as it was in LiveVox at valid_at, as far as the mirror knew at known_at; no row when nothing was known. Without a tenant: one row for each tenant that has the account.';

create view mirror.contact_changes as
select v.tenant, v.account, o.key as field, o.value #>> '{}' as old_value, n.value #>> '{}' as new_value,
       coalesce(s.modify_date, s.merged_at) as valid_at, v.known_until as known_at,
       case
         when replace(o.key, '_', '') in (select lower(f) from unnest(v.pushed_fields) f) then 'push'
         when v.changed_by <> 'push' or o.key in ('modify_date', 'modify_user') then v.changed_by
         when s.modify_date is distinct from v.modify_date then 'pull'
         else 'unknown'
       end as changed_by,
       v.replaced_by as run_id
  from mirror.contact_versions v
 cross join lateral (
   select h.* from mirror.contact_history h
    where h.tenant = v.tenant and h.account = v.account and h.known_from = v.known_until
 ) s
 cross join lateral jsonb_each(to_jsonb(v)) o
  join lateral jsonb_each(to_jsonb(s)) n on n.key = o.key and n.value <> o.value
 where o.key not in ('merged_at', 'merged_by', 'known_until');
comment on view mirror.contact_changes is 'One row for each field that a merge changed, from what to what; counters, modify_date and modify_user are fields like all others. For an account, a run or a time: give a condition, the whole of it is long.';
comment on column mirror.contact_changes.tenant is 'The LiveVox client.';
comment on column mirror.contact_changes.account is 'The contact.';
comment on column mirror.contact_changes.field is 'Which column of mirror.contacts changed; tombstoned_at when a contact that had vanished was seen again.';
comment on column mirror.contact_changes.old_value is 'What the mirror held before, as text; null: empty.';
comment on column mirror.contact_changes.new_value is 'What it held after, as text; null: empty.';
comment on column mirror.contact_changes.valid_at is 'Since when it was so in LiveVox: modifyDate of the new version, or known_at where there is none.';
comment on column mirror.contact_changes.known_at is 'When a merge brought the change into the mirror.';
comment on column mirror.contact_changes.changed_by is 'push: it shows what we had sent; pull: somebody changed it in LiveVox; unknown: it differs though modifyDate did not move.';
comment on column mirror.contact_changes.run_id is 'The run (sync.runs) that brought it.';

-- What a first load does not find in the file, for it copies straight into the mirror. Outside of one, merged_by has no default.
alter table mirror.contacts
  alter column tenant set default current_setting('lvsync.tenant', true),
  alter column first_seen_at set default coalesce(to_timestamp(nullif(current_setting('lvsync.merged_at', true), '')::float8), now()),
  alter column merged_at set default coalesce(to_timestamp(nullif(current_setting('lvsync.merged_at', true), '')::float8), now()),
  alter column merged_by set default nullif(current_setting('lvsync.run', true), '')::uuid;
