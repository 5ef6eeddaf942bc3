/**
 * Brings a tenant's own view to its definition, in one transaction. Columns that were only added leave the view in place; else it is
 * dropped and made anew, and whoever could read it still can. Locks: ACCESS EXCLUSIVE on the view alone, and waits for it no longer than
 * two seconds: an analyst who reads it is not disturbed, and the next call tries again. A view that something depends on stays as it is.
 * Names come from the field catalogue and as quoted identifiers, texts as escaped literals.
 */
import pg from 'pg';
import { type Queryable, type Store, withTransaction } from './connection.ts';
import type { TenantView } from './tenant-view.ts';

/** `depended_on`, `locked` and `taken` leave the view that is there as it was. */
export type TenantViewOutcome =
  | { readonly kind: 'made' }
  /** Somebody reads it. */
  | { readonly kind: 'locked' }
  /** Other views stand on it, and it cannot be changed under them. */
  | { readonly kind: 'depended_on'; readonly by: readonly string[] }
  /** Something else has its name. */
  | { readonly kind: 'taken' };

const lockWait = '2s';

const sqlState = { lockNotAvailable: '55P03', dependentObjects: '2BP01', columnsDiffer: '42P16' };

/** Changes nothing unless it says `made`. @throws what Postgres says otherwise. */
export async function mergeTenantView(store: Store, tenant: string, view: TenantView): Promise<TenantViewOutcome> {
  try {
    return await withTransaction(store, (client) => replaceView(client, tenant, view));
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    if (error.code === sqlState.lockNotAvailable) return { kind: 'locked' };
    if (error.code === sqlState.dependentObjects) {
      return { kind: 'depended_on', by: await selectDependents(store.pool, view.name) };
    }
    throw error;
  }
}

async function replaceView(client: Queryable, tenant: string, view: TenantView): Promise<TenantViewOutcome> {
  const name = `mirror.${pg.escapeIdentifier(view.name)}`;
  await client.query(`set local lock_timeout = '${lockWait}'`);
  const found = await client.query<{ exists: boolean; isOurs: boolean }>(
    `select to_regclass($1) is not null as "exists",
            exists (select from mirror.tenants where tenant = $2 and contacts_view = $3) as "isOurs"`,
    [name, tenant, view.name],
  );
  const { exists, isOurs } = found.rows[0]!;
  if (exists && !isOurs) return { kind: 'taken' };
  if (!exists || !(await extendView(client, name, view))) await remakeView(client, name, view);
  await client.query(toComments(name, tenant, view));
  await client.query(`select mirror.copy_contact_comments($1::regclass, $2)`, [name, [...view.comments.keys()]]);
  await client.query(`update mirror.tenants set contacts_view = $2, contacts_view_sha256 = $3 where tenant = $1`, [
    tenant,
    view.name,
    view.sha256,
  ]);
  return { kind: 'made' };
}

/** False when the columns that are there would not stay as they are. */
async function extendView(client: Queryable, name: string, { query }: TenantView): Promise<boolean> {
  await client.query('savepoint extend');
  try {
    await client.query(`create or replace view ${name} as ${query}`);
    await client.query('release extend');
    return true;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== sqlState.columnsDiffer) throw error;
    await client.query('rollback to extend');
    return false;
  }
}

async function remakeView(client: Queryable, name: string, { query }: TenantView): Promise<void> {
  const granted = await client.query<{ grant: string }>(
    `select format('grant %s on %s to %s%s', a.privilege_type, $1::text,
                   case when a.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end,
                   case when a.is_grantable then ' with grant option' else '' end) as "grant"
       from pg_class c cross join lateral aclexplode(c.relacl) a
      where c.oid = to_regclass($1) and a.grantee <> c.relowner`,
    [name],
  );
  await client.query(`drop view if exists ${name}`);
  await client.query(`create view ${name} as ${query}`);
  for (const { grant } of granted.rows) await client.query(grant);
}

function toComments(name: string, tenant: string, { comments }: TenantView): string {
  const about = `The contacts of ${tenant}, custom fields under the client's labels and in their types, daily blocks as in force now. Tombstones included.`;
  const columns = [...comments].map(
    ([column, text]) => `comment on column ${name}.${pg.escapeIdentifier(column)} is ${pg.escapeLiteral(text)}`,
  );
  return [`comment on view ${name} is ${pg.escapeLiteral(about)}`, ...columns].join(';\n');
}

async function selectDependents(db: Queryable, view: string): Promise<readonly string[]> {
  const found = await db.query<{ name: string }>(
    `select distinct c.oid::regclass::text as name
       from pg_depend d
       join pg_rewrite r on r.oid = d.objid and d.classid = 'pg_rewrite'::regclass
       join pg_class c on c.oid = r.ev_class
      where d.refclassid = 'pg_class'::regclass and d.refobjid = to_regclass('mirror.' || quote_ident($1)) and c.oid <> d.refobjid
      order by 1`,
    [view],
  );
  return found.rows.map(({ name }) => name);
}
