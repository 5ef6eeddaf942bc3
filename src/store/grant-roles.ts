/**
 * Makes the four roles of a database and gives each what it needs and no more: owner, worker, analyst without personal data, analyst with it.
 * They are groups without a password; logins are made members by hand. Promises: run twice it changes nothing, run after a migration it covers
 * what is new, and what a role could do beyond its rights in our schemas is taken away. One transaction. Locks: ACCESS EXCLUSIVE for an instant
 * on tables that change their owner, the first time only.
 * What would surprise: roles belong to the whole server, so two databases of one server need a prefix each, or share their roles.
 */
import pg from 'pg';
import { contactFields } from '../contact/index.ts';
import { FatalError } from '../errors.ts';
import { type Queryable, type Store, withTransaction } from './connection.ts';

export type DatabaseRoles = {
  /** Owns schemas and tables; migrates. */
  readonly owner: string;
  /** Runs commands and workers; owns only what it makes itself: working tables, clients' views, the queue. */
  readonly worker: string;
  /** Reads the mirror without personal data, and nothing of the workings. */
  readonly analyst: string;
  /** Reads the whole mirror, and nothing of the workings. */
  readonly analystPii: string;
};

/** What an analyst without personal data sees of contacts, former and current: everything but persons, custom fields and free text. */
const openColumns = contactFields
  .filter(({ custom, personal, name }) => name === 'account' || !(custom || personal))
  .map(({ column }) => column);
const mirrorColumns = ['tenant', 'first_seen_at', 'merged_at', 'merged_by', 'tombstoned_at'];
const contactColumns = [...new Set([...mirrorColumns, ...openColumns])];

/** Relation of the schema mirror → the columns that hold no personal data; what is not here is not granted. */
const openRelations: Readonly<Record<string, readonly string[]>> = {
  contacts: contactColumns,
  contact_versions: [...contactColumns, 'known_until', 'replaced_by', 'changed_by', 'pushed_fields'],
  contact_history: [...contactColumns, 'known_from', 'known_until', 'valid_from'],
  contact_phones: [
    ...['tenant', 'account', 'ordinal', 'attempts_total', 'attempts_today', 'cell_consent', 'sms_consent', 'block'],
    ...['block_daily', 'block_daily_in_force', 'blocked_by', 'blocked', 'active', 'merged_at', 'tombstoned_at'],
  ],
  custom_fields: ['tenant', 'field', 'label', 'data_type', 'list_values', 'fetched_at'],
  tenants: ['tenant', 'time_zone', 'contacts_view', 'backlog_until'],
  reference_lists: ['tenant', 'list', 'fetched_at', 'refused_at'],
  contact_groups: ['tenant', 'id', 'name', 'created_at', 'modified_at', 'fetched_at', 'gone_at'],
  agents: ['tenant', 'id', 'active', 'last_login', 'fetched_at', 'gone_at'],
  agent_skills: ['tenant', 'id', 'name', 'description', 'fetched_at', 'gone_at'],
  agent_proficiencies: ['tenant', 'agent_id', 'skill_id', 'proficiency', 'fetched_at', 'gone_at'],
  contact_notes: ['tenant', 'account', 'id', 'create_date', 'modified_date', 'fetched_at', 'gone_at'],
  coverage: ['tenant', 'kind', 'starts_at', 'ends_at'],
  freshness: [
    ...['tenant', 'time_zone', 'watermark', 'merged_at', 'minutes_behind', 'gaps', 'contacts_about', 'has_backlog'],
    ...['custom_fields_fetched_at', 'contact_groups_fetched_at', 'agents_fetched_at', 'agent_skills_fetched_at'],
  ],
};

const schemas = ['lvsync', 'mirror', 'mirror_history', 'sync'] as const;

/** The roles' names. @param prefix lower-case letters, digits and underscores */
function toDatabaseRoles(prefix: string): DatabaseRoles {
  const [owner, worker, analyst, analystPii] = ['owner', 'worker', 'analyst', 'analyst_pii'].map(
    (name) => `${prefix}_${name}`,
  ) as [string, string, string, string];
  return { owner, worker, analyst, analystPii };
}

/** Makes and grants. @throws FatalError when the user of the connection may not */
export async function grantRoles(store: Store, prefix: string): Promise<DatabaseRoles> {
  const roles = toDatabaseRoles(prefix);
  try {
    await withTransaction(store, (client) => grantAll(client, roles));
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== '42501') throw error;
    throw new FatalError(
      `The roles cannot be made: ${error.message}. Run lvsync migrate --roles as the owner of the database, with the right to create roles.`,
      { cause: error, facts: { sqlState: error.code } },
    );
  }
  return roles;
}

async function grantAll(client: Queryable, roles: DatabaseRoles): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(hashtextextended('lvsync roles', 0))`);
  for (const role of Object.values(roles)) await makeRole(client, role);
  const [owner, worker] = [quote(roles.owner), quote(roles.worker)];
  // Whoever migrates goes on owning what it owned, by way of the role.
  await client.query(`grant ${owner}, ${worker} to current_user`);
  await grantDatabase(client, roles);
  await moveToOwners(client, roles);
  await grantWorker(client, roles);
  await grantAnalysts(client, roles);
}

async function makeRole(client: Queryable, role: string): Promise<void> {
  const found = await client.query(`select from pg_roles where rolname = $1`, [role]);
  if (found.rowCount === 0) await client.query(`create role ${quote(role)} nologin`);
}

/** Connecting is for those of the roles; the worker makes the schema of the queue, where no Redis is configured. */
async function grantDatabase(client: Queryable, roles: DatabaseRoles): Promise<void> {
  const found = await client.query<{ name: string }>(`select quote_ident(current_database()) as name`);
  const database = found.rows[0]!.name;
  const all = Object.values(roles).map(quote).join(', ');
  await client.query(`grant connect on database ${database} to ${all}`);
  await client.query(
    `grant create, temporary on database ${database} to ${quote(roles.owner)}, ${quote(roles.worker)}`,
  );
}

/** Ours goes to the owner; what a worker has made, to the worker: working tables (all unlogged), clients' views, the queue. */
async function moveToOwners(client: Queryable, { owner, worker }: DatabaseRoles): Promise<void> {
  for (const schema of schemas) await client.query(`alter schema ${schema} owner to ${quote(owner)}`);
  await client.query(`grant usage, create on schema mirror, sync to ${quote(worker)}`);
  await runEach(
    client,
    `with chosen as (
       select c.oid, c.relkind, c.relowner,
              case when n.nspname = 'bullmq' or c.relpersistence = 'u' or (n.nspname = 'mirror' and c.relname in (select contacts_view from mirror.tenants))
                   then $2 else $1 end as role
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = any($3) and c.relkind in ('r', 'p', 'v'))
     select format('alter %s %s owner to %I', case relkind when 'v' then 'view' else 'table' end, oid::regclass, role) as statement
       from chosen where pg_get_userbyid(relowner) <> role
     union all
     select format('alter function %s owner to %I', p.oid::regprocedure, case n.nspname when 'bullmq' then $2 else $1 end)
       from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname = any($3) and pg_get_userbyid(p.proowner) <> case n.nspname when 'bullmq' then $2 else $1 end
     union all
     select format('alter schema bullmq owner to %I', $2) from pg_namespace
      where nspname = 'bullmq' and pg_get_userbyid(nspowner) <> $2`,
    [owner, worker, [...schemas, 'bullmq']],
  );
}

async function grantWorker(client: Queryable, { owner, worker }: DatabaseRoles): Promise<void> {
  const [from, to] = [quote(owner), quote(worker)];
  await client.query(`grant usage on schema ${schemas.join(', ')} to ${to}`);
  await client.query(`grant select, insert, update, delete on all tables in schema mirror, sync to ${to}`);
  await client.query(`grant select, delete on all tables in schema mirror_history to ${to}`);
  await client.query(`grant select on all tables in schema lvsync to ${to}`);
  await client.query(`grant execute on all functions in schema mirror, mirror_history, sync to ${to}`);
  // What was decided and by whom is only ever added to.
  await client.query(`revoke update, delete, truncate on sync.audit, sync.approvals from ${to}`);
  // Months are made by a function that runs as the owner; migrations, by whoever migrates.
  for (const role of [from, 'current_user']) {
    await client.query(
      `alter default privileges for role ${role} in schema mirror_history grant select, delete on tables to ${to}`,
    );
    await client.query(
      `alter default privileges for role ${role} in schema mirror, sync grant select, insert, update, delete on tables to ${to}`,
    );
  }
}

async function grantAnalysts(client: Queryable, { worker, analyst, analystPii }: DatabaseRoles): Promise<void> {
  const [open, whole] = [quote(analyst), quote(analystPii)];
  await client.query(`revoke all on all tables in schema ${schemas.join(', ')} from ${open}, ${whole}`);
  await client.query(`grant usage on schema mirror to ${open}, ${whole}`);
  await client.query(`grant select on all tables in schema mirror to ${whole}`);
  // A client's own view is made when its contacts are first pulled.
  await client.query(
    `alter default privileges for role ${quote(worker)} in schema mirror grant select on tables to ${whole}`,
  );
  for (const [relation, columns] of Object.entries(openRelations)) {
    await client.query(`grant select (${columns.map(quote).join(', ')}) on mirror.${relation} to ${open}`);
  }
}

/** Runs the statements that a query writes; its names are quoted by Postgres. */
async function runEach(client: Queryable, sql: string, values: readonly unknown[]): Promise<void> {
  const found = await client.query<{ statement: string }>(sql, [...values]);
  for (const { statement } of found.rows) await client.query(statement);
}

function quote(name: string): string {
  return pg.escapeIdentifier(name);
}
