/**
 * Whether a tenant's nightly has begun when it was due, judged by the config alone: a schedule that was lost, a queue that stands still and a
 * nightly that waits too long for another run all look the same from here, and a person has to know of each.
 */
import type { TenantConfig } from '../src/config.ts';
import { type Queryable, selectLastRunStart } from '../src/store/index.ts';
import { findLastDue } from './next-due.ts';

export type Night = {
  readonly tenant: string;
  /** When it was due last; undefined: not within the last 32 days. */
  readonly dueAt: Date | undefined;
  /** Due an hour ago and longer, and nothing has begun since. */
  readonly isMissed: boolean;
};

/** A nightly may wait so long for another run of the tenant. */
const patienceMs = 3_600_000;

/** How a tenant's night stands at `now`; undefined when it has no nightly. `watchedSince`: nights due before it count only where earlier ones ran. */
export async function judgeNight(
  db: Queryable,
  { name: tenant, schedule: { nightly } }: Pick<TenantConfig, 'name' | 'schedule'>,
  { now, watchedSince }: { readonly now: Date; readonly watchedSince: Date },
): Promise<Night | undefined> {
  if (nightly === undefined) return undefined;
  const dueAt = findLastDue(nightly, now);
  if (dueAt === undefined || now.getTime() - dueAt.getTime() < patienceMs) return { tenant, dueAt, isMissed: false };
  const lastStart = await selectLastRunStart(db, tenant, 'sync');
  const isExpected = lastStart !== undefined || watchedSince <= dueAt;
  // What begins a little early by another machine's clock has begun.
  const hasBegun = lastStart !== undefined && lastStart.getTime() >= dueAt.getTime() - 60_000;
  return { tenant, dueAt, isMissed: isExpected && !hasBegun };
}
