/** A tenant's mirror and a table of desired contacts for fan-outs, as a plan has them before it compares. */
import { randomUUID } from 'node:crypto';
import { type CanonicalValue, findField, type Owner } from '../../src/contact/index.ts';
import type { PatchCauses } from '../../src/diff/planned.ts';
import { type FanOutCounts, type FanOutInput, fanOutRevocations, type Store } from '../../src/store/index.ts';

export type Fields = Readonly<Record<string, CanonicalValue>>;

export type Wanted = {
  readonly account: string;
  readonly fields: Fields;
  readonly restrictsOnly?: boolean;
  readonly changedAt?: string | undefined;
};

export type Shown = {
  readonly account: string;
  readonly fields: Fields;
  readonly tenant?: string;
  readonly gone?: boolean;
};

export type FannedOut = {
  readonly account: string;
  readonly line: string;
  readonly restrictsOnly: boolean;
  readonly isHashed: boolean;
  readonly fields: Fields;
  readonly causes: PatchCauses | null;
};

const desiredTable = 'sync.desired_7';

/** Puts both sides into the database; what stood there before is gone. */
export async function fillSides(store: Store, mirror: readonly Shown[], desired: readonly Wanted[]): Promise<void> {
  await store.pool.query(`delete from mirror.contacts`);
  for (const { account, fields, tenant = 'acme', gone = false } of mirror) {
    const names = Object.keys(fields);
    const columns = names.map((name) => `, ${findField(name)!.column}`).join('');
    const values = names.map((_, index) => `, $${index + 5}`).join('');
    await store.pool.query(
      `insert into mirror.contacts (tenant, account, merged_by, tombstoned_at, first_seen_at, merged_at${columns})
       values ($1, $2, $3, $4, now(), now()${values})`,
      [tenant, account, randomUUID(), gone ? new Date() : null, ...Object.values(fields)],
    );
  }
  await store.pool.query(`drop table if exists ${desiredTable}`);
  await store.pool.query(
    `create unlogged table ${desiredTable} (account text not null, hash bigint, bits bigint, said bigint, filled bigint,
       restricts_only boolean not null, line bigint not null, changed_at timestamptz, causes jsonb, fields jsonb not null)`,
  );
  for (const [index, { account, fields, restrictsOnly = false, changedAt = null }] of desired.entries()) {
    await store.pool.query(
      `insert into ${desiredTable} (account, hash, bits, said, filled, restricts_only, line, changed_at, fields)
       values ($1, 11, 0, 0, 0, $2, $3, $4, $5)`,
      [account, restrictsOnly, index + 2, changedAt, JSON.stringify(fields)],
    );
  }
}

export type FanOutOver = Partial<FanOutInput['kinds']> & { readonly owners?: Readonly<Record<string, Owner>> };

/** Fans out once; blocks alone, where `over` does not say otherwise. */
export function fanOut(store: Store, over: FanOutOver = {}): Promise<FanOutCounts> {
  const { owners = {}, ...kinds } = over;
  return fanOutRevocations(store.pool, {
    tenant: 'acme',
    desiredTable,
    kinds: { blocks: true, livevox: true, cellConsents: false, smsConsents: false, ...kinds },
    owners,
  });
}

/** The owners of fields that the mapping names without an owner. */
export function ownersOf(...names: readonly string[]): Readonly<Record<string, Owner>> {
  return Object.fromEntries(names.map((name) => [name, /(Block|Consent)$/.test(name) ? 'most-restrictive' : 'record']));
}

/** All desired rows, in the order of accounts. */
export async function selectDesired(store: Store): Promise<readonly FannedOut[]> {
  const found = await store.pool.query<FannedOut>(
    `select account, line, restricts_only as "restrictsOnly", hash is not null and bits is not null and said is not null as "isHashed", fields, causes
       from ${desiredTable} order by account collate "C"`,
  );
  return found.rows;
}

/** Names of tables in the schema of runs: what a fan-out leaves behind. */
export async function selectDesiredTables(store: Store): Promise<readonly string[]> {
  const found = await store.pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'sync' and table_name like 'desired%' order by 1`,
  );
  return found.rows.map(({ name }) => name);
}
