/** The part of the Drizzle schema (schema.ts) that is not contacts: reference data, and what the views need. */
import { bigint, boolean, integer, jsonb, numeric, pgSchema, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

const mirror = pgSchema('mirror');
const sync = pgSchema('sync');

const at = (name: string) => timestamp(name, { withTimezone: true });
const count = (name: string) => bigint(name, { mode: 'number' });

export const tenants = mirror.table('tenants', {
  tenant: text('tenant').primaryKey(),
  timeZone: text('time_zone').notNull(),
  contactsView: text('contacts_view'),
  contactsViewSha256: text('contacts_view_sha256'),
  backlogUntil: at('backlog_until'),
});

export const referenceLists = mirror.table(
  'reference_lists',
  {
    tenant: text('tenant').notNull(),
    list: text('list').$type<'contact_groups' | 'agents' | 'agent_skills'>().notNull(),
    fetchedAt: at('fetched_at'),
    refusedAt: at('refused_at'),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.list] })],
);

export const contactGroups = mirror.table(
  'contact_groups',
  {
    tenant: text('tenant').notNull(),
    id: count('id').notNull(),
    name: text('name').notNull(),
    createdBy: text('created_by'),
    modifiedBy: text('modified_by'),
    createdAt: at('created_at'),
    modifiedAt: at('modified_at'),
    fetchedAt: at('fetched_at').notNull(),
    goneAt: at('gone_at'),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.id] })],
);

export const agents = mirror.table(
  'agents',
  {
    tenant: text('tenant').notNull(),
    id: count('id').notNull(),
    loginId: text('login_id').notNull(),
    firstName: text('first_name').notNull(),
    lastName: text('last_name').notNull(),
    phone: text('phone').notNull(),
    active: boolean('active').notNull(),
    lastLogin: at('last_login'),
    fetchedAt: at('fetched_at').notNull(),
    goneAt: at('gone_at'),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.id] })],
);

export const agentSkills = mirror.table(
  'agent_skills',
  {
    tenant: text('tenant').notNull(),
    id: count('id').notNull(),
    name: text('name').notNull(),
    description: text('description').notNull(),
    fetchedAt: at('fetched_at').notNull(),
    goneAt: at('gone_at'),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.id] })],
);

export const agentProficiencies = mirror.table(
  'agent_proficiencies',
  {
    tenant: text('tenant').notNull(),
    agentId: count('agent_id').notNull(),
    skillId: count('skill_id').notNull(),
    proficiency: integer('proficiency').notNull(),
    fetchedAt: at('fetched_at').notNull(),
    goneAt: at('gone_at'),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.agentId, table.skillId] })],
);

export const contactNotes = mirror.table(
  'contact_notes',
  {
    tenant: text('tenant').notNull(),
    account: text('account').notNull(),
    id: count('id').notNull(),
    note: text('note').notNull(),
    sessionId: text('session_id'),
    transactionId: count('transaction_id'),
    createDate: at('create_date'),
    modifiedDate: at('modified_date'),
    fetchedAt: at('fetched_at').notNull(),
    goneAt: at('gone_at'),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.account, table.id] })],
);

export const associatedAccounts = mirror.table(
  'associated_accounts',
  {
    tenant: text('tenant').notNull(),
    account: text('account').notNull(),
    id: count('id').notNull(),
    name: text('name').notNull(),
    createdBy: text('created_by'),
    createdDate: at('created_date'),
    modifiedBy: text('modified_by'),
    modifiedDate: at('modified_date'),
    description: text('description'),
    industry: text('industry'),
    annualRevenue: numeric('annual_revenue'),
    numOfEmployees: count('num_of_employees'),
    phoneFax: text('phone_fax'),
    phoneOffice: text('phone_office'),
    phoneAlternate: text('phone_alternate'),
    website: text('website'),
    billingStreet: text('billing_street'),
    billingCity: text('billing_city'),
    billingState: text('billing_state'),
    billingPostalCode: text('billing_postal_code'),
    billingCountry: text('billing_country'),
    shippingStreet: text('shipping_street'),
    shippingCity: text('shipping_city'),
    shippingState: text('shipping_state'),
    shippingPostalCode: text('shipping_postal_code'),
    shippingCountry: text('shipping_country'),
    rating: text('rating'),
    ownershipType: text('ownership_type'),
    tickerSymbol: text('ticker_symbol'),
    campaignId: text('campaign_id'),
    accountNumber: text('account_number'),
    originalAccountNumber: text('original_account_number'),
    agentId: count('agent_id'),
    agentName: text('agent_name'),
    agentTeamId: count('agent_team_id'),
    agentTeamName: text('agent_team_name'),
    location: text('location'),
    accountSource: text('account_source'),
    sicCode: text('sic_code'),
    sicDesc: text('sic_desc'),
    classificationId: count('classification_id'),
    classificationName: text('classification_name'),
    typeId: count('type_id'),
    typeName: text('type_name'),
    customFields: jsonb('custom_fields'),
    fetchedAt: at('fetched_at').notNull(),
    goneAt: at('gone_at'),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.account, table.id] })],
);

export const referenceBacklog = sync.table(
  'reference_backlog',
  {
    tenant: text('tenant').notNull(),
    account: text('account').notNull(),
    changedAt: at('changed_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.account] })],
);
