/**
 * The suppression clock around the steps: after each that may have moved a stop, the clock of all open ones is brought up to date, and
 * stops that are late, or soon will be, are told in the log, by their number alone. A plan starts the clock itself, in its own transaction.
 */
import type { Clock } from './clock.ts';
import type { TenantConfig } from './config.ts';
import { toStopCutoffs } from './contact/index.ts';
import type { Log } from './log.ts';
import { markSuppressions, type Store, type SuppressionMetrics, selectSuppressionMetrics } from './store/index.ts';

/** Whose stops, and how soon they must arrive. */
export type SuppressionTenant = Pick<TenantConfig, 'name' | 'timeZone' | 'suppressions'>;

type ClockDeps = {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly tenant: SuppressionTenant;
};

/** Stops that arrived in the last so many milliseconds count for the percentiles, unless another period is asked for. */
export const stopsPeriodMs = 30 * 86_400_000;

/** How the tenant's stops stand at `at`, and how long those took that arrived since `since`. @default the last 30 days */
export function readSuppressionClock(
  store: Store,
  { name, timeZone, suppressions }: SuppressionTenant,
  at: Date,
  since: Date = new Date(at.getTime() - stopsPeriodMs),
): Promise<SuppressionMetrics> {
  const cutoffs = toStopCutoffs(at, { ...suppressions, timeZone });
  return selectSuppressionMetrics(store.pool, { tenant: name, cutoffs, targetMs: suppressions.targetMs, since });
}

/**
 * Does a step's work and brings the clock up to date, also when the work throws; then its error matters more than that the clock could not be read.
 * @throws what the work throws
 */
export async function keepSuppressionClock<Result>(deps: ClockDeps, work: () => Promise<Result>): Promise<Result> {
  const [done] = await Promise.allSettled([work()]);
  const noted = noteStops(deps);
  if (done.status === 'rejected') {
    await noted.catch(() => {});
    throw done.reason;
  }
  await noted;
  return done.value;
}

async function noteStops({ store, clock, log, tenant }: ClockDeps): Promise<void> {
  await markSuppressions(store, tenant.name);
  const { open, late, atRisk, legalLate, legalAtRisk } = await readSuppressionClock(store, tenant, clock.now());
  if (late > 0) log.warn('suppression.late', { open, late, pastLegalLimit: legalLate });
  if (atRisk > 0 || legalAtRisk > 0) log.warn('suppression.at_risk', { open, atRisk, nearLegalLimit: legalAtRisk });
}

/** `2 stops are past their target: lvsync stops --late`, or nothing. */
export function sayLateStops({ late, legalLate }: SuppressionMetrics): string | undefined {
  if (late === 0) return undefined;
  const told = late === 1 ? '1 stop is past its target' : `${late} stops are past their target`;
  const byLaw = legalLate === 0 ? '' : `, ${legalLate} past the legal limit`;
  return `${told}${byLaw}: lvsync stops --late`;
}
