table lvsync.migrations (
  name text not null,
  sha256 text not null,
  applied_at timestamp with time zone not null default now(),
  constraint migrations_pkey PRIMARY KEY (name)
);
CREATE UNIQUE INDEX migrations_pkey ON lvsync.migrations USING btree (name);

table mirror.agent_proficiencies (
  tenant text not null,
  agent_id bigint not null,
  skill_id bigint not null,
  proficiency integer not null,
  fetched_at timestamp with time zone not null,
  gone_at timestamp with time zone,
  constraint agent_proficiencies_pkey PRIMARY KEY (tenant, agent_id, skill_id)
);
CREATE UNIQUE INDEX agent_proficiencies_pkey ON mirror.agent_proficiencies USING btree (tenant, agent_id, skill_id);

table mirror.agent_skills (
  tenant text not null,
  id bigint not null,
  name text not null,
  description text not null,
  fetched_at timestamp with time zone not null,
  gone_at timestamp with time zone,
  constraint agent_skills_pkey PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX agent_skills_pkey ON mirror.agent_skills USING btree (tenant, id);

table mirror.agents (
  tenant text not null,
  id bigint not null,
  login_id text not null,
  first_name text not null,
  last_name text not null,
  phone text not null,
  active boolean not null,
  last_login timestamp with time zone,
  fetched_at timestamp with time zone not null,
  gone_at timestamp with time zone,
  constraint agents_pkey PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX agents_pkey ON mirror.agents USING btree (tenant, id);

table mirror.associated_accounts (
  tenant text not null,
  account text not null,
  id bigint not null,
  name text not null,
  created_by text,
  created_date timestamp with time zone,
  modified_by text,
  modified_date timestamp with time zone,
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
  fetched_at timestamp with time zone not null,
  gone_at timestamp with time zone,
  constraint associated_accounts_pkey PRIMARY KEY (tenant, account, id)
);
CREATE UNIQUE INDEX associated_accounts_pkey ON mirror.associated_accounts USING btree (tenant, account, id);

view mirror.contact_changes (
  tenant text,
  account text,
  field text,
  old_value text,
  new_value text,
  valid_at timestamp with time zone,
  known_at timestamp with time zone,
  changed_by text,
  run_id uuid
);

table mirror.contact_groups (
  tenant text not null,
  id bigint not null,
  name text not null,
  created_by text,
  modified_by text,
  created_at timestamp with time zone,
  modified_at timestamp with time zone,
  fetched_at timestamp with time zone not null,
  gone_at timestamp with time zone,
  constraint contact_groups_pkey PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX contact_groups_pkey ON mirror.contact_groups USING btree (tenant, id);

view mirror.contact_history (
  tenant text,
  account text,
  due_date date,
  account_to_speak text,
  address1 text,
  address2 text,
  agent_id integer,
  agent_team_id integer,
  amount_to_speak numeric,
  active boolean,
  call_attempts_total integer,
  call_attempts_today integer,
  city text,
  client_id integer,
  country_id integer,
  create_date timestamp with time zone,
  create_user text,
  department text,
  description text,
  date_of_birth date,
  account_block boolean,
  account_block_daily boolean,
  account_email_block boolean,
  email text,
  first_name text,
  group_id integer,
  guarantor_first_name text,
  guarantor_last_name text,
  initial_load_campaign_id integer,
  initial_load_date timestamp with time zone,
  last_load_campaign_id integer,
  last_load_date timestamp with time zone,
  last_name text,
  lv_account_id bigint,
  modify_date timestamp with time zone,
  modify_user text,
  original_account_number text,
  balance numeric,
  phone1 text,
  phone1_attempts_total integer,
  phone1_attempts_today integer,
  phone1_cell_consent boolean,
  phone1_block boolean,
  phone1_block_daily boolean,
  phone1_sms_consent boolean,
  phone2 text,
  phone2_attempts_total integer,
  phone2_attempts_today integer,
  phone2_cell_consent boolean,
  phone2_block boolean,
  phone2_block_daily boolean,
  phone2_sms_consent boolean,
  phone3 text,
  phone3_attempts_total integer,
  phone3_attempts_today integer,
  phone3_cell_consent boolean,
  phone3_block boolean,
  phone3_block_daily boolean,
  phone3_sms_consent boolean,
  phone4 text,
  phone4_attempts_total integer,
  phone4_attempts_today integer,
  phone4_cell_consent boolean,
  phone4_block boolean,
  phone4_block_daily boolean,
  phone4_sms_consent boolean,
  phone5 text,
  phone5_attempts_total integer,
  phone5_attempts_today integer,
  phone5_cell_consent boolean,
  phone5_block boolean,
  phone5_block_daily boolean,
  phone5_sms_consent boolean,
  phone6 text,
  phone6_attempts_total integer,
  phone6_attempts_today integer,
  phone6_cell_consent boolean,
  phone6_block boolean,
  phone6_block_daily boolean,
  phone6_sms_consent boolean,
  phone7 text,
  phone7_attempts_total integer,
  phone7_attempts_today integer,
  phone7_cell_consent boolean,
  phone7_block boolean,
  phone7_block_daily boolean,
  phone7_sms_consent boolean,
  phone8 text,
  phone8_attempts_total integer,
  phone8_attempts_today integer,
  phone8_cell_consent boolean,
  phone8_block boolean,
  phone8_block_daily boolean,
  phone8_sms_consent boolean,
  phone9 text,
  phone9_attempts_total integer,
  phone9_attempts_today integer,
  phone9_cell_consent boolean,
  phone9_block boolean,
  phone9_block_daily boolean,
  phone9_sms_consent boolean,
  phone10 text,
  phone10_attempts_total integer,
  phone10_attempts_today integer,
  phone10_cell_consent boolean,
  phone10_block boolean,
  phone10_block_daily boolean,
  phone10_sms_consent boolean,
  zip_code text,
  primary_email_consent boolean,
  salutation text,
  primary_sms_consent boolean,
  ssn text,
  state text,
  title text,
  col1 text,
  col2 text,
  col3 text,
  col4 text,
  col5 text,
  col6 text,
  col7 text,
  col8 text,
  col9 text,
  col10 text,
  col11 text,
  col12 text,
  col13 text,
  col14 text,
  col15 text,
  col16 text,
  col17 text,
  col18 text,
  col19 text,
  col20 text,
  col21 text,
  col22 text,
  col23 text,
  col24 text,
  col25 text,
  col26 text,
  col27 text,
  col28 text,
  col29 text,
  col30 text,
  col31 text,
  col32 text,
  col33 text,
  col34 text,
  col35 text,
  col36 text,
  col37 text,
  col38 text,
  col39 text,
  col40 text,
  col41 text,
  col42 text,
  col43 text,
  col44 text,
  col45 text,
  col46 text,
  col47 text,
  col48 text,
  col49 text,
  col50 text,
  col51 text,
  col52 text,
  col53 text,
  col54 text,
  col55 text,
  col56 text,
  col57 text,
  col58 text,
  col59 text,
  col60 text,
  col61 text,
  col62 text,
  col63 text,
  col64 text,
  col65 text,
  col66 text,
  col67 text,
  col68 text,
  col69 text,
  col70 text,
  col71 text,
  col72 text,
  col73 text,
  col74 text,
  col75 text,
  col76 text,
  col77 text,
  col78 text,
  col79 text,
  col80 text,
  col81 text,
  col82 text,
  col83 text,
  col84 text,
  col85 text,
  col86 text,
  col87 text,
  col88 text,
  col89 text,
  col90 text,
  col91 text,
  col92 text,
  col93 text,
  col94 text,
  col95 text,
  col96 text,
  col97 text,
  col98 text,
  col99 text,
  col100 text,
  first_seen_at timestamp with time zone,
  merged_at timestamp with time zone,
  merged_by uuid,
  tombstoned_at timestamp with time zone,
  known_from timestamp with time zone,
  known_until timestamp with time zone,
  valid_from timestamp with time zone
);

table mirror.contact_notes (
  tenant text not null,
  account text not null,
  id bigint not null,
  note text not null,
  session_id text,
  transaction_id bigint,
  create_date timestamp with time zone,
  modified_date timestamp with time zone,
  fetched_at timestamp with time zone not null,
  gone_at timestamp with time zone,
  constraint contact_notes_pkey PRIMARY KEY (tenant, account, id)
);
CREATE UNIQUE INDEX contact_notes_pkey ON mirror.contact_notes USING btree (tenant, account, id);

view mirror.contact_phones (
  tenant text,
  account text,
  ordinal integer,
  phone text,
  attempts_total integer,
  attempts_today integer,
  cell_consent boolean,
  sms_consent boolean,
  block boolean,
  block_daily boolean,
  block_daily_in_force boolean,
  blocked_by text,
  blocked boolean,
  active boolean,
  state text,
  merged_at timestamp with time zone,
  tombstoned_at timestamp with time zone
);

table mirror.contact_versions (
  tenant text not null,
  account text not null,
  due_date date,
  account_to_speak text,
  address1 text,
  address2 text,
  agent_id integer,
  agent_team_id integer,
  amount_to_speak numeric,
  active boolean,
  call_attempts_total integer,
  call_attempts_today integer,
  city text,
  client_id integer,
  country_id integer,
  create_date timestamp with time zone,
  create_user text,
  department text,
  description text,
  date_of_birth date,
  account_block boolean,
  account_block_daily boolean,
  account_email_block boolean,
  email text,
  first_name text,
  group_id integer,
  guarantor_first_name text,
  guarantor_last_name text,
  initial_load_campaign_id integer,
  initial_load_date timestamp with time zone,
  last_load_campaign_id integer,
  last_load_date timestamp with time zone,
  last_name text,
  lv_account_id bigint,
  modify_date timestamp with time zone,
  modify_user text,
  original_account_number text,
  balance numeric,
  phone1 text,
  phone1_attempts_total integer,
  phone1_attempts_today integer,
  phone1_cell_consent boolean,
  phone1_block boolean,
  phone1_block_daily boolean,
  phone1_sms_consent boolean,
  phone2 text,
  phone2_attempts_total integer,
  phone2_attempts_today integer,
  phone2_cell_consent boolean,
  phone2_block boolean,
  phone2_block_daily boolean,
  phone2_sms_consent boolean,
  phone3 text,
  phone3_attempts_total integer,
  phone3_attempts_today integer,
  phone3_cell_consent boolean,
  phone3_block boolean,
  phone3_block_daily boolean,
  phone3_sms_consent boolean,
  phone4 text,
  phone4_attempts_total integer,
  phone4_attempts_today integer,
  phone4_cell_consent boolean,
  phone4_block boolean,
  phone4_block_daily boolean,
  phone4_sms_consent boolean,
  phone5 text,
  phone5_attempts_total integer,
  phone5_attempts_today integer,
  phone5_cell_consent boolean,
  phone5_block boolean,
  phone5_block_daily boolean,
  phone5_sms_consent boolean,
  phone6 text,
  phone6_attempts_total integer,
  phone6_attempts_today integer,
  phone6_cell_consent boolean,
  phone6_block boolean,
  phone6_block_daily boolean,
  phone6_sms_consent boolean,
  phone7 text,
  phone7_attempts_total integer,
  phone7_attempts_today integer,
  phone7_cell_consent boolean,
  phone7_block boolean,
  phone7_block_daily boolean,
  phone7_sms_consent boolean,
  phone8 text,
  phone8_attempts_total integer,
  phone8_attempts_today integer,
  phone8_cell_consent boolean,
  phone8_block boolean,
  phone8_block_daily boolean,
  phone8_sms_consent boolean,
  phone9 text,
  phone9_attempts_total integer,
  phone9_attempts_today integer,
  phone9_cell_consent boolean,
  phone9_block boolean,
  phone9_block_daily boolean,
  phone9_sms_consent boolean,
  phone10 text,
  phone10_attempts_total integer,
  phone10_attempts_today integer,
  phone10_cell_consent boolean,
  phone10_block boolean,
  phone10_block_daily boolean,
  phone10_sms_consent boolean,
  zip_code text,
  primary_email_consent boolean,
  salutation text,
  primary_sms_consent boolean,
  ssn text,
  state text,
  title text,
  col1 text,
  col2 text,
  col3 text,
  col4 text,
  col5 text,
  col6 text,
  col7 text,
  col8 text,
  col9 text,
  col10 text,
  col11 text,
  col12 text,
  col13 text,
  col14 text,
  col15 text,
  col16 text,
  col17 text,
  col18 text,
  col19 text,
  col20 text,
  col21 text,
  col22 text,
  col23 text,
  col24 text,
  col25 text,
  col26 text,
  col27 text,
  col28 text,
  col29 text,
  col30 text,
  col31 text,
  col32 text,
  col33 text,
  col34 text,
  col35 text,
  col36 text,
  col37 text,
  col38 text,
  col39 text,
  col40 text,
  col41 text,
  col42 text,
  col43 text,
  col44 text,
  col45 text,
  col46 text,
  col47 text,
  col48 text,
  col49 text,
  col50 text,
  col51 text,
  col52 text,
  col53 text,
  col54 text,
  col55 text,
  col56 text,
  col57 text,
  col58 text,
  col59 text,
  col60 text,
  col61 text,
  col62 text,
  col63 text,
  col64 text,
  col65 text,
  col66 text,
  col67 text,
  col68 text,
  col69 text,
  col70 text,
  col71 text,
  col72 text,
  col73 text,
  col74 text,
  col75 text,
  col76 text,
  col77 text,
  col78 text,
  col79 text,
  col80 text,
  col81 text,
  col82 text,
  col83 text,
  col84 text,
  col85 text,
  col86 text,
  col87 text,
  col88 text,
  col89 text,
  col90 text,
  col91 text,
  col92 text,
  col93 text,
  col94 text,
  col95 text,
  col96 text,
  col97 text,
  col98 text,
  col99 text,
  col100 text,
  first_seen_at timestamp with time zone not null,
  merged_at timestamp with time zone not null,
  merged_by uuid not null,
  tombstoned_at timestamp with time zone,
  known_until timestamp with time zone not null,
  replaced_by uuid not null,
  changed_by text not null,
  pushed_fields text[],
  constraint contact_versions_changed_by_check CHECK ((changed_by = ANY (ARRAY['pull'::text, 'push'::text, 'unknown'::text])))
);
CREATE INDEX contact_versions_by_account ON ONLY mirror.contact_versions USING btree (tenant, account, known_until);

table mirror.contacts with (fillfactor=85) (
  tenant text not null default current_setting('lvsync.tenant'::text, true),
  account text not null,
  due_date date,
  account_to_speak text,
  address1 text,
  address2 text,
  agent_id integer,
  agent_team_id integer,
  amount_to_speak numeric,
  active boolean,
  call_attempts_total integer,
  call_attempts_today integer,
  city text,
  client_id integer,
  country_id integer,
  create_date timestamp with time zone,
  create_user text,
  department text,
  description text,
  date_of_birth date,
  account_block boolean,
  account_block_daily boolean,
  account_email_block boolean,
  email text,
  first_name text,
  group_id integer,
  guarantor_first_name text,
  guarantor_last_name text,
  initial_load_campaign_id integer,
  initial_load_date timestamp with time zone,
  last_load_campaign_id integer,
  last_load_date timestamp with time zone,
  last_name text,
  lv_account_id bigint,
  modify_date timestamp with time zone,
  modify_user text,
  original_account_number text,
  balance numeric,
  phone1 text,
  phone1_attempts_total integer,
  phone1_attempts_today integer,
  phone1_cell_consent boolean,
  phone1_block boolean,
  phone1_block_daily boolean,
  phone1_sms_consent boolean,
  phone2 text,
  phone2_attempts_total integer,
  phone2_attempts_today integer,
  phone2_cell_consent boolean,
  phone2_block boolean,
  phone2_block_daily boolean,
  phone2_sms_consent boolean,
  phone3 text,
  phone3_attempts_total integer,
  phone3_attempts_today integer,
  phone3_cell_consent boolean,
  phone3_block boolean,
  phone3_block_daily boolean,
  phone3_sms_consent boolean,
  phone4 text,
  phone4_attempts_total integer,
  phone4_attempts_today integer,
  phone4_cell_consent boolean,
  phone4_block boolean,
  phone4_block_daily boolean,
  phone4_sms_consent boolean,
  phone5 text,
  phone5_attempts_total integer,
  phone5_attempts_today integer,
  phone5_cell_consent boolean,
  phone5_block boolean,
  phone5_block_daily boolean,
  phone5_sms_consent boolean,
  phone6 text,
  phone6_attempts_total integer,
  phone6_attempts_today integer,
  phone6_cell_consent boolean,
  phone6_block boolean,
  phone6_block_daily boolean,
  phone6_sms_consent boolean,
  phone7 text,
  phone7_attempts_total integer,
  phone7_attempts_today integer,
  phone7_cell_consent boolean,
  phone7_block boolean,
  phone7_block_daily boolean,
  phone7_sms_consent boolean,
  phone8 text,
  phone8_attempts_total integer,
  phone8_attempts_today integer,
  phone8_cell_consent boolean,
  phone8_block boolean,
  phone8_block_daily boolean,
  phone8_sms_consent boolean,
  phone9 text,
  phone9_attempts_total integer,
  phone9_attempts_today integer,
  phone9_cell_consent boolean,
  phone9_block boolean,
  phone9_block_daily boolean,
  phone9_sms_consent boolean,
  phone10 text,
  phone10_attempts_total integer,
  phone10_attempts_today integer,
  phone10_cell_consent boolean,
  phone10_block boolean,
  phone10_block_daily boolean,
  phone10_sms_consent boolean,
  zip_code text,
  primary_email_consent boolean,
  salutation text,
  primary_sms_consent boolean,
  ssn text,
  state text,
  title text,
  col1 text,
  col2 text,
  col3 text,
  col4 text,
  col5 text,
  col6 text,
  col7 text,
  col8 text,
  col9 text,
  col10 text,
  col11 text,
  col12 text,
  col13 text,
  col14 text,
  col15 text,
  col16 text,
  col17 text,
  col18 text,
  col19 text,
  col20 text,
  col21 text,
  col22 text,
  col23 text,
  col24 text,
  col25 text,
  col26 text,
  col27 text,
  col28 text,
  col29 text,
  col30 text,
  col31 text,
  col32 text,
  col33 text,
  col34 text,
  col35 text,
  col36 text,
  col37 text,
  col38 text,
  col39 text,
  col40 text,
  col41 text,
  col42 text,
  col43 text,
  col44 text,
  col45 text,
  col46 text,
  col47 text,
  col48 text,
  col49 text,
  col50 text,
  col51 text,
  col52 text,
  col53 text,
  col54 text,
  col55 text,
  col56 text,
  col57 text,
  col58 text,
  col59 text,
  col60 text,
  col61 text,
  col62 text,
  col63 text,
  col64 text,
  col65 text,
  col66 text,
  col67 text,
  col68 text,
  col69 text,
  col70 text,
  col71 text,
  col72 text,
  col73 text,
  col74 text,
  col75 text,
  col76 text,
  col77 text,
  col78 text,
  col79 text,
  col80 text,
  col81 text,
  col82 text,
  col83 text,
  col84 text,
  col85 text,
  col86 text,
  col87 text,
  col88 text,
  col89 text,
  col90 text,
  col91 text,
  col92 text,
  col93 text,
  col94 text,
  col95 text,
  col96 text,
  col97 text,
  col98 text,
  col99 text,
  col100 text,
  first_seen_at timestamp with time zone not null default COALESCE(to_timestamp((NULLIF(current_setting('lvsync.merged_at'::text, true), ''::text))::double precision), now()),
  merged_at timestamp with time zone not null default COALESCE(to_timestamp((NULLIF(current_setting('lvsync.merged_at'::text, true), ''::text))::double precision), now()),
  merged_by uuid not null default (NULLIF(current_setting('lvsync.run'::text, true), ''::text))::uuid,
  tombstoned_at timestamp with time zone,
  constraint contacts_pkey PRIMARY KEY (tenant, account)
);
CREATE UNIQUE INDEX contacts_pkey ON mirror.contacts USING btree (tenant, account);

view mirror.coverage (
  tenant text,
  kind text,
  starts_at timestamp with time zone,
  ends_at timestamp with time zone
);

table mirror.custom_fields (
  tenant text not null,
  field text not null,
  label text not null,
  data_type text not null,
  list_values text[],
  fetched_at timestamp with time zone not null,
  constraint custom_fields_pkey PRIMARY KEY (tenant, field)
);
CREATE UNIQUE INDEX custom_fields_pkey ON mirror.custom_fields USING btree (tenant, field);

view mirror.freshness (
  tenant text,
  time_zone text,
  watermark timestamp with time zone,
  merged_at timestamp with time zone,
  minutes_behind numeric,
  gaps integer,
  contacts_about bigint,
  custom_fields_fetched_at timestamp with time zone,
  contact_groups_fetched_at timestamp with time zone,
  agents_fetched_at timestamp with time zone,
  agent_skills_fetched_at timestamp with time zone,
  has_backlog boolean
);

table mirror.reference_lists (
  tenant text not null,
  list text not null,
  fetched_at timestamp with time zone,
  refused_at timestamp with time zone,
  constraint reference_lists_list_check CHECK ((list = ANY (ARRAY['contact_groups'::text, 'agents'::text, 'agent_skills'::text]))),
  constraint reference_lists_pkey PRIMARY KEY (tenant, list)
);
CREATE UNIQUE INDEX reference_lists_pkey ON mirror.reference_lists USING btree (tenant, list);

table mirror.tenants (
  tenant text not null,
  time_zone text not null,
  contacts_view text,
  contacts_view_sha256 text,
  backlog_until timestamp with time zone,
  constraint tenants_pkey PRIMARY KEY (tenant),
  constraint tenants_time_zone_check CHECK (((to_timestamp((0)::double precision) AT TIME ZONE time_zone) IS NOT NULL))
);
CREATE UNIQUE INDEX tenants_pkey ON mirror.tenants USING btree (tenant);

table sync.absences (
  tenant text not null,
  account text not null,
  first_sweep_id bigint not null,
  merged_at timestamp with time zone not null,
  missed_at timestamp with time zone not null,
  constraint absences_first_sweep_id_fkey FOREIGN KEY (first_sweep_id) REFERENCES sync.sweeps(id),
  constraint absences_pkey PRIMARY KEY (tenant, account)
);
CREATE UNIQUE INDEX absences_pkey ON sync.absences USING btree (tenant, account);

table sync.approvals (
  id bigint not null generated always as identity,
  change_set_id uuid not null,
  seal text not null,
  approved_by text not null,
  reason text not null,
  approved_at timestamp with time zone not null default clock_timestamp(),
  constraint approvals_approved_by_check CHECK ((btrim(approved_by) <> ''::text)),
  constraint approvals_change_set_id_fkey FOREIGN KEY (change_set_id) REFERENCES sync.change_sets(id) ON DELETE CASCADE,
  constraint approvals_pkey PRIMARY KEY (id),
  constraint approvals_reason_check CHECK ((btrim(reason) <> ''::text))
);
CREATE UNIQUE INDEX approvals_by_person ON sync.approvals USING btree (change_set_id, lower(approved_by));
CREATE UNIQUE INDEX approvals_pkey ON sync.approvals USING btree (id);

table sync.audit (
  id bigint not null generated always as identity,
  at timestamp with time zone not null default clock_timestamp(),
  tenant text not null,
  actor text not null,
  action text not null,
  change_set_id uuid,
  detail text not null default ''::text,
  constraint audit_action_check CHECK ((action = ANY (ARRAY['approved'::text, 'applied'::text, 'unmasked'::text, 'reverted'::text, 'blocked'::text, 'retried'::text, 'dropped'::text, 'forgotten'::text]))),
  constraint audit_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_by_tenant ON sync.audit USING btree (tenant, at);
CREATE UNIQUE INDEX audit_pkey ON sync.audit USING btree (id);

table sync.change_sets (
  id uuid not null,
  tenant text not null,
  run_id uuid not null,
  system_of_record text not null,
  state text not null,
  held_because text[] not null default '{}'::text[],
  counts json not null default '{}'::json,
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  seal text,
  policy jsonb not null default '{}'::jsonb,
  holds jsonb not null default '[]'::jsonb,
  sealed_at timestamp with time zone,
  expires_at timestamp with time zone,
  forecast jsonb,
  urgent boolean not null default false,
  stopped_numbers text[] not null default '{}'::text[],
  reverts uuid,
  fact jsonb,
  constraint change_sets_pkey PRIMARY KEY (id),
  constraint change_sets_reverts_fkey FOREIGN KEY (reverts) REFERENCES sync.change_sets(id) ON DELETE SET NULL,
  constraint change_sets_run_id_fkey FOREIGN KEY (run_id) REFERENCES sync.runs(id),
  constraint change_sets_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'held'::text, 'approved'::text, 'pushing'::text, 'pushed'::text, 'proven'::text, 'not_proven'::text, 'superseded'::text, 'expired'::text])))
);
CREATE INDEX change_sets_by_tenant ON sync.change_sets USING btree (tenant, created_at DESC);
CREATE INDEX change_sets_held ON sync.change_sets USING btree (tenant, created_at) WHERE (state = 'held'::text);
CREATE INDEX change_sets_urgent ON sync.change_sets USING btree (tenant, created_at) WHERE urgent;
CREATE UNIQUE INDEX change_sets_pkey ON sync.change_sets USING btree (id);

table sync.chunk_sizes (
  tenant text not null,
  endpoint text not null,
  size_rows integer not null,
  accepted_in_a_row integer not null default 0,
  changed_at timestamp with time zone not null default clock_timestamp(),
  reason text not null default ''::text,
  constraint chunk_sizes_endpoint_check CHECK ((endpoint = ANY (ARRAY['bulk_create'::text, 'bulk_update'::text, 'multi_dnd'::text]))),
  constraint chunk_sizes_pkey PRIMARY KEY (tenant, endpoint),
  constraint chunk_sizes_size_rows_check CHECK ((size_rows > 0))
);
CREATE UNIQUE INDEX chunk_sizes_pkey ON sync.chunk_sizes USING btree (tenant, endpoint);

table sync.chunks (
  change_set_id uuid not null,
  seq integer not null,
  operation text not null,
  endpoint text not null,
  size_rows integer not null,
  state text not null default 'planned'::text,
  sent_at timestamp with time zone,
  answered_at timestamp with time zone,
  server_date timestamp with time zone,
  http_status integer,
  reported_rows integer,
  message text,
  fence bigint,
  claimed_at timestamp with time zone,
  attempts integer not null default 0,
  code text,
  single boolean not null default false,
  split_from integer,
  position bigint not null default 0,
  constraint chunks_change_set_id_fkey FOREIGN KEY (change_set_id) REFERENCES sync.change_sets(id) ON DELETE CASCADE,
  constraint chunks_claim_check CHECK (((state <> 'claimed'::text) OR ((fence IS NOT NULL) AND (claimed_at IS NOT NULL)))),
  constraint chunks_endpoint_check CHECK ((endpoint = ANY (ARRAY['bulk_create'::text, 'bulk_update'::text, 'multi_dnd'::text, 'delete_contact'::text]))),
  constraint chunks_operation_check CHECK ((operation = ANY (ARRAY['block'::text, 'create'::text, 'update'::text, 'lift'::text, 'deactivate'::text, 'delete'::text]))),
  constraint chunks_pkey PRIMARY KEY (change_set_id, seq),
  constraint chunks_single_check CHECK (((NOT single) OR (size_rows = 1))),
  constraint chunks_size_rows_check CHECK ((size_rows > 0)),
  constraint chunks_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'claimed'::text, 'sent'::text, 'accepted'::text, 'refused'::text, 'in_doubt'::text, 'split'::text])))
);
CREATE INDEX chunks_open ON sync.chunks USING btree (change_set_id) WHERE (state = ANY (ARRAY['claimed'::text, 'sent'::text, 'in_doubt'::text]));
CREATE INDEX chunks_planned ON sync.chunks USING btree (change_set_id, operation, endpoint, "position", seq) WHERE (state = 'planned'::text);
CREATE UNIQUE INDEX chunks_pkey ON sync.chunks USING btree (change_set_id, seq);

table sync.comparisons (
  id bigint not null generated always as identity,
  tenant text not null,
  system_of_record text not null,
  key text not null,
  touched_seq bigint not null,
  rows bigint not null,
  built_at timestamp with time zone not null,
  desired_run_id uuid,
  desired_label text,
  desired_rows bigint,
  desired_at timestamp with time zone,
  constraint comparisons_pkey PRIMARY KEY (id),
  constraint comparisons_tenant_system_of_record_key UNIQUE (tenant, system_of_record)
);
CREATE UNIQUE INDEX comparisons_pkey ON sync.comparisons USING btree (id);
CREATE UNIQUE INDEX comparisons_tenant_system_of_record_key ON sync.comparisons USING btree (tenant, system_of_record);

table sync.coverage (
  id bigint not null generated always as identity,
  tenant text not null,
  run_id uuid not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  server_now timestamp with time zone not null,
  overlap_ms bigint not null,
  rows bigint not null,
  bytes bigint not null,
  sha256 text not null,
  merged_at timestamp with time zone not null,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  download_id bigint,
  constraint coverage_check CHECK ((starts_at <= ends_at)),
  constraint coverage_download_id_fkey FOREIGN KEY (download_id) REFERENCES sync.downloads(id),
  constraint coverage_pkey PRIMARY KEY (id),
  constraint coverage_run_id_fkey FOREIGN KEY (run_id) REFERENCES sync.runs(id)
);
CREATE INDEX coverage_by_merge ON sync.coverage USING btree (tenant, merged_at DESC);
CREATE INDEX coverage_by_tenant ON sync.coverage USING btree (tenant, starts_at);
CREATE UNIQUE INDEX coverage_pkey ON sync.coverage USING btree (id);

table sync.dead_letters (
  id bigint not null generated always as identity,
  tenant text not null,
  account text not null,
  operation text not null,
  endpoint text not null,
  sends_digest text not null,
  fields text[] not null,
  change_set_id uuid,
  http_status integer,
  code text,
  message text,
  state text not null default 'open'::text,
  times integer not null default 1,
  first_at timestamp with time zone not null default clock_timestamp(),
  last_at timestamp with time zone not null default clock_timestamp(),
  decided_by text,
  decided_because text,
  constraint dead_letters_change_set_id_fkey FOREIGN KEY (change_set_id) REFERENCES sync.change_sets(id) ON DELETE SET NULL,
  constraint dead_letters_pkey PRIMARY KEY (id),
  constraint dead_letters_state_check CHECK ((state = ANY (ARRAY['open'::text, 'retry'::text, 'dropped'::text, 'resolved'::text]))),
  constraint dead_letters_tenant_account_endpoint_sends_digest_key UNIQUE (tenant, account, endpoint, sends_digest)
);
CREATE INDEX dead_letters_open ON sync.dead_letters USING btree (tenant) WHERE (state = 'open'::text);
CREATE UNIQUE INDEX dead_letters_pkey ON sync.dead_letters USING btree (id);
CREATE UNIQUE INDEX dead_letters_tenant_account_endpoint_sends_digest_key ON sync.dead_letters USING btree (tenant, account, endpoint, sends_digest);

table sync.downloads (
  id bigint not null generated always as identity,
  tenant text not null,
  run_id uuid not null,
  reason text not null,
  starts_at timestamp with time zone,
  ends_at timestamp with time zone,
  covers_from timestamp with time zone,
  covers_until timestamp with time zone,
  server_now timestamp with time zone not null,
  overlap_ms bigint not null,
  state text not null default 'asked'::text,
  asked_at timestamp with time zone not null default clock_timestamp(),
  landed_at timestamp with time zone,
  ended_at timestamp with time zone,
  file text,
  bytes bigint,
  sha256 text,
  rows bigint,
  message text,
  constraint downloads_check CHECK (((covers_from IS NULL) = (covers_until IS NULL))),
  constraint downloads_check1 CHECK ((covers_from <= covers_until)),
  constraint downloads_check2 CHECK (((state = ANY (ARRAY['merged'::text, 'failed'::text, 'split'::text, 'dropped'::text])) = (ended_at IS NOT NULL))),
  constraint downloads_pkey PRIMARY KEY (id),
  constraint downloads_reason_check CHECK ((reason = ANY (ARRAY['gap'::text, 'new_time'::text, 'given'::text, 'full'::text, 'slice'::text, 'replay'::text]))),
  constraint downloads_run_id_fkey FOREIGN KEY (run_id) REFERENCES sync.runs(id),
  constraint downloads_state_check CHECK ((state = ANY (ARRAY['asked'::text, 'landed'::text, 'merged'::text, 'failed'::text, 'split'::text, 'dropped'::text])))
);
CREATE INDEX downloads_by_tenant ON sync.downloads USING btree (tenant, id DESC);
CREATE UNIQUE INDEX downloads_pkey ON sync.downloads USING btree (id);

table sync.drift (
  id bigint not null generated always as identity,
  sweep_id bigint,
  tenant text not null,
  account text not null,
  cause text not null,
  modify_date timestamp with time zone,
  found_at timestamp with time zone not null default clock_timestamp(),
  repaired_at timestamp with time zone,
  run_id uuid,
  constraint drift_cause_check CHECK ((cause = ANY (ARRAY['late_commit'::text, 'missed_window'::text, 'silent_change'::text, 'rolled_back'::text, 'vanished'::text, 'altered'::text]))),
  constraint drift_found_check CHECK (((sweep_id IS NOT NULL) OR (run_id IS NOT NULL))),
  constraint drift_pkey PRIMARY KEY (id),
  constraint drift_run_id_fkey FOREIGN KEY (run_id) REFERENCES sync.runs(id) ON DELETE CASCADE,
  constraint drift_sweep_id_fkey FOREIGN KEY (sweep_id) REFERENCES sync.sweeps(id) ON DELETE CASCADE
);
CREATE INDEX drift_by_run ON sync.drift USING btree (run_id) WHERE (run_id IS NOT NULL);
CREATE INDEX drift_by_sweep ON sync.drift USING btree (sweep_id, cause);
CREATE UNIQUE INDEX drift_pkey ON sync.drift USING btree (id);

table sync.fences (
  tenant text not null,
  token bigint not null,
  taken_at timestamp with time zone not null default clock_timestamp(),
  constraint fences_pkey PRIMARY KEY (tenant)
);
CREATE UNIQUE INDEX fences_pkey ON sync.fences USING btree (tenant);

table sync.lane_slots with (fillfactor=50) (
  lane text not null,
  slots timestamp with time zone[] not null default '{}'::timestamp with time zone[],
  blocked_until timestamp with time zone,
  learnt_starts integer,
  learnt_per_ms bigint,
  learnt_at timestamp with time zone,
  learnt_until timestamp with time zone,
  constraint lane_slots_learnt_per_ms_check CHECK ((learnt_per_ms > 0)),
  constraint lane_slots_learnt_starts_check CHECK ((learnt_starts > 0)),
  constraint lane_slots_pkey PRIMARY KEY (lane)
);
CREATE UNIQUE INDEX lane_slots_pkey ON sync.lane_slots USING btree (lane);

table sync.notices (
  id bigint not null generated always as identity,
  tenant text not null,
  event text not null,
  subject text not null,
  sentence text not null,
  run_id uuid,
  noted_at timestamp with time zone not null default clock_timestamp(),
  attempts integer not null default 0,
  claimed_at timestamp with time zone,
  told_at timestamp with time zone,
  constraint notices_event_check CHECK ((event = ANY (ARRAY['held'::text, 'failed'::text, 'not_proven'::text, 'clock_at_risk'::text, 'missed'::text]))),
  constraint notices_pkey PRIMARY KEY (id),
  constraint notices_run_id_fkey FOREIGN KEY (run_id) REFERENCES sync.runs(id) ON DELETE SET NULL,
  constraint notices_tenant_event_subject_key UNIQUE (tenant, event, subject)
);
CREATE INDEX notices_untold ON sync.notices USING btree (tenant, id) WHERE (told_at IS NULL);
CREATE UNIQUE INDEX notices_pkey ON sync.notices USING btree (id);
CREATE UNIQUE INDEX notices_tenant_event_subject_key ON sync.notices USING btree (tenant, event, subject);

table sync.patches (
  change_set_id uuid not null,
  seq bigint not null,
  account text not null,
  lv_account_id bigint,
  operation text not null,
  endpoint text,
  changes jsonb not null,
  sends jsonb not null,
  base_merged_at timestamp with time zone,
  chunk_seq integer,
  left_out_because text,
  verdict text,
  verdict_at timestamp with time zone,
  hazards text[] not null default '{}'::text[],
  risk smallint not null default 0,
  causes jsonb,
  dead_letter_id bigint,
  attempts smallint not null default 0,
  constraint patches_change_set_id_fkey FOREIGN KEY (change_set_id) REFERENCES sync.change_sets(id) ON DELETE CASCADE,
  constraint patches_check CHECK (((operation = 'not_expressible'::text) = (endpoint IS NULL))),
  constraint patches_dead_letter_id_fkey FOREIGN KEY (dead_letter_id) REFERENCES sync.dead_letters(id) ON DELETE SET NULL,
  constraint patches_endpoint_check CHECK ((endpoint = ANY (ARRAY['bulk_create'::text, 'bulk_update'::text, 'multi_dnd'::text, 'delete_contact'::text]))),
  constraint patches_operation_check CHECK ((operation = ANY (ARRAY['block'::text, 'create'::text, 'update'::text, 'lift'::text, 'deactivate'::text, 'delete'::text, 'not_expressible'::text]))),
  constraint patches_pkey PRIMARY KEY (change_set_id, seq),
  constraint patches_verdict_check CHECK ((verdict = ANY (ARRAY['confirmed'::text, 'not_taken'::text, 'altered'::text, 'overtaken'::text])))
);
CREATE INDEX patches_by_account ON sync.patches USING btree (change_set_id, account);
CREATE INDEX patches_by_chunk ON sync.patches USING btree (change_set_id, chunk_seq);
CREATE INDEX patches_by_risk ON sync.patches USING btree (change_set_id, risk DESC, seq);
CREATE UNIQUE INDEX patches_pkey ON sync.patches USING btree (change_set_id, seq);

table sync.quarantine (
  id bigint not null generated always as identity,
  tenant text not null,
  run_id uuid not null,
  origin text not null,
  file text not null,
  line bigint,
  byte_offset bigint,
  account text,
  reason text not null,
  raw text not null,
  quarantined_at timestamp with time zone not null default now(),
  constraint quarantine_origin_check CHECK ((origin = ANY (ARRAY['livevox'::text, 'system_of_record'::text]))),
  constraint quarantine_pkey PRIMARY KEY (id),
  constraint quarantine_run_id_fkey FOREIGN KEY (run_id) REFERENCES sync.runs(id) ON DELETE CASCADE
);
CREATE INDEX quarantine_by_run ON sync.quarantine USING btree (run_id, id);
CREATE UNIQUE INDEX quarantine_pkey ON sync.quarantine USING btree (id);

table sync.reconciles (
  id uuid not null,
  tenant text not null,
  accounts text[],
  apply boolean not null,
  system_of_record text,
  asked_at timestamp with time zone not null default clock_timestamp(),
  constraint reconciles_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX reconciles_pkey ON sync.reconciles USING btree (id);

table sync.reference_backlog (
  tenant text not null,
  account text not null,
  changed_at timestamp with time zone not null,
  constraint reference_backlog_pkey PRIMARY KEY (tenant, account)
);
CREATE INDEX reference_backlog_by_change ON sync.reference_backlog USING btree (tenant, changed_at DESC);
CREATE UNIQUE INDEX reference_backlog_pkey ON sync.reference_backlog USING btree (tenant, account);

table sync.run_steps (
  run_id uuid not null,
  ordinal smallint not null,
  step text not null,
  state text not null,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  counts json not null default '{}'::json,
  message text,
  constraint run_steps_pkey PRIMARY KEY (run_id, ordinal),
  constraint run_steps_run_id_fkey FOREIGN KEY (run_id) REFERENCES sync.runs(id) ON DELETE CASCADE,
  constraint run_steps_state_check CHECK ((state = ANY (ARRAY['running'::text, 'done'::text, 'failed'::text, 'skipped'::text]))),
  constraint run_steps_step_check CHECK ((step = ANY (ARRAY['pull'::text, 'verify'::text, 'diff'::text, 'push'::text, 'sweep'::text, 'replay'::text, 'revert'::text, 'block'::text, 'reconcile'::text])))
);
CREATE UNIQUE INDEX run_steps_pkey ON sync.run_steps USING btree (run_id, ordinal);

table sync.runs (
  id uuid not null,
  tenant text not null,
  kind text not null,
  started_from text not null,
  dedup_key text,
  state text not null,
  started_at timestamp with time zone not null,
  heartbeat_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  message text,
  beside boolean not null default false,
  constraint runs_check CHECK (((state = 'running'::text) = (ended_at IS NULL))),
  constraint runs_dedup_key_key UNIQUE (dedup_key),
  constraint runs_kind_check CHECK ((kind = ANY (ARRAY['pull'::text, 'plan'::text, 'apply'::text, 'sync'::text, 'sweep'::text, 'replay'::text, 'revert'::text, 'block'::text, 'reconcile'::text]))),
  constraint runs_pkey PRIMARY KEY (id),
  constraint runs_started_from_check CHECK ((started_from = ANY (ARRAY['command'::text, 'job'::text]))),
  constraint runs_state_check CHECK ((state = ANY (ARRAY['running'::text, 'proven'::text, 'not_proven'::text, 'held'::text, 'failed'::text, 'interrupted'::text])))
);
CREATE INDEX runs_by_kind ON sync.runs USING btree (tenant, kind, started_at DESC);
CREATE INDEX runs_by_tenant ON sync.runs USING btree (tenant, started_at DESC);
CREATE INDEX runs_running ON sync.runs USING btree (tenant, kind) WHERE (state = 'running'::text);
CREATE UNIQUE INDEX runs_dedup_key_key ON sync.runs USING btree (dedup_key);
CREATE UNIQUE INDEX runs_one_running_per_tenant ON sync.runs USING btree (tenant) WHERE ((state = 'running'::text) AND (kind <> 'block'::text) AND (NOT beside));
CREATE UNIQUE INDEX runs_pkey ON sync.runs USING btree (id);

table sync.sessions (
  name text not null,
  sealed text not null,
  replaced_at timestamp with time zone not null default now(),
  constraint sessions_pkey PRIMARY KEY (name)
);
CREATE UNIQUE INDEX sessions_pkey ON sync.sessions USING btree (name);

table sync.suppressions (
  id bigint not null generated always as identity,
  tenant text not null,
  account text not null,
  field text not null,
  kind text not null,
  asked_at timestamp with time zone not null,
  asked_from text not null,
  planned_at timestamp with time zone,
  sent_at timestamp with time zone,
  verified_at timestamp with time zone,
  ended_at timestamp with time zone,
  ended_because text,
  change_set_id uuid,
  constraint suppressions_asked_from_check CHECK ((asked_from = ANY (ARRAY['record'::text, 'first_seen'::text]))),
  constraint suppressions_change_set_id_fkey FOREIGN KEY (change_set_id) REFERENCES sync.change_sets(id) ON DELETE SET NULL,
  constraint suppressions_kind_check CHECK ((kind = ANY (ARRAY['block'::text, 'consent'::text]))),
  constraint suppressions_pkey PRIMARY KEY (id)
);
CREATE INDEX suppressions_by_account ON sync.suppressions USING btree (tenant, account);
CREATE INDEX suppressions_by_verified ON sync.suppressions USING btree (tenant, verified_at);
CREATE UNIQUE INDEX suppressions_open ON sync.suppressions USING btree (tenant, account, field) WHERE ((verified_at IS NULL) AND (ended_at IS NULL));
CREATE UNIQUE INDEX suppressions_pkey ON sync.suppressions USING btree (id);

table sync.sweeps (
  id bigint not null generated always as identity,
  tenant text not null,
  run_id uuid not null,
  kind text not null,
  state text not null default 'running'::text,
  slice integer,
  slices integer,
  starts_at timestamp with time zone,
  ends_at timestamp with time zone,
  started_at timestamp with time zone not null default clock_timestamp(),
  ended_at timestamp with time zone,
  server_started_at timestamp with time zone not null,
  server_ended_at timestamp with time zone,
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
  constraint sweeps_check CHECK (((kind = 'slice'::text) = ((slice IS NOT NULL) AND (slices IS NOT NULL)))),
  constraint sweeps_check1 CHECK (((state = 'running'::text) = (ended_at IS NULL))),
  constraint sweeps_check2 CHECK ((mirror_rows = ((present + absent) + not_judged))),
  constraint sweeps_kind_check CHECK ((kind = ANY (ARRAY['whole'::text, 'slice'::text]))),
  constraint sweeps_pkey PRIMARY KEY (id),
  constraint sweeps_run_id_fkey FOREIGN KEY (run_id) REFERENCES sync.runs(id),
  constraint sweeps_state_check CHECK ((state = ANY (ARRAY['running'::text, 'done'::text, 'held'::text, 'failed'::text])))
);
CREATE INDEX sweeps_by_tenant ON sync.sweeps USING btree (tenant, id DESC);
CREATE UNIQUE INDEX sweeps_pkey ON sync.sweeps USING btree (id);

table sync.totals (
  tenant text not null,
  subject text not null,
  part text not null,
  word text not null,
  total bigint not null,
  constraint totals_pkey PRIMARY KEY (tenant, subject, part, word)
);
CREATE UNIQUE INDEX totals_pkey ON sync.totals USING btree (tenant, subject, part, word);

table sync.touched_contacts (
  tenant text not null,
  seq bigint not null generated always as identity,
  account text not null,
  constraint touched_contacts_pkey PRIMARY KEY (tenant, seq)
);
CREATE UNIQUE INDEX touched_contacts_pkey ON sync.touched_contacts USING btree (tenant, seq);

table sync.unreverted (
  change_set_id uuid not null,
  account text not null,
  reason text not null,
  fields text[] not null,
  constraint unreverted_change_set_id_fkey FOREIGN KEY (change_set_id) REFERENCES sync.change_sets(id) ON DELETE CASCADE,
  constraint unreverted_pkey PRIMARY KEY (change_set_id, account, reason),
  constraint unreverted_reason_check CHECK ((reason = ANY (ARRAY['touched_since'::text, 'wanted'::text, 'no_reading'::text, 'deleted'::text, 'gone'::text])))
);
CREATE UNIQUE INDEX unreverted_pkey ON sync.unreverted USING btree (change_set_id, account, reason);

CREATE OR REPLACE FUNCTION mirror.analyze_contacts()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  analyze mirror.contacts (tenant, account);
end $function$

CREATE OR REPLACE FUNCTION mirror.contact_as_of(account text, valid_at timestamp with time zone DEFAULT now(), known_at timestamp with time zone DEFAULT now(), tenant text DEFAULT NULL::text)
 RETURNS SETOF mirror.contact_history
 LANGUAGE sql
 STABLE
AS $function$
      -- Every tenant of the mirror, by a step for each along its key.
      with recursive tenants as (
        select case when contact_as_of.tenant is null then (select min(c.tenant) from mirror.contacts c) else contact_as_of.tenant end as name
        union all
        select (select min(c.tenant) from mirror.contacts c where c.tenant > t.name)
          from tenants t
         where contact_as_of.tenant is null and t.name is not null
      )
      select h.tenant, h.account, h.due_date, h.account_to_speak, h.address1, h.address2, h.agent_id, h.agent_team_id, h.amount_to_speak, h.active, h.call_attempts_total, h.call_attempts_today, h.city, h.client_id, h.country_id, h.create_date, h.create_user, h.department, h.description, h.date_of_birth, h.account_block, h.account_block_daily, h.account_email_block, h.email, h.first_name, h.group_id, h.guarantor_first_name, h.guarantor_last_name, h.initial_load_campaign_id, h.initial_load_date, h.last_load_campaign_id, h.last_load_date, h.last_name, h.lv_account_id, h.modify_date, h.modify_user, h.original_account_number, h.balance, h.phone1, h.phone1_attempts_total, h.phone1_attempts_today, h.phone1_cell_consent, h.phone1_block, h.phone1_block_daily, h.phone1_sms_consent, h.phone2, h.phone2_attempts_total, h.phone2_attempts_today, h.phone2_cell_consent, h.phone2_block, h.phone2_block_daily, h.phone2_sms_consent, h.phone3, h.phone3_attempts_total, h.phone3_attempts_today, h.phone3_cell_consent, h.phone3_block, h.phone3_block_daily, h.phone3_sms_consent, h.phone4, h.phone4_attempts_total, h.phone4_attempts_today, h.phone4_cell_consent, h.phone4_block, h.phone4_block_daily, h.phone4_sms_consent, h.phone5, h.phone5_attempts_total, h.phone5_attempts_today, h.phone5_cell_consent, h.phone5_block, h.phone5_block_daily, h.phone5_sms_consent, h.phone6, h.phone6_attempts_total, h.phone6_attempts_today, h.phone6_cell_consent, h.phone6_block, h.phone6_block_daily, h.phone6_sms_consent, h.phone7, h.phone7_attempts_total, h.phone7_attempts_today, h.phone7_cell_consent, h.phone7_block, h.phone7_block_daily, h.phone7_sms_consent, h.phone8, h.phone8_attempts_total, h.phone8_attempts_today, h.phone8_cell_consent, h.phone8_block, h.phone8_block_daily, h.phone8_sms_consent, h.phone9, h.phone9_attempts_total, h.phone9_attempts_today, h.phone9_cell_consent, h.phone9_block, h.phone9_block_daily, h.phone9_sms_consent, h.phone10, h.phone10_attempts_total, h.phone10_attempts_today, h.phone10_cell_consent, h.phone10_block, h.phone10_block_daily, h.phone10_sms_consent, h.zip_code, h.primary_email_consent, h.salutation, h.primary_sms_consent, h.ssn, h.state, h.title, h.col1, h.col2, h.col3, h.col4, h.col5, h.col6, h.col7, h.col8, h.col9, h.col10, h.col11, h.col12, h.col13, h.col14, h.col15, h.col16, h.col17, h.col18, h.col19, h.col20, h.col21, h.col22, h.col23, h.col24, h.col25, h.col26, h.col27, h.col28, h.col29, h.col30, h.col31, h.col32, h.col33, h.col34, h.col35, h.col36, h.col37, h.col38, h.col39, h.col40, h.col41, h.col42, h.col43, h.col44, h.col45, h.col46, h.col47, h.col48, h.col49, h.col50, h.col51, h.col52, h.col53, h.col54, h.col55, h.col56, h.col57, h.col58, h.col59, h.col60, h.col61, h.col62, h.col63, h.col64, h.col65, h.col66, h.col67, h.col68, h.col69, h.col70, h.col71, h.col72, h.col73, h.col74, h.col75, h.col76, h.col77, h.col78, h.col79, h.col80, h.col81, h.col82, h.col83, h.col84, h.col85, h.col86, h.col87, h.col88, h.col89, h.col90, h.col91, h.col92, h.col93, h.col94, h.col95, h.col96, h.col97, h.col98, h.col99, h.col100, h.first_seen_at, h.merged_at, h.merged_by, case when h.tombstoned_at <= least(valid_at, known_at) then h.tombstoned_at end, h.known_from, case when h.known_until <= known_at then h.known_until end, h.valid_from
        from tenants t
       cross join lateral (
         select v.*
           from mirror.contact_history v
          where v.tenant = t.name and v.account = contact_as_of.account and v.known_from <= known_at and v.valid_from <= valid_at
          order by v.known_from desc
          limit 1
       ) h
       where t.name is not null
    $function$

CREATE OR REPLACE FUNCTION mirror.copy_contact_comments(view regclass, except_columns text[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
end $function$

CREATE OR REPLACE FUNCTION mirror.is_daily_in_force(read_at timestamp with time zone, time_zone text, at timestamp with time zone)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$ select coalesce((read_at at time zone time_zone)::date >= (at at time zone time_zone)::date, true) $function$

CREATE OR REPLACE FUNCTION mirror.to_boolean(value text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$ select case when value ~* '^\s*(true|t|yes|y|1)\s*$' then true when value ~* '^\s*(false|f|no|n|0)\s*$' then false end $function$

CREATE OR REPLACE FUNCTION mirror.to_date(value text)
 RETURNS date
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
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
end $function$

CREATE OR REPLACE FUNCTION mirror.to_numeric(value text)
 RETURNS numeric
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$ select case when value ~ '^\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9][0-9]?)?\s*$' and length(value) <= 300 then value::numeric end $function$

CREATE OR REPLACE FUNCTION sync.assert_chunk_step()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
end $function$

CREATE OR REPLACE FUNCTION sync.book_slot(p_lane text, p_starts integer[], p_per_ms bigint[], p_max_wait_ms double precision, p_kept integer, OUT wait_ms double precision, OUT at_ms double precision)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
declare
  held sync.lane_slots;
  at timestamptz;
  slot timestamptz;
  booked integer;
begin
  perform set_config('synchronous_commit', 'off', true);
  select * into held from sync.lane_slots where lane = p_lane for update;
  if not found then
    insert into sync.lane_slots (lane) values (p_lane) on conflict do nothing;
    select * into held from sync.lane_slots where lane = p_lane for update;
  end if;
  at := clock_timestamp();
  booked := cardinality(held.slots);
  -- Nobody waits that long: the clock was set back, and what was booked by the old one says nothing.
  if held.slots[booked] > at + greatest(p_max_wait_ms, 600000) * interval '1 millisecond' then
    held.slots := '{}';
    booked := 0;
  end if;
  if cardinality(p_starts) = 0 and held.learnt_until > at then
    p_starts := array[held.learnt_starts];
    p_per_ms := array[held.learnt_per_ms];
  end if;
  slot := greatest(at, held.blocked_until, held.slots[booked]);
  for i in 1 .. cardinality(p_starts) loop
    if booked >= p_starts[i] then
      slot := greatest(slot, held.slots[booked - p_starts[i] + 1] + p_per_ms[i] * interval '1 millisecond');
    end if;
  end loop;
  if slot <= at + p_max_wait_ms * interval '1 millisecond' then
    update sync.lane_slots
       set slots = held.slots[greatest(1, booked + 2 - p_kept) : booked] || slot
     where lane = p_lane;
  end if;
  wait_ms := ceil(extract(epoch from slot - at) * 1000);
  at_ms := extract(epoch from at) * 1000;
end
$function$

CREATE OR REPLACE FUNCTION sync.count_run_end()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into sync.totals as t (tenant, subject, part, word, total) values (new.tenant, 'run', new.kind, new.state, 1)
  on conflict (tenant, subject, part, word) do update set total = t.total + 1;
  return null;
end $function$

CREATE OR REPLACE FUNCTION sync.count_step_done()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into sync.totals as t (tenant, subject, part, word, total)
  select r.tenant, 'step', new.step, c.key, c.value::text::bigint
    from sync.runs r, json_each(new.counts) c
   where r.id = new.run_id and c.value::text ~ '^[0-9]{1,15}$' and c.value::text <> '0'
   order by c.key
  on conflict (tenant, subject, part, word) do update set total = t.total + excluded.total;
  return null;
end $function$
