table lvsync.migrations (
  name text not null,
  sha256 text not null,
  applied_at timestamp with time zone not null default now(),
  constraint migrations_pkey PRIMARY KEY (name)
);
CREATE UNIQUE INDEX migrations_pkey ON lvsync.migrations USING btree (name);

table mirror.contacts with (fillfactor=85) (
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
  constraint contacts_pkey PRIMARY KEY (tenant, account)
);
CREATE UNIQUE INDEX contacts_pkey ON mirror.contacts USING btree (tenant, account);

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
  constraint change_sets_pkey PRIMARY KEY (id),
  constraint change_sets_run_id_fkey FOREIGN KEY (run_id) REFERENCES sync.runs(id),
  constraint change_sets_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'held'::text, 'pushing'::text, 'pushed'::text, 'proven'::text, 'not_proven'::text, 'superseded'::text])))
);
CREATE INDEX change_sets_by_tenant ON sync.change_sets USING btree (tenant, created_at DESC);
CREATE UNIQUE INDEX change_sets_pkey ON sync.change_sets USING btree (id);

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
  constraint chunks_change_set_id_fkey FOREIGN KEY (change_set_id) REFERENCES sync.change_sets(id) ON DELETE CASCADE,
  constraint chunks_endpoint_check CHECK ((endpoint = ANY (ARRAY['bulk_create'::text, 'bulk_update'::text, 'multi_dnd'::text]))),
  constraint chunks_operation_check CHECK ((operation = ANY (ARRAY['block'::text, 'create'::text, 'update'::text, 'lift'::text]))),
  constraint chunks_pkey PRIMARY KEY (change_set_id, seq),
  constraint chunks_size_rows_check CHECK ((size_rows > 0)),
  constraint chunks_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'sent'::text, 'accepted'::text, 'refused'::text, 'unknown'::text])))
);
CREATE UNIQUE INDEX chunks_pkey ON sync.chunks USING btree (change_set_id, seq);

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
  constraint coverage_check CHECK ((starts_at <= ends_at)),
  constraint coverage_pkey PRIMARY KEY (id),
  constraint coverage_run_id_fkey FOREIGN KEY (run_id) REFERENCES sync.runs(id)
);
CREATE INDEX coverage_by_tenant ON sync.coverage USING btree (tenant, starts_at);
CREATE UNIQUE INDEX coverage_pkey ON sync.coverage USING btree (id);

unlogged table sync.desired (
  run_id uuid not null,
  account text not null,
  line bigint not null,
  fields jsonb not null,
  restricts_only boolean not null,
  raw text not null
);
CREATE INDEX desired_by_account ON sync.desired USING btree (run_id, account);

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
  constraint patches_change_set_id_fkey FOREIGN KEY (change_set_id) REFERENCES sync.change_sets(id) ON DELETE CASCADE,
  constraint patches_check CHECK (((operation = 'not_expressible'::text) = (endpoint IS NULL))),
  constraint patches_endpoint_check CHECK ((endpoint = ANY (ARRAY['bulk_create'::text, 'bulk_update'::text, 'multi_dnd'::text]))),
  constraint patches_operation_check CHECK ((operation = ANY (ARRAY['block'::text, 'create'::text, 'update'::text, 'lift'::text, 'not_expressible'::text]))),
  constraint patches_pkey PRIMARY KEY (change_set_id, seq),
  constraint patches_verdict_check CHECK ((verdict = ANY (ARRAY['confirmed'::text, 'not_taken'::text, 'overtaken'::text])))
);
CREATE INDEX patches_by_account ON sync.patches USING btree (change_set_id, account);
CREATE INDEX patches_by_chunk ON sync.patches USING btree (change_set_id, chunk_seq);
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
  constraint run_steps_step_check CHECK ((step = ANY (ARRAY['pull'::text, 'verify'::text, 'diff'::text, 'push'::text])))
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
  constraint runs_check CHECK (((state = 'running'::text) = (ended_at IS NULL))),
  constraint runs_dedup_key_key UNIQUE (dedup_key),
  constraint runs_kind_check CHECK ((kind = ANY (ARRAY['pull'::text, 'plan'::text, 'apply'::text, 'sync'::text]))),
  constraint runs_pkey PRIMARY KEY (id),
  constraint runs_started_from_check CHECK ((started_from = ANY (ARRAY['command'::text, 'job'::text]))),
  constraint runs_state_check CHECK ((state = ANY (ARRAY['running'::text, 'proven'::text, 'not_proven'::text, 'held'::text, 'failed'::text, 'interrupted'::text])))
);
CREATE INDEX runs_by_tenant ON sync.runs USING btree (tenant, started_at DESC);
CREATE UNIQUE INDEX runs_dedup_key_key ON sync.runs USING btree (dedup_key);
CREATE UNIQUE INDEX runs_one_running_per_tenant ON sync.runs USING btree (tenant) WHERE (state = 'running'::text);
CREATE UNIQUE INDEX runs_pkey ON sync.runs USING btree (id);

table sync.sessions (
  name text not null,
  sealed text not null,
  replaced_at timestamp with time zone not null default now(),
  constraint sessions_pkey PRIMARY KEY (name)
);
CREATE UNIQUE INDEX sessions_pkey ON sync.sessions USING btree (name);

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
