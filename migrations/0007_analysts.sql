-- The mirror for analysts: reference data (groups, agents, skills, notes, associated accounts), views, and casts that never fail.
-- Locks: creates new objects only; the views hold mirror.contacts and sync.coverage to the columns they name. Five million contacts:
-- nothing to rewrite, the views compute when they are read. Old workers may still run; they leave the new tables empty.

create table mirror.tenants (
  tenant text primary key,
  time_zone text not null check (to_timestamp(0) at time zone time_zone is not null),
  contacts_view text,
  contacts_view_sha256 text,
  backlog_until timestamptz
);
comment on table mirror.tenants is 'One row per LiveVox client that has been pulled: what the views need to know of it.';
comment on column mirror.tenants.tenant is 'The LiveVox client.';
comment on column mirror.tenants.time_zone is 'IANA time zone of the client, from the configuration; its days are the days of daily blocks.';
comment on column mirror.tenants.contacts_view is 'Name of the client''s own view of its contacts in this schema, with custom fields under their labels; null before there is one.';
comment on column mirror.tenants.contacts_view_sha256 is 'Fingerprint of that view''s definition: it is made anew when it differs.';
comment on column mirror.tenants.backlog_until is 'Contacts merged up to here have been put on sync.reference_backlog if they had changed; null while neither notes nor associated accounts are mirrored.';

create table mirror.reference_lists (
  tenant text not null,
  list text not null check (list in ('contact_groups', 'agents', 'agent_skills')),
  fetched_at timestamptz,
  refused_at timestamptz,
  primary key (tenant, list)
);
comment on table mirror.reference_lists is 'When each list of reference data was last read.';
comment on column mirror.reference_lists.tenant is 'The LiveVox client.';
comment on column mirror.reference_lists.list is 'contact_groups, agents or agent_skills: the table of that name.';
comment on column mirror.reference_lists.fetched_at is 'When it was last read in full; null: never.';
comment on column mirror.reference_lists.refused_at is 'When LiveVox last refused to show it to our user; null once it has been read.';

create table mirror.contact_groups (
  tenant text not null,
  id bigint not null,
  name text not null,
  created_by text,
  modified_by text,
  created_at timestamptz,
  modified_at timestamptz,
  fetched_at timestamptz not null,
  gone_at timestamptz,
  primary key (tenant, id)
);
comment on table mirror.contact_groups is 'The client''s contact groups; join mirror.contacts by tenant and group_id.';
comment on column mirror.contact_groups.tenant is 'The LiveVox client.';
comment on column mirror.contact_groups.id is 'LiveVox id of the group: mirror.contacts.group_id.';
comment on column mirror.contact_groups.name is 'Name of the group; names may repeat.';
comment on column mirror.contact_groups.created_by is 'Who created the group.';
comment on column mirror.contact_groups.modified_by is 'Who last changed the group.';
comment on column mirror.contact_groups.created_at is 'When the group was created.';
comment on column mirror.contact_groups.modified_at is 'When the group was last changed.';
comment on column mirror.contact_groups.fetched_at is 'When LiveVox last listed it.';
comment on column mirror.contact_groups.gone_at is 'When LiveVox was first read without it; null while it is listed. The row stays.';

create table mirror.agents (
  tenant text not null,
  id bigint not null,
  login_id text not null,
  first_name text not null,
  last_name text not null,
  phone text not null,
  active boolean not null,
  last_login timestamptz,
  fetched_at timestamptz not null,
  gone_at timestamptz,
  primary key (tenant, id)
);
comment on table mirror.agents is 'The client''s agents; join mirror.contacts by tenant and agent_id. No passwords, no addresses.';
comment on column mirror.agents.tenant is 'The LiveVox client.';
comment on column mirror.agents.id is 'LiveVox id of the agent: mirror.contacts.agent_id.';
comment on column mirror.agents.login_id is 'The name the agent logs in with. Personal data.';
comment on column mirror.agents.first_name is 'First name of the agent. Personal data.';
comment on column mirror.agents.last_name is 'Last name of the agent. Personal data.';
comment on column mirror.agents.phone is 'Phone of the agent; empty when there is none. Personal data.';
comment on column mirror.agents.active is 'Whether the agent may log in.';
comment on column mirror.agents.last_login is 'When the agent last logged in.';
comment on column mirror.agents.fetched_at is 'When LiveVox last listed it.';
comment on column mirror.agents.gone_at is 'When LiveVox was first read without it; null while it is listed. The row stays.';

create table mirror.agent_skills (
  tenant text not null,
  id bigint not null,
  name text not null,
  description text not null,
  fetched_at timestamptz not null,
  gone_at timestamptz,
  primary key (tenant, id)
);
comment on table mirror.agent_skills is 'What agents can be good at, for the routing of calls.';
comment on column mirror.agent_skills.tenant is 'The LiveVox client.';
comment on column mirror.agent_skills.id is 'LiveVox id of the skill.';
comment on column mirror.agent_skills.name is 'Name of the skill.';
comment on column mirror.agent_skills.description is 'What the client says about it; may be empty.';
comment on column mirror.agent_skills.fetched_at is 'When LiveVox last listed it.';
comment on column mirror.agent_skills.gone_at is 'When LiveVox was first read without it; null while it is listed. The row stays.';

create table mirror.agent_proficiencies (
  tenant text not null,
  agent_id bigint not null,
  skill_id bigint not null,
  proficiency integer not null,
  fetched_at timestamptz not null,
  gone_at timestamptz,
  primary key (tenant, agent_id, skill_id)
);
comment on table mirror.agent_proficiencies is 'Which agent has which skill, and how well.';
comment on column mirror.agent_proficiencies.tenant is 'The LiveVox client.';
comment on column mirror.agent_proficiencies.agent_id is 'The agent: mirror.agents.id.';
comment on column mirror.agent_proficiencies.skill_id is 'The skill: mirror.agent_skills.id.';
comment on column mirror.agent_proficiencies.proficiency is 'How good the agent is at it, 1 to 5.';
comment on column mirror.agent_proficiencies.fetched_at is 'When LiveVox last listed it.';
comment on column mirror.agent_proficiencies.gone_at is 'When LiveVox was first read without it; null while it is listed. The row stays.';

create table mirror.contact_notes (
  tenant text not null,
  account text not null,
  id bigint not null,
  note text not null,
  session_id text,
  transaction_id bigint,
  create_date timestamptz,
  modified_date timestamptz,
  fetched_at timestamptz not null,
  gone_at timestamptz,
  primary key (tenant, account, id)
);
comment on table mirror.contact_notes is 'What agents wrote about contacts. Only of contacts that changed since notes are mirrored; as it was when the contact was read.';
comment on column mirror.contact_notes.tenant is 'The LiveVox client.';
comment on column mirror.contact_notes.account is 'The contact: mirror.contacts.account.';
comment on column mirror.contact_notes.id is 'LiveVox id of the note.';
comment on column mirror.contact_notes.note is 'The text. Personal data.';
comment on column mirror.contact_notes.session_id is 'The call on which it was written.';
comment on column mirror.contact_notes.transaction_id is 'LiveVox id of the transaction on which it was written.';
comment on column mirror.contact_notes.create_date is 'When it was written.';
comment on column mirror.contact_notes.modified_date is 'When it was last changed.';
comment on column mirror.contact_notes.fetched_at is 'When LiveVox last listed it.';
comment on column mirror.contact_notes.gone_at is 'When LiveVox was first read without it; null while it is listed. The row stays.';

create table mirror.associated_accounts (
  tenant text not null,
  account text not null,
  id bigint not null,
  name text not null,
  created_by text,
  created_date timestamptz,
  modified_by text,
  modified_date timestamptz,
  description text,
  industry text,
  annual_revenue numeric,
  num_of_employees bigint,
  phone_fax text,
  phone_office text,
  phone_alternate text,
  website text,
  billing_street text,
  billing_city text,
  billing_state text,
  billing_postal_code text,
  billing_country text,
  shipping_street text,
  shipping_city text,
  shipping_state text,
  shipping_postal_code text,
  shipping_country text,
  rating text,
  ownership_type text,
  ticker_symbol text,
  campaign_id text,
  account_number text,
  original_account_number text,
  agent_id bigint,
  agent_name text,
  agent_team_id bigint,
  agent_team_name text,
  location text,
  account_source text,
  sic_code text,
  sic_desc text,
  classification_id bigint,
  classification_name text,
  type_id bigint,
  type_name text,
  custom_fields jsonb,
  fetched_at timestamptz not null,
  gone_at timestamptz,
  primary key (tenant, account, id)
);
comment on table mirror.associated_accounts is 'The companies that a contact belongs to in LiveVox''s Contact Manager. Only of contacts that changed since they are mirrored; as it was when the contact was read.';
comment on column mirror.associated_accounts.tenant is 'The LiveVox client.';
comment on column mirror.associated_accounts.account is 'The contact: mirror.contacts.account. Not the company''s own number.';
comment on column mirror.associated_accounts.id is 'LiveVox id of the company.';
comment on column mirror.associated_accounts.name is 'Name of the company.';
comment on column mirror.associated_accounts.created_by is 'Who created it.';
comment on column mirror.associated_accounts.created_date is 'When it was created.';
comment on column mirror.associated_accounts.modified_by is 'Who last changed it.';
comment on column mirror.associated_accounts.modified_date is 'When it was last changed.';
comment on column mirror.associated_accounts.description is 'Free text on the company.';
comment on column mirror.associated_accounts.industry is 'Its industry.';
comment on column mirror.associated_accounts.annual_revenue is 'Its revenue in a year.';
comment on column mirror.associated_accounts.num_of_employees is 'How many people work there.';
comment on column mirror.associated_accounts.phone_fax is 'Its fax number.';
comment on column mirror.associated_accounts.phone_office is 'Its phone number.';
comment on column mirror.associated_accounts.phone_alternate is 'Its other phone number.';
comment on column mirror.associated_accounts.website is 'Its web site.';
comment on column mirror.associated_accounts.billing_street is 'Street of the billing address.';
comment on column mirror.associated_accounts.billing_city is 'City of the billing address.';
comment on column mirror.associated_accounts.billing_state is 'State of the billing address.';
comment on column mirror.associated_accounts.billing_postal_code is 'Postal code of the billing address.';
comment on column mirror.associated_accounts.billing_country is 'Country of the billing address.';
comment on column mirror.associated_accounts.shipping_street is 'Street of the shipping address.';
comment on column mirror.associated_accounts.shipping_city is 'City of the shipping address.';
comment on column mirror.associated_accounts.shipping_state is 'State of the shipping address.';
comment on column mirror.associated_accounts.shipping_postal_code is 'Postal code of the shipping address.';
comment on column mirror.associated_accounts.shipping_country is 'Country of the shipping address.';
comment on column mirror.associated_accounts.rating is 'The client''s rating of it.';
comment on column mirror.associated_accounts.ownership_type is 'Who owns it: private, public, a subsidiary.';
comment on column mirror.associated_accounts.ticker_symbol is 'Its ticker symbol at the stock exchange.';
comment on column mirror.associated_accounts.campaign_id is 'LiveVox id of the campaign it came with.';
comment on column mirror.associated_accounts.account_number is 'The company''s own number.';
comment on column mirror.associated_accounts.original_account_number is 'The company''s alternative number.';
comment on column mirror.associated_accounts.agent_id is 'LiveVox id of the agent in charge: mirror.agents.id.';
comment on column mirror.associated_accounts.agent_name is 'The agent in charge. Personal data.';
comment on column mirror.associated_accounts.agent_team_id is 'LiveVox id of the team in charge.';
comment on column mirror.associated_accounts.agent_team_name is 'The team in charge.';
comment on column mirror.associated_accounts.location is 'Where it is.';
comment on column mirror.associated_accounts.account_source is 'How the client came by it.';
comment on column mirror.associated_accounts.sic_code is 'Its code in the Standard Industrial Classification.';
comment on column mirror.associated_accounts.sic_desc is 'What that code means.';
comment on column mirror.associated_accounts.classification_id is 'LiveVox id of its classification.';
comment on column mirror.associated_accounts.classification_name is 'Its classification.';
comment on column mirror.associated_accounts.type_id is 'LiveVox id of its type.';
comment on column mirror.associated_accounts.type_name is 'Its type.';
comment on column mirror.associated_accounts.custom_fields is 'Its custom fields, as LiveVox lists them: field and value. May be personal data.';
comment on column mirror.associated_accounts.fetched_at is 'When LiveVox last listed it.';
comment on column mirror.associated_accounts.gone_at is 'When LiveVox was first read without it; null while it is listed. The row stays.';

create table sync.reference_backlog (
  tenant text not null,
  account text not null,
  changed_at timestamptz not null,
  primary key (tenant, account)
);
create index reference_backlog_by_change on sync.reference_backlog (tenant, changed_at desc);
comment on table sync.reference_backlog is 'Changed contacts whose notes and associated accounts are still to be read; the latest change is read first.';
comment on column sync.reference_backlog.tenant is 'The LiveVox client.';
comment on column sync.reference_backlog.account is 'The contact.';
comment on column sync.reference_backlog.changed_at is 'When it changed in LiveVox, or was merged where LiveVox does not say.';

-- The rule of src/contact/dnd.ts. One expression, so that the planner puts it in line. Without a zone nobody knows: it counts as in force.
create function mirror.is_daily_in_force(read_at timestamptz, time_zone text, at timestamptz) returns boolean
language sql immutable parallel safe
as $$ select coalesce((read_at at time zone time_zone)::date >= (at at time zone time_zone)::date, true) $$;
comment on function mirror.is_daily_in_force(timestamptz, text, timestamptz) is
  'Whether a daily block that was read at read_at holds at that instant: only on the client''s own day it was read.';

-- What the pull takes for a number, a yes or no, a date (src/pull/read-value.ts). The guards stand before the casts: no value is an error.
create function mirror.to_numeric(value text) returns numeric
language sql immutable parallel safe
as $$ select case when value ~ '^\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9][0-9]?)?\s*$' and length(value) <= 300 then value::numeric end $$;
comment on function mirror.to_numeric(text) is 'The number a text means; null when it is none.';

create function mirror.to_boolean(value text) returns boolean
language sql immutable parallel safe
as $$ select case when value ~* '^\s*(true|t|yes|y|1)\s*$' then true when value ~* '^\s*(false|f|no|n|0)\s*$' then false end $$;
comment on function mirror.to_boolean(text) is 'The yes or no a text means; null when it is neither.';

-- The first of the month and so many days more is always a date; in another month, the text named a day that is not in the calendar.
-- What nearly all dates look like is told by one plain pattern, because the full ones are many times dearer.
create function mirror.to_date(value text) returns date
language plpgsql immutable parallel safe strict
as $$
declare
  clock constant text := '(?:[T ](?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]{1,9})?)?\s?(?:Z|[+-][0-9]{2}(?::?[0-9]{2}){0,2})?)?\s*$';
  parts text[];
  day date;
begin
  if value ~ '^[01][0-9]/[0-3][0-9]/[12][0-9][0-9][0-9]$' then
    parts := array[substr(value, 7, 4), substr(value, 1, 2), substr(value, 4, 2)];
  elsif value ~ '^[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]$' then
    parts := array[substr(value, 1, 4), substr(value, 6, 2), substr(value, 9, 2)];
  elsif value !~ '[0-9][-/][0-9]' then
    return null;
  else
    parts := regexp_match(value, '^\s*([0-9]{4})-([0-9]{2})-([0-9]{2})' || clock, 'i');
    if parts is null then
      parts := regexp_match(value, '^\s*([0-9][0-9]?)/([0-9][0-9]?)/([0-9]{4})' || clock, 'i');
      parts := array[parts[3], parts[1], parts[2]];
    end if;
  end if;
  if parts[1]::integer not between 1800 and 2200 or parts[2]::integer not between 1 and 12 or parts[3]::integer not between 1 and 31 then
    return null;
  end if;
  day := make_date(parts[1]::integer, parts[2]::integer, 1) + (parts[3]::integer - 1);
  return case when extract(month from day) = parts[2]::integer then day end;
end $$;
comment on function mirror.to_date(text) is
  'The day a text names, as MM/DD/YYYY or YYYY-MM-DD, a time of day after it left aside; null when it names none.';

-- The case expressions are three times as fast as a lateral values list, whose expressions Postgres prepares anew for each contact.
create view mirror.contact_phones as
select p.tenant, p.account, p.ordinal, p.phone, p.attempts_total, p.attempts_today, p.cell_consent, p.sms_consent,
       p.block, p.block_daily, p.block_daily and p.is_today as block_daily_in_force,
       case when p.account_block then 'account'
            when p.block then 'phone'
            when p.account_block_daily and p.is_today then 'account_daily'
            when p.block_daily and p.is_today then 'phone_daily'
       end as blocked_by,
       coalesce(p.account_block or p.block or ((p.account_block_daily or p.block_daily) and p.is_today), false) as blocked,
       p.active, p.state, p.merged_at, p.tombstoned_at
  from (
  select c.tenant, c.account, o.ordinal,
         case o.ordinal when 1 then c.phone1 when 2 then c.phone2 when 3 then c.phone3 when 4 then c.phone4 when 5 then c.phone5 when 6 then c.phone6 when 7 then c.phone7 when 8 then c.phone8 when 9 then c.phone9 when 10 then c.phone10 end as phone,
         case o.ordinal when 1 then c.phone1_attempts_total when 2 then c.phone2_attempts_total when 3 then c.phone3_attempts_total when 4 then c.phone4_attempts_total when 5 then c.phone5_attempts_total when 6 then c.phone6_attempts_total when 7 then c.phone7_attempts_total when 8 then c.phone8_attempts_total when 9 then c.phone9_attempts_total when 10 then c.phone10_attempts_total end as attempts_total,
         case o.ordinal when 1 then c.phone1_attempts_today when 2 then c.phone2_attempts_today when 3 then c.phone3_attempts_today when 4 then c.phone4_attempts_today when 5 then c.phone5_attempts_today when 6 then c.phone6_attempts_today when 7 then c.phone7_attempts_today when 8 then c.phone8_attempts_today when 9 then c.phone9_attempts_today when 10 then c.phone10_attempts_today end as attempts_today,
         case o.ordinal when 1 then c.phone1_cell_consent when 2 then c.phone2_cell_consent when 3 then c.phone3_cell_consent when 4 then c.phone4_cell_consent when 5 then c.phone5_cell_consent when 6 then c.phone6_cell_consent when 7 then c.phone7_cell_consent when 8 then c.phone8_cell_consent when 9 then c.phone9_cell_consent when 10 then c.phone10_cell_consent end as cell_consent,
         case o.ordinal when 1 then c.phone1_sms_consent when 2 then c.phone2_sms_consent when 3 then c.phone3_sms_consent when 4 then c.phone4_sms_consent when 5 then c.phone5_sms_consent when 6 then c.phone6_sms_consent when 7 then c.phone7_sms_consent when 8 then c.phone8_sms_consent when 9 then c.phone9_sms_consent when 10 then c.phone10_sms_consent end as sms_consent,
         case o.ordinal when 1 then c.phone1_block when 2 then c.phone2_block when 3 then c.phone3_block when 4 then c.phone4_block when 5 then c.phone5_block when 6 then c.phone6_block when 7 then c.phone7_block when 8 then c.phone8_block when 9 then c.phone9_block when 10 then c.phone10_block end as block,
         case o.ordinal when 1 then c.phone1_block_daily when 2 then c.phone2_block_daily when 3 then c.phone3_block_daily when 4 then c.phone4_block_daily when 5 then c.phone5_block_daily when 6 then c.phone6_block_daily when 7 then c.phone7_block_daily when 8 then c.phone8_block_daily when 9 then c.phone9_block_daily when 10 then c.phone10_block_daily end as block_daily,
         c.account_block, c.account_block_daily, mirror.is_daily_in_force(c.merged_at, t.time_zone, now()) as is_today,
         c.active, c.state, c.merged_at, c.tombstoned_at
    from mirror.contacts c
    left join mirror.tenants t on t.tenant = c.tenant
   cross join (values (1::smallint), (2), (3), (4), (5), (6), (7), (8), (9), (10)) as o (ordinal)
  ) p
 where p.phone is not null;
comment on view mirror.contact_phones is 'One row per phone that is there: the ten phones of mirror.contacts under one another, with what stops it from being dialled.';
comment on column mirror.contact_phones.tenant is 'The LiveVox client.';
comment on column mirror.contact_phones.account is 'The contact: mirror.contacts.account.';
comment on column mirror.contact_phones.ordinal is 'Which phone of the contact, 1 to 10.';
comment on column mirror.contact_phones.phone is 'The number. Personal data.';
comment on column mirror.contact_phones.attempts_total is 'Attempts on the phone, ever.';
comment on column mirror.contact_phones.attempts_today is 'Attempts on the phone today, when last pulled.';
comment on column mirror.contact_phones.cell_consent is 'Consent to dial it as a cell phone.';
comment on column mirror.contact_phones.sms_consent is 'Consent to send SMS to it.';
comment on column mirror.contact_phones.block is 'Permanent do-not-dial block on the phone.';
comment on column mirror.contact_phones.block_daily is 'Daily do-not-dial block on the phone, as last read; it may be over.';
comment on column mirror.contact_phones.block_daily_in_force is 'Whether the daily block holds now: only on the client''s own day it was read.';
comment on column mirror.contact_phones.blocked_by is 'What stops it from being dialled now, the most lasting first: account or phone (permanent), account_daily or phone_daily (today only); null: nothing.';
comment on column mirror.contact_phones.blocked is 'Whether the phone must not be dialled now: a block of the phone or of the account, permanent or in force today.';
comment on column mirror.contact_phones.active is 'Whether the account is active in LiveVox.';
comment on column mirror.contact_phones.state is 'State of the contact.';
comment on column mirror.contact_phones.merged_at is 'When the row of the contact last changed in the mirror.';
comment on column mirror.contact_phones.tombstoned_at is 'When a sweep no longer found the contact; null while it is there.';

create view mirror.coverage as
with pulled as (
  select tenant, range_agg(tstzrange(starts_at, ends_at, '[]')) as times
    from sync.coverage
   group by tenant
)
select p.tenant, 'covered' as kind, lower(covered) as starts_at, upper(covered) as ends_at
  from pulled p cross join lateral unnest(p.times) as covered
union all
select p.tenant, 'gap', lower(gap), upper(gap)
  from pulled p
 cross join lateral unnest(tstzmultirange(tstzrange(least(to_timestamp(0), lower(p.times)), upper(p.times), '[]')) - p.times) as gap;
comment on view mirror.coverage is 'Which time of LiveVox''s changes has been pulled, and which is missing: intervals of modify_date, joined where they meet.';
comment on column mirror.coverage.tenant is 'The LiveVox client.';
comment on column mirror.coverage.kind is 'covered: changes of that time are in the mirror; gap: they may be missing until a pull fills it.';
comment on column mirror.coverage.starts_at is 'Beginning of the interval; 1970-01-01 UTC is the beginning of all time.';
comment on column mirror.coverage.ends_at is 'End of the interval, by LiveVox''s clock.';

-- Exact counts of millions of rows take seconds; the planner's statistics know about how many there are.
create view mirror.freshness as
with pulled as (
  select tenant, max(merged_at) as merged_at, range_agg(tstzrange(starts_at, ends_at, '[]')) as times
    from sync.coverage
   group by tenant
), known as (
  select coalesce(t.tenant, p.tenant) as tenant, t.time_zone, p.merged_at,
         (select max(upper(covered)) from unnest(p.times) as covered where lower(covered) <= to_timestamp(0)) as watermark,
         (select count(*)::integer from unnest(p.times)) - case when lower(p.times) <= to_timestamp(0) then 1 else 0 end as gaps
    from mirror.tenants t
    full join pulled p on p.tenant = t.tenant
), lists as (
  select tenant, max(fetched_at) filter (where list = 'contact_groups') as contact_groups_fetched_at,
         max(fetched_at) filter (where list = 'agents') as agents_fetched_at,
         max(fetched_at) filter (where list = 'agent_skills') as agent_skills_fetched_at
    from mirror.reference_lists
   group by tenant
)
select k.tenant, k.time_zone, k.watermark, k.merged_at,
       round((extract(epoch from now() - k.watermark) / 60)::numeric, 1) as minutes_behind, k.gaps,
       (select round(c.reltuples * s.most_common_freqs[array_position(s.most_common_vals::text::text[], k.tenant)])::bigint
          from pg_class c
          join pg_stats s on s.schemaname = 'mirror' and s.tablename = 'contacts' and s.attname = 'tenant'
         where c.oid = 'mirror.contacts'::regclass and c.reltuples >= 0) as contacts_about,
       f.fetched_at as custom_fields_fetched_at, l.contact_groups_fetched_at, l.agents_fetched_at, l.agent_skills_fetched_at,
       exists (select from sync.reference_backlog b where b.tenant = k.tenant) as has_backlog
  from known k
  left join lists l using (tenant)
  left join lateral (select max(fetched_at) as fetched_at from mirror.custom_fields c where c.tenant = k.tenant) f on true;
comment on view mirror.freshness is 'How fresh the mirror is, one row per LiveVox client: look here before you report. Answers at once, however many contacts there are.';
comment on column mirror.freshness.tenant is 'The LiveVox client.';
comment on column mirror.freshness.time_zone is 'IANA time zone of the client; null until the next pull.';
comment on column mirror.freshness.watermark is 'Up to here, by LiveVox''s clock, every change is in the mirror without a gap; null before the first full pull.';
comment on column mirror.freshness.merged_at is 'When a pull was last merged, by our clock.';
comment on column mirror.freshness.minutes_behind is 'Minutes since the watermark.';
comment on column mirror.freshness.gaps is 'Intervals of time that have not been pulled: see mirror.coverage. 0 is good.';
comment on column mirror.freshness.contacts_about is 'About how many contacts the mirror holds, tombstones included, from the planner''s statistics; null while they do not know. Count mirror.contacts for the exact number.';
comment on column mirror.freshness.custom_fields_fetched_at is 'When the custom fields were last read from LiveVox.';
comment on column mirror.freshness.contact_groups_fetched_at is 'When the contact groups were last read from LiveVox; null: never.';
comment on column mirror.freshness.agents_fetched_at is 'When the agents were last read from LiveVox; null: never.';
comment on column mirror.freshness.agent_skills_fetched_at is 'When the agent skills were last read from LiveVox; null: never.';
comment on column mirror.freshness.has_backlog is 'Whether changed contacts wait for their notes and associated accounts to be read.';

-- Of a client's own view: the columns that show what mirror.contacts has, in the words of mirror.contacts.
create function mirror.copy_contact_comments(view regclass, except_columns text[]) returns void
language plpgsql
as $$
declare
  copied record;
begin
  for copied in
    select v.attname, col_description(c.attrelid, c.attnum) as words
      from pg_attribute v
      join pg_attribute c on c.attrelid = 'mirror.contacts'::regclass and c.attname = v.attname and c.attnum > 0 and not c.attisdropped
     where v.attrelid = view and v.attnum > 0 and not v.attisdropped and v.attname <> all (except_columns)
  loop
    execute format('comment on column %s.%I is %L', view, copied.attname, copied.words);
  end loop;
end $$;
comment on function mirror.copy_contact_comments(regclass, text[]) is
  'Comments the columns of a client''s own view in the words of mirror.contacts, but for the columns named.';
