/**
 * Makes a used copy of the template as good as a new one, which takes a fifth of the time of making one: what a test added is dropped, what it wrote is
 * truncated. What cannot be undone so - another function, a dropped index, a changed privilege - shows in the fingerprint of the catalogue, and the
 * database is not used again.
 */
import type pg from 'pg';

export type Baseline = {
  /** Of the schemas, relations and everything that hangs on them, and of the rows of `filled`. */
  readonly fingerprint: string;
  readonly schemas: readonly string[];
  /** Oids of the relations. */
  readonly relations: readonly string[];
  /** Oids of tables with rows, which tests leave as they are. */
  readonly filled: readonly string[];
};

const ours = `n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`;

/** Copies keep the template's oids and row versions, so that whatever was made or altered since shows. */
const fingerprintSql = `
  select md5(string_agg(part, ' ' order by part)) as fingerprint from (
    select format('%s %s %s %s %s %s', c.oid, c.relname, c.relkind, c.relpersistence, c.relacl, c.reloptions) as part
      from pg_class c join pg_namespace n on n.oid = c.relnamespace where ${ours}
    union all select format('%s %s %s', a.attrelid, a.attnum, a.xmin) from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace where ${ours}
    union all select format('i %s %s', indexrelid, indisvalid) from pg_index
    union all select format('p %s %s', oid, xmin) from pg_proc
    union all select format('t %s %s', oid, xmin) from pg_trigger
    union all select format('c %s %s', oid, xmin) from pg_constraint
    union all select format('d %s %s', oid, xmin) from pg_attrdef
    union all select format('r %s %s', oid, xmin) from pg_rewrite
    union all select format('l %s %s', oid, xmin) from pg_policy
    union all select format('n %s %s', n.oid, n.xmin) from pg_namespace n where ${ours}
    union all select format('e %s %s', oid, xmin) from pg_extension
    union all select format('a %s %s', oid, xmin) from pg_default_acl
    union all select format('s %s %s %s', setdatabase, setrole, setconfig) from pg_db_role_setting
    union all select format('m %s %s', objoid, description) from pg_description where classoid = 'pg_class'::regclass
  ) parts`;

export async function takeBaseline(client: pg.ClientBase): Promise<Baseline> {
  const schemas = await client.query<{ name: string }>(`select n.nspname as name from pg_namespace n where ${ours}`);
  const relations = await client.query<{ oid: string; filled: boolean }>(
    `select c.oid::text as oid, c.relkind = 'r' and pg_relation_size(c.oid) > 0 as filled
       from pg_class c join pg_namespace n on n.oid = c.relnamespace where ${ours}`,
  );
  const filled = relations.rows.filter((relation) => relation.filled).map(({ oid }) => oid);
  return {
    fingerprint: await takeFingerprint(client, filled),
    schemas: schemas.rows.map(({ name }) => name),
    relations: relations.rows.map(({ oid }) => oid),
    filled,
  };
}

/** Of the catalogue, and of what stands in the tables with rows. */
async function takeFingerprint(client: pg.ClientBase, filled: readonly string[]): Promise<string> {
  const found = await client.query<{ fingerprint: string }>(fingerprintSql);
  const parts = [found.rows[0]?.fingerprint];
  const names = await client.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class where oid = any ($1::oid[]) order by oid`,
    [filled],
  );
  for (const { name } of names.rows) {
    const sql = `select md5(string_agg(t::text, ' ' order by t::text)) as hash from ${name} t`;
    parts.push((await client.query<{ hash: string }>(sql)).rows[0]?.hash);
  }
  return parts.join(' ');
}

/** Whether the database is as it was; if not, it is of no more use. `own` are the server's processes that may stay connected. */
export async function cleanDatabase(
  client: pg.ClientBase,
  baseline: Baseline,
  own: readonly number[],
): Promise<boolean> {
  if (!(await isLeftAlone(client, own))) return false;
  await client.query(toCleaningSql(baseline));
  return (await takeFingerprint(client, baseline.filled)) === baseline.fingerprint;
}

/** Somebody who is still connected may write yet. A connection that was closed takes a moment to be gone. */
async function isLeftAlone(client: pg.ClientBase, own: readonly number[]): Promise<boolean> {
  for (let looks = 0; looks < 20; looks += 1) {
    const others = await client.query(
      `select from pg_stat_activity where datname = current_database() and pid <> all ($1) and pid <> pg_backend_pid() and backend_type = 'client backend'`,
      [own],
    );
    if (others.rowCount === 0) return true;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return false;
}

function toCleaningSql({ schemas, relations, filled }: Baseline): string {
  const literals = (texts: readonly string[]): string => `array[${texts.map((text) => `'${text}'`).join(',')}]`;
  return `do $clean$
    declare one record;
    begin
      -- Triggers that forbid deleting are for others.
      perform set_config('session_replication_role', 'replica', true);
      for one in select n.nspname as name from pg_namespace n where ${ours} and n.nspname <> all (${literals(schemas)}::name[]) loop
        execute format('drop schema %I cascade', one.name);
      end loop;
      for one in
        select c.oid, c.oid::regclass as name, c.relkind as kind from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where ${ours} and c.relkind in ('r', 'p', 'v', 'm', 'S') and c.oid <> all (${literals(relations)}::oid[])
      loop
        continue when not exists (select from pg_class where oid = one.oid);
        execute format('drop %s %s cascade', case one.kind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence' else 'table' end, one.name);
      end loop;
      for one in
        select string_agg(c.oid::regclass::text, ', ') as names from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where ${ours} and c.relkind = 'r' and pg_relation_size(c.oid) > 0 and c.oid <> all (${literals(filled)}::oid[])
        having count(*) > 0
      loop
        execute 'truncate ' || one.names || ' cascade';
      end loop;
      perform setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) from pg_sequences where last_value is not null;
    end
  $clean$`;
}
