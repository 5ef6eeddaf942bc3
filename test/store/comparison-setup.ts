/** Compares a made-up reading with the mirror through the store's own operations, without a system of record and without a plan. */
import { randomUUID } from 'node:crypto';
import { type CanonicalValue, digestContact, type Owner, toComparedFields } from '../../src/contact/index.ts';
import {
  type Candidate,
  copyDesired,
  type DesiredRow,
  makeComparison,
  makeDesiredKeys,
  quarantineRepeatedDesired,
  type Refreshed,
  refreshComparison,
  type Store,
  withCandidates,
} from '../../src/store/index.ts';

export type Wanted = {
  readonly account: string;
  readonly fields: Readonly<Record<string, CanonicalValue>>;
  readonly restrictsOnly?: boolean;
  readonly line?: number;
};

export type CompareOptions = {
  readonly owners: Readonly<Record<string, Owner>>;
  readonly name?: string;
  readonly isComplete?: boolean;
  readonly now?: Date;
  readonly timeZone?: string;
  /** Runs after both sides are ready. */
  readonly before?: (desiredTable: string) => Promise<void>;
};

export type Compared = {
  readonly refreshed: Refreshed;
  /** Account, and whether the reading lacks it, in the order they came. */
  readonly candidates: readonly string[];
  readonly absent: readonly string[];
  /** Rows of the mirror's side, as text. */
  readonly mirrorSide: readonly string[];
};

export async function compareWith(store: Store, wanted: readonly Wanted[], options: CompareOptions): Promise<Compared> {
  const { owners, name = 'crm', isComplete = false, timeZone = 'America/New_York' } = options;
  const fields = toComparedFields(owners);
  const comparison = await makeComparison(store.pool, { tenant: 'acme', systemOfRecord: name });
  const rows = wanted.map(
    (row, index): DesiredRow => ({
      account: row.account,
      line: row.line ?? index + 1,
      fields: row.fields,
      digest: digestContact(fields, row.fields),
      restrictsOnly: row.restrictsOnly ?? false,
      raw: `raw ${index + 1}`,
    }),
  );
  const batches = async function* (): AsyncGenerator<readonly DesiredRow[]> {
    yield rows;
  };
  await copyDesired(store, comparison, batches());
  await quarantineRepeatedDesired(store, comparison, { runId: randomUUID(), file: 'x.csv' });
  const refreshed = await refreshComparison(store, comparison, { fields, timeZone });
  await options.before?.(comparison.desiredTable);
  await makeDesiredKeys(store.pool, comparison);
  const found = await withCandidates(
    store,
    comparison,
    {
      fields,
      mapped: new Set(Object.keys(owners)),
      isComplete,
      now: options.now ?? new Date('2026-03-02T12:00:00Z'),
      timeZone,
      touchedSeq: refreshed.touchedSeq,
    },
    async ({ read }) => {
      const all: Candidate[] = [];
      for await (const batch of read(true)) all.push(...batch);
      return all;
    },
  );
  const side = await store.pool.query<{ text: string }>(
    `select c::text as text from ${comparison.comparedTable} c order by account collate "C"`,
  );
  return {
    refreshed,
    candidates: found.filter(({ isAbsent }) => !isAbsent).map(({ account }) => account),
    absent: found.filter(({ isAbsent }) => isAbsent).map(({ account }) => account),
    mirrorSide: side.rows.map(({ text }) => text),
  };
}
