/**
 * The tables of reference data as the merge needs them: key and columns, beside tenant, fetched_at and gone_at, which all of them have.
 * Names and types are held against the database by test/store/merge-reference.test.ts.
 */

export type ReferenceTable = {
  /** Qualified name. */
  readonly table: string;
  /** Columns that make a row the same row, beside the tenant. */
  readonly key: readonly string[];
  /** Column → type, the key's included. */
  readonly columns: Readonly<Record<string, string>>;
};

/** Column → value; a Date is an instant. What is undefined or missing is null. */
export type ReferenceRow = Readonly<Record<string, unknown>>;

const addressColumns = (kind: string): Readonly<Record<string, string>> =>
  Object.fromEntries(['street', 'city', 'state', 'postal_code', 'country'].map((part) => [`${kind}_${part}`, 'text']));

const texts = (...columns: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(columns.map((column) => [column, 'text']));

export const referenceTables = {
  contactGroups: {
    table: 'mirror.contact_groups',
    key: ['id'],
    columns: {
      id: 'bigint',
      ...texts('name', 'created_by', 'modified_by'),
      created_at: 'timestamptz',
      modified_at: 'timestamptz',
    },
  },
  agents: {
    table: 'mirror.agents',
    key: ['id'],
    columns: {
      id: 'bigint',
      ...texts('login_id', 'first_name', 'last_name', 'phone'),
      active: 'boolean',
      last_login: 'timestamptz',
    },
  },
  agentSkills: {
    table: 'mirror.agent_skills',
    key: ['id'],
    columns: { id: 'bigint', ...texts('name', 'description') },
  },
  agentProficiencies: {
    table: 'mirror.agent_proficiencies',
    key: ['agent_id', 'skill_id'],
    columns: { agent_id: 'bigint', skill_id: 'bigint', proficiency: 'integer' },
  },
  contactNotes: {
    table: 'mirror.contact_notes',
    key: ['account', 'id'],
    columns: {
      account: 'text',
      id: 'bigint',
      ...texts('note', 'session_id'),
      transaction_id: 'bigint',
      create_date: 'timestamptz',
      modified_date: 'timestamptz',
    },
  },
  associatedAccounts: {
    table: 'mirror.associated_accounts',
    key: ['account', 'id'],
    columns: {
      account: 'text',
      id: 'bigint',
      ...texts('name', 'created_by', 'modified_by', 'description', 'industry', 'phone_fax', 'phone_office'),
      ...texts('phone_alternate', 'website', 'rating', 'ownership_type', 'ticker_symbol', 'campaign_id'),
      ...texts('account_number', 'original_account_number', 'agent_name', 'agent_team_name', 'location'),
      ...texts('account_source', 'sic_code', 'sic_desc', 'classification_name', 'type_name'),
      ...addressColumns('billing'),
      ...addressColumns('shipping'),
      created_date: 'timestamptz',
      modified_date: 'timestamptz',
      annual_revenue: 'numeric',
      num_of_employees: 'bigint',
      agent_id: 'bigint',
      agent_team_id: 'bigint',
      classification_id: 'bigint',
      type_id: 'bigint',
      custom_fields: 'jsonb',
    },
  },
} as const satisfies Readonly<Record<string, ReferenceTable>>;
