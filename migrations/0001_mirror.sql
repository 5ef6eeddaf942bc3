-- The mirror: what LiveVox last showed, one row per tenant and account, wide and typed.
-- Wide, because a wide typed row loads fastest and reads as fast as any other shape; fillfactor 85 keeps updates on the page (HOT).
-- Locks: creates new objects only. Five million rows: nothing to rewrite. Old workers: none exist yet.

create schema mirror;
comment on schema mirror is 'What analysts read: LiveVox contacts as last pulled. Written by the pull alone.';

create table mirror.contacts (
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
  create_date timestamptz,
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
  initial_load_date timestamptz,
  last_load_campaign_id integer,
  last_load_date timestamptz,
  last_name text,
  lv_account_id bigint,
  modify_date timestamptz,
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
  first_seen_at timestamptz not null,
  merged_at timestamptz not null,
  merged_by uuid not null,
  tombstoned_at timestamptz,
  primary key (tenant, account)
) with (fillfactor = 85);

comment on table mirror.contacts is 'One row per tenant and account: the contact as LiveVox last showed it.';
comment on column mirror.contacts.tenant is 'The LiveVox client the contact belongs to.';
comment on column mirror.contacts.account is 'Key of the contact, from the system of record; case-sensitive.';
comment on column mirror.contacts.due_date is 'Payment due date.';
comment on column mirror.contacts.account_to_speak is 'Account number spoken in messages.';
comment on column mirror.contacts.address1 is 'Address1.';
comment on column mirror.contacts.address2 is 'Address2.';
comment on column mirror.contacts.agent_id is 'LiveVox id of the assigned agent.';
comment on column mirror.contacts.agent_team_id is 'LiveVox id of the assigned team. Read-only.';
comment on column mirror.contacts.amount_to_speak is 'Amount spoken in messages.';
comment on column mirror.contacts.active is 'Whether the account is active in LiveVox.';
comment on column mirror.contacts.call_attempts_total is 'Call attempts on the account, ever. Read-only.';
comment on column mirror.contacts.call_attempts_today is 'Call attempts today, when last pulled. Read-only.';
comment on column mirror.contacts.city is 'City.';
comment on column mirror.contacts.client_id is 'LiveVox id of the client. Read-only.';
comment on column mirror.contacts.country_id is 'LiveVox id of the country. Read-only.';
comment on column mirror.contacts.create_date is 'When LiveVox created the contact. Read-only.';
comment on column mirror.contacts.create_user is 'Who created the contact. Read-only.';
comment on column mirror.contacts.department is 'Department.';
comment on column mirror.contacts.description is 'Free text on the contact. Read-only.';
comment on column mirror.contacts.date_of_birth is 'Date of birth.';
comment on column mirror.contacts.account_block is 'Permanent do-not-dial block on the whole account.';
comment on column mirror.contacts.account_block_daily is 'Daily do-not-dial block on the whole account; ends with the client''s own day.';
comment on column mirror.contacts.account_email_block is 'Whether e-mail to the account is blocked. Read-only.';
comment on column mirror.contacts.email is 'Email.';
comment on column mirror.contacts.first_name is 'First name.';
comment on column mirror.contacts.group_id is 'LiveVox id of the contact group.';
comment on column mirror.contacts.guarantor_first_name is 'Guarantor first name.';
comment on column mirror.contacts.guarantor_last_name is 'Guarantor last name.';
comment on column mirror.contacts.initial_load_campaign_id is 'Initial load campaign id. Read-only.';
comment on column mirror.contacts.initial_load_date is 'Initial load date. Read-only.';
comment on column mirror.contacts.last_load_campaign_id is 'Last load campaign id. Read-only.';
comment on column mirror.contacts.last_load_date is 'Last load date. Read-only.';
comment on column mirror.contacts.last_name is 'Last name.';
comment on column mirror.contacts.lv_account_id is 'LiveVox id of the contact. Read-only.';
comment on column mirror.contacts.modify_date is 'When the contact last changed in LiveVox. Read-only.';
comment on column mirror.contacts.modify_user is 'Who last changed the contact. Read-only.';
comment on column mirror.contacts.original_account_number is 'Alternative account number.';
comment on column mirror.contacts.balance is 'Balance of the account.';
comment on column mirror.contacts.phone1 is 'Phone number at ordinal 1.';
comment on column mirror.contacts.phone1_attempts_total is 'Attempts on phone 1, ever. Read-only.';
comment on column mirror.contacts.phone1_attempts_today is 'Attempts on phone 1 today, when last pulled. Read-only.';
comment on column mirror.contacts.phone1_cell_consent is 'Consent to dial phone 1 as a cell phone.';
comment on column mirror.contacts.phone1_block is 'Permanent do-not-dial block on phone 1.';
comment on column mirror.contacts.phone1_block_daily is 'Daily do-not-dial block on phone 1; ends with the client''s own day.';
comment on column mirror.contacts.phone1_sms_consent is 'Consent to send SMS to phone 1.';
comment on column mirror.contacts.phone2 is 'Phone number at ordinal 2.';
comment on column mirror.contacts.phone2_attempts_total is 'Attempts on phone 2, ever. Read-only.';
comment on column mirror.contacts.phone2_attempts_today is 'Attempts on phone 2 today, when last pulled. Read-only.';
comment on column mirror.contacts.phone2_cell_consent is 'Consent to dial phone 2 as a cell phone.';
comment on column mirror.contacts.phone2_block is 'Permanent do-not-dial block on phone 2.';
comment on column mirror.contacts.phone2_block_daily is 'Daily do-not-dial block on phone 2; ends with the client''s own day.';
comment on column mirror.contacts.phone2_sms_consent is 'Consent to send SMS to phone 2.';
comment on column mirror.contacts.phone3 is 'Phone number at ordinal 3.';
comment on column mirror.contacts.phone3_attempts_total is 'Attempts on phone 3, ever. Read-only.';
comment on column mirror.contacts.phone3_attempts_today is 'Attempts on phone 3 today, when last pulled. Read-only.';
comment on column mirror.contacts.phone3_cell_consent is 'Consent to dial phone 3 as a cell phone.';
comment on column mirror.contacts.phone3_block is 'Permanent do-not-dial block on phone 3.';
comment on column mirror.contacts.phone3_block_daily is 'Daily do-not-dial block on phone 3; ends with the client''s own day.';
comment on column mirror.contacts.phone3_sms_consent is 'Consent to send SMS to phone 3.';
comment on column mirror.contacts.phone4 is 'Phone number at ordinal 4.';
comment on column mirror.contacts.phone4_attempts_total is 'Attempts on phone 4, ever. Read-only.';
comment on column mirror.contacts.phone4_attempts_today is 'Attempts on phone 4 today, when last pulled. Read-only.';
comment on column mirror.contacts.phone4_cell_consent is 'Consent to dial phone 4 as a cell phone.';
comment on column mirror.contacts.phone4_block is 'Permanent do-not-dial block on phone 4.';
comment on column mirror.contacts.phone4_block_daily is 'Daily do-not-dial block on phone 4; ends with the client''s own day.';
comment on column mirror.contacts.phone4_sms_consent is 'Consent to send SMS to phone 4.';
comment on column mirror.contacts.phone5 is 'Phone number at ordinal 5.';
comment on column mirror.contacts.phone5_attempts_total is 'Attempts on phone 5, ever. Read-only.';
comment on column mirror.contacts.phone5_attempts_today is 'Attempts on phone 5 today, when last pulled. Read-only.';
comment on column mirror.contacts.phone5_cell_consent is 'Consent to dial phone 5 as a cell phone.';
comment on column mirror.contacts.phone5_block is 'Permanent do-not-dial block on phone 5.';
comment on column mirror.contacts.phone5_block_daily is 'Daily do-not-dial block on phone 5; ends with the client''s own day.';
comment on column mirror.contacts.phone5_sms_consent is 'Consent to send SMS to phone 5.';
comment on column mirror.contacts.phone6 is 'Phone number at ordinal 6.';
comment on column mirror.contacts.phone6_attempts_total is 'Attempts on phone 6, ever. Read-only.';
comment on column mirror.contacts.phone6_attempts_today is 'Attempts on phone 6 today, when last pulled. Read-only.';
comment on column mirror.contacts.phone6_cell_consent is 'Consent to dial phone 6 as a cell phone.';
comment on column mirror.contacts.phone6_block is 'Permanent do-not-dial block on phone 6.';
comment on column mirror.contacts.phone6_block_daily is 'Daily do-not-dial block on phone 6; ends with the client''s own day.';
comment on column mirror.contacts.phone6_sms_consent is 'Consent to send SMS to phone 6.';
comment on column mirror.contacts.phone7 is 'Phone number at ordinal 7.';
comment on column mirror.contacts.phone7_attempts_total is 'Attempts on phone 7, ever. Read-only.';
comment on column mirror.contacts.phone7_attempts_today is 'Attempts on phone 7 today, when last pulled. Read-only.';
comment on column mirror.contacts.phone7_cell_consent is 'Consent to dial phone 7 as a cell phone.';
comment on column mirror.contacts.phone7_block is 'Permanent do-not-dial block on phone 7.';
comment on column mirror.contacts.phone7_block_daily is 'Daily do-not-dial block on phone 7; ends with the client''s own day.';
comment on column mirror.contacts.phone7_sms_consent is 'Consent to send SMS to phone 7.';
comment on column mirror.contacts.phone8 is 'Phone number at ordinal 8.';
comment on column mirror.contacts.phone8_attempts_total is 'Attempts on phone 8, ever. Read-only.';
comment on column mirror.contacts.phone8_attempts_today is 'Attempts on phone 8 today, when last pulled. Read-only.';
comment on column mirror.contacts.phone8_cell_consent is 'Consent to dial phone 8 as a cell phone.';
comment on column mirror.contacts.phone8_block is 'Permanent do-not-dial block on phone 8.';
comment on column mirror.contacts.phone8_block_daily is 'Daily do-not-dial block on phone 8; ends with the client''s own day.';
comment on column mirror.contacts.phone8_sms_consent is 'Consent to send SMS to phone 8.';
comment on column mirror.contacts.phone9 is 'Phone number at ordinal 9.';
comment on column mirror.contacts.phone9_attempts_total is 'Attempts on phone 9, ever. Read-only.';
comment on column mirror.contacts.phone9_attempts_today is 'Attempts on phone 9 today, when last pulled. Read-only.';
comment on column mirror.contacts.phone9_cell_consent is 'Consent to dial phone 9 as a cell phone.';
comment on column mirror.contacts.phone9_block is 'Permanent do-not-dial block on phone 9.';
comment on column mirror.contacts.phone9_block_daily is 'Daily do-not-dial block on phone 9; ends with the client''s own day.';
comment on column mirror.contacts.phone9_sms_consent is 'Consent to send SMS to phone 9.';
comment on column mirror.contacts.phone10 is 'Phone number at ordinal 10.';
comment on column mirror.contacts.phone10_attempts_total is 'Attempts on phone 10, ever. Read-only.';
comment on column mirror.contacts.phone10_attempts_today is 'Attempts on phone 10 today, when last pulled. Read-only.';
comment on column mirror.contacts.phone10_cell_consent is 'Consent to dial phone 10 as a cell phone.';
comment on column mirror.contacts.phone10_block is 'Permanent do-not-dial block on phone 10.';
comment on column mirror.contacts.phone10_block_daily is 'Daily do-not-dial block on phone 10; ends with the client''s own day.';
comment on column mirror.contacts.phone10_sms_consent is 'Consent to send SMS to phone 10.';
comment on column mirror.contacts.zip_code is 'Postal code.';
comment on column mirror.contacts.primary_email_consent is 'Consent to send e-mail.';
comment on column mirror.contacts.salutation is 'Salutation.';
comment on column mirror.contacts.primary_sms_consent is 'Consent to send SMS to the primary phone. Read-only.';
comment on column mirror.contacts.ssn is 'Social security number.';
comment on column mirror.contacts.state is 'State.';
comment on column mirror.contacts.title is 'Title.';
comment on column mirror.contacts.col1 is 'Custom field COL1; its label and type are the client''s own.';
comment on column mirror.contacts.col2 is 'Custom field COL2; its label and type are the client''s own.';
comment on column mirror.contacts.col3 is 'Custom field COL3; its label and type are the client''s own.';
comment on column mirror.contacts.col4 is 'Custom field COL4; its label and type are the client''s own.';
comment on column mirror.contacts.col5 is 'Custom field COL5; its label and type are the client''s own.';
comment on column mirror.contacts.col6 is 'Custom field COL6; its label and type are the client''s own.';
comment on column mirror.contacts.col7 is 'Custom field COL7; its label and type are the client''s own.';
comment on column mirror.contacts.col8 is 'Custom field COL8; its label and type are the client''s own.';
comment on column mirror.contacts.col9 is 'Custom field COL9; its label and type are the client''s own.';
comment on column mirror.contacts.col10 is 'Custom field COL10; its label and type are the client''s own.';
comment on column mirror.contacts.col11 is 'Custom field COL11; its label and type are the client''s own.';
comment on column mirror.contacts.col12 is 'Custom field COL12; its label and type are the client''s own.';
comment on column mirror.contacts.col13 is 'Custom field COL13; its label and type are the client''s own.';
comment on column mirror.contacts.col14 is 'Custom field COL14; its label and type are the client''s own.';
comment on column mirror.contacts.col15 is 'Custom field COL15; its label and type are the client''s own.';
comment on column mirror.contacts.col16 is 'Custom field COL16; its label and type are the client''s own.';
comment on column mirror.contacts.col17 is 'Custom field COL17; its label and type are the client''s own.';
comment on column mirror.contacts.col18 is 'Custom field COL18; its label and type are the client''s own.';
comment on column mirror.contacts.col19 is 'Custom field COL19; its label and type are the client''s own.';
comment on column mirror.contacts.col20 is 'Custom field COL20; its label and type are the client''s own.';
comment on column mirror.contacts.col21 is 'Custom field COL21; its label and type are the client''s own.';
comment on column mirror.contacts.col22 is 'Custom field COL22; its label and type are the client''s own.';
comment on column mirror.contacts.col23 is 'Custom field COL23; its label and type are the client''s own.';
comment on column mirror.contacts.col24 is 'Custom field COL24; its label and type are the client''s own.';
comment on column mirror.contacts.col25 is 'Custom field COL25; its label and type are the client''s own.';
comment on column mirror.contacts.col26 is 'Custom field COL26; its label and type are the client''s own.';
comment on column mirror.contacts.col27 is 'Custom field COL27; its label and type are the client''s own.';
comment on column mirror.contacts.col28 is 'Custom field COL28; its label and type are the client''s own.';
comment on column mirror.contacts.col29 is 'Custom field COL29; its label and type are the client''s own.';
comment on column mirror.contacts.col30 is 'Custom field COL30; its label and type are the client''s own.';
comment on column mirror.contacts.col31 is 'Custom field COL31; its label and type are the client''s own.';
comment on column mirror.contacts.col32 is 'Custom field COL32; its label and type are the client''s own.';
comment on column mirror.contacts.col33 is 'Custom field COL33; its label and type are the client''s own.';
comment on column mirror.contacts.col34 is 'Custom field COL34; its label and type are the client''s own.';
comment on column mirror.contacts.col35 is 'Custom field COL35; its label and type are the client''s own.';
comment on column mirror.contacts.col36 is 'Custom field COL36; its label and type are the client''s own.';
comment on column mirror.contacts.col37 is 'Custom field COL37; its label and type are the client''s own.';
comment on column mirror.contacts.col38 is 'Custom field COL38; its label and type are the client''s own.';
comment on column mirror.contacts.col39 is 'Custom field COL39; its label and type are the client''s own.';
comment on column mirror.contacts.col40 is 'Custom field COL40; its label and type are the client''s own.';
comment on column mirror.contacts.col41 is 'Custom field COL41; its label and type are the client''s own.';
comment on column mirror.contacts.col42 is 'Custom field COL42; its label and type are the client''s own.';
comment on column mirror.contacts.col43 is 'Custom field COL43; its label and type are the client''s own.';
comment on column mirror.contacts.col44 is 'Custom field COL44; its label and type are the client''s own.';
comment on column mirror.contacts.col45 is 'Custom field COL45; its label and type are the client''s own.';
comment on column mirror.contacts.col46 is 'Custom field COL46; its label and type are the client''s own.';
comment on column mirror.contacts.col47 is 'Custom field COL47; its label and type are the client''s own.';
comment on column mirror.contacts.col48 is 'Custom field COL48; its label and type are the client''s own.';
comment on column mirror.contacts.col49 is 'Custom field COL49; its label and type are the client''s own.';
comment on column mirror.contacts.col50 is 'Custom field COL50; its label and type are the client''s own.';
comment on column mirror.contacts.col51 is 'Custom field COL51; its label and type are the client''s own.';
comment on column mirror.contacts.col52 is 'Custom field COL52; its label and type are the client''s own.';
comment on column mirror.contacts.col53 is 'Custom field COL53; its label and type are the client''s own.';
comment on column mirror.contacts.col54 is 'Custom field COL54; its label and type are the client''s own.';
comment on column mirror.contacts.col55 is 'Custom field COL55; its label and type are the client''s own.';
comment on column mirror.contacts.col56 is 'Custom field COL56; its label and type are the client''s own.';
comment on column mirror.contacts.col57 is 'Custom field COL57; its label and type are the client''s own.';
comment on column mirror.contacts.col58 is 'Custom field COL58; its label and type are the client''s own.';
comment on column mirror.contacts.col59 is 'Custom field COL59; its label and type are the client''s own.';
comment on column mirror.contacts.col60 is 'Custom field COL60; its label and type are the client''s own.';
comment on column mirror.contacts.col61 is 'Custom field COL61; its label and type are the client''s own.';
comment on column mirror.contacts.col62 is 'Custom field COL62; its label and type are the client''s own.';
comment on column mirror.contacts.col63 is 'Custom field COL63; its label and type are the client''s own.';
comment on column mirror.contacts.col64 is 'Custom field COL64; its label and type are the client''s own.';
comment on column mirror.contacts.col65 is 'Custom field COL65; its label and type are the client''s own.';
comment on column mirror.contacts.col66 is 'Custom field COL66; its label and type are the client''s own.';
comment on column mirror.contacts.col67 is 'Custom field COL67; its label and type are the client''s own.';
comment on column mirror.contacts.col68 is 'Custom field COL68; its label and type are the client''s own.';
comment on column mirror.contacts.col69 is 'Custom field COL69; its label and type are the client''s own.';
comment on column mirror.contacts.col70 is 'Custom field COL70; its label and type are the client''s own.';
comment on column mirror.contacts.col71 is 'Custom field COL71; its label and type are the client''s own.';
comment on column mirror.contacts.col72 is 'Custom field COL72; its label and type are the client''s own.';
comment on column mirror.contacts.col73 is 'Custom field COL73; its label and type are the client''s own.';
comment on column mirror.contacts.col74 is 'Custom field COL74; its label and type are the client''s own.';
comment on column mirror.contacts.col75 is 'Custom field COL75; its label and type are the client''s own.';
comment on column mirror.contacts.col76 is 'Custom field COL76; its label and type are the client''s own.';
comment on column mirror.contacts.col77 is 'Custom field COL77; its label and type are the client''s own.';
comment on column mirror.contacts.col78 is 'Custom field COL78; its label and type are the client''s own.';
comment on column mirror.contacts.col79 is 'Custom field COL79; its label and type are the client''s own.';
comment on column mirror.contacts.col80 is 'Custom field COL80; its label and type are the client''s own.';
comment on column mirror.contacts.col81 is 'Custom field COL81; its label and type are the client''s own.';
comment on column mirror.contacts.col82 is 'Custom field COL82; its label and type are the client''s own.';
comment on column mirror.contacts.col83 is 'Custom field COL83; its label and type are the client''s own.';
comment on column mirror.contacts.col84 is 'Custom field COL84; its label and type are the client''s own.';
comment on column mirror.contacts.col85 is 'Custom field COL85; its label and type are the client''s own.';
comment on column mirror.contacts.col86 is 'Custom field COL86; its label and type are the client''s own.';
comment on column mirror.contacts.col87 is 'Custom field COL87; its label and type are the client''s own.';
comment on column mirror.contacts.col88 is 'Custom field COL88; its label and type are the client''s own.';
comment on column mirror.contacts.col89 is 'Custom field COL89; its label and type are the client''s own.';
comment on column mirror.contacts.col90 is 'Custom field COL90; its label and type are the client''s own.';
comment on column mirror.contacts.col91 is 'Custom field COL91; its label and type are the client''s own.';
comment on column mirror.contacts.col92 is 'Custom field COL92; its label and type are the client''s own.';
comment on column mirror.contacts.col93 is 'Custom field COL93; its label and type are the client''s own.';
comment on column mirror.contacts.col94 is 'Custom field COL94; its label and type are the client''s own.';
comment on column mirror.contacts.col95 is 'Custom field COL95; its label and type are the client''s own.';
comment on column mirror.contacts.col96 is 'Custom field COL96; its label and type are the client''s own.';
comment on column mirror.contacts.col97 is 'Custom field COL97; its label and type are the client''s own.';
comment on column mirror.contacts.col98 is 'Custom field COL98; its label and type are the client''s own.';
comment on column mirror.contacts.col99 is 'Custom field COL99; its label and type are the client''s own.';
comment on column mirror.contacts.col100 is 'Custom field COL100; its label and type are the client''s own.';
comment on column mirror.contacts.first_seen_at is 'When a pull first brought this contact.';
comment on column mirror.contacts.merged_at is 'When a pull last wrote this row: new, or changed in at least one column. Also the version that a plan is computed from.';
comment on column mirror.contacts.merged_by is 'The run (sync.runs) that last wrote this row.';
comment on column mirror.contacts.tombstoned_at is 'When sweeps no longer found the contact in LiveVox; null while it exists.';
