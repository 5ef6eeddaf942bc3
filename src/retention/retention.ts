/**
 * Deletes what is kept longer than the configuration asks for, tenant by tenant: the verb of a nightly job and of `lvsync retention`. Promises: run
 * again it does nothing more; killed anywhere it has deleted whole plans and rows that nothing refers to; and it never deletes what is still
 * needed, whatever the configuration says (store/delete-expired.ts). The audit and the coverage are never deleted.
 * Downloads in the spool folder are no concern of it: each pull clears them.
 */
import type { RetentionConfig } from '../config.ts';
import type { Log } from '../log.ts';
import {
  countExpired,
  countRemovedComparisons,
  deleteExpired,
  dropRemovedComparisons,
  type ExpiringKind,
  expiringKinds,
  pruneHistory,
  type Store,
} from '../store/index.ts';

export type RetentionDeps = { readonly store: Store; readonly log: Log };

export type RetentionInput = {
  readonly tenant: string;
  readonly retention: RetentionConfig;
  /** Months that former versions of contacts are kept; 0: for ever. */
  readonly keepHistoryMonths: number;
  /** Names of the configured systems of record. */
  readonly sources: readonly string[];
  readonly now: Date;
  /** Count only. @default false */
  readonly isDryRun?: boolean;
  readonly signal?: AbortSignal | undefined;
};

/** What was deleted, or would be: rows by kind, comparisons of removed sources, versions and months of the history. */
export type RetentionCounts = Readonly<Record<ExpiringKind | 'comparisons', number>> & {
  /** Not counted in a dry run. */
  readonly history?: { readonly months: number; readonly versions: number };
};

const dayMs = 24 * 60 * 60 * 1000;

/** How long each kind is kept, by the key of the configuration. */
const keys: Readonly<Record<ExpiringKind, keyof RetentionConfig>> = {
  quarantine: 'quarantineDays',
  suppressions: 'suppressionsDays',
  deadLetters: 'deadLettersDays',
  plans: 'plansDays',
  drift: 'sweepsDays',
  sweeps: 'sweepsDays',
  downloads: 'runsDays',
  steps: 'runsDays',
  reconciles: 'runsDays',
  notices: 'runsDays',
  runs: 'runsDays',
};

export async function retain(deps: RetentionDeps, input: RetentionInput): Promise<RetentionCounts> {
  const counts: [ExpiringKind | 'comparisons', number][] = [];
  for (const kind of expiringKinds) counts.push([kind, await expire(deps, input, kind)]);
  counts.push(['comparisons', await dropComparisons(deps, input)]);
  const expired = Object.fromEntries(counts) as Record<ExpiringKind | 'comparisons', number>;
  if (input.isDryRun === true) return expired;
  const { tenant, keepHistoryMonths: keepMonths, now } = input;
  const history = await pruneHistory(deps.store, { tenant, keepMonths, now });
  deps.log.info('retention.applied', { tenant, ...expired, months: history.months, versions: history.versions });
  return { ...expired, history };
}

async function expire({ store }: RetentionDeps, input: RetentionInput, kind: ExpiringKind): Promise<number> {
  const before = toBefore(input, keys[kind]);
  if (before === undefined) return 0;
  const { tenant, signal } = input;
  return input.isDryRun === true
    ? countExpired(store.pool, kind, { tenant, before })
    : deleteExpired(store, kind, { tenant, before, signal });
}

async function dropComparisons({ store }: RetentionDeps, input: RetentionInput): Promise<number> {
  const before = toBefore(input, 'removedSourcesDays');
  if (before === undefined) return 0;
  const { tenant, sources } = input;
  const removed = { tenant, sources, before };
  return input.isDryRun === true
    ? countRemovedComparisons(store.pool, removed)
    : dropRemovedComparisons(store, removed);
}

/** Undefined: kept for ever. */
function toBefore({ retention, now }: RetentionInput, key: keyof RetentionConfig): Date | undefined {
  const days = retention[key];
  return days === 0 ? undefined : new Date(now.getTime() - days * dayMs);
}
