/**
 * What surrounds a push: what it will take is reckoned and told before its first call, what it took is noted after its last, however it
 * ended, and at the time to stop it says what it leaves. A plan of which nothing has left by then is not begun.
 */
import type { Clock } from './clock.ts';
import { type Endpoint, toLocalMinute } from './contact/index.ts';
import { toLogReason } from './errors.ts';
import { formatMinutes } from './forecast.ts';
import type { Log } from './log.ts';
import type { Progress } from './progress.ts';
import { isTimeToStop } from './push/push.ts';
import { type Forecast, markFact, type StepCounts, selectUnsent } from './store/index.ts';
import { type ForecastDeps, storeForecast } from './store-forecast.ts';

export type TimePushDeps = ForecastDeps & { readonly clock: Clock; readonly log: Log; readonly progress: Progress };

export type TimePushInput = {
  readonly changeSetId: string;
  readonly until: Date | undefined;
  /** The vendor's names of the methods that carry the requests. */
  readonly methods: Readonly<Record<Endpoint, string>>;
};

/** Runs `push` and gives its counts with what a stop left over. Throws what it throws. */
export async function timePush(
  deps: TimePushDeps,
  input: TimePushInput,
  push: () => Promise<StepCounts>,
): Promise<StepCounts> {
  if (isTimeToStop({ clock: deps.clock, until: input.until })) return countLeft(deps, input);
  announce(deps, input, await storeForecast(deps, input.changeSetId, input.methods));
  const counts = await push().finally(() => noteFact(deps, input.changeSetId));
  return { ...counts, ...(await countLeft(deps, input)) };
}

/** Where a push goes on, this is what is left. */
function announce({ tenant, clock, log, progress }: TimePushDeps, input: TimePushInput, forecast: Forecast): void {
  const { calls, minutes, endpoints } = forecast;
  if (calls === 0) return;
  const endsAt = minutes === null ? undefined : new Date(clock.now().getTime() + minutes * 60_000);
  log.info('push.forecast', { changeSet: input.changeSetId, calls, minutes, endsAt: endsAt?.toISOString() });
  const isCutOff = input.until !== undefined && endsAt !== undefined && endsAt > input.until;
  const time =
    minutes === null || endsAt === undefined
      ? 'how long is not known: no limit is configured, and nothing measured yet'
      : `about ${formatMinutes(minutes)}, to ${toLocalMinute(endsAt, tenant.timeZone)} (${tenant.timeZone})`;
  const stop = isCutOff ? `; it stops at ${toTimeOfDay(input.until, tenant.timeZone)}, before all is sent` : '';
  progress({
    step: 'push',
    what: 'contacts sent',
    done: 0,
    total: endpoints.reduce((rows, one) => rows + one.rows, 0),
    note: `${calls} ${calls === 1 ? 'call' : 'calls'}, ${time}; reading back comes on top${stop}`,
  });
}

/** A measure, no invariant: that it could not be noted is no reason to fail, nor to hide why the push failed. */
async function noteFact({ store, log }: TimePushDeps, changeSetId: string): Promise<void> {
  try {
    const fact = await markFact(store.pool, changeSetId);
    if (fact !== undefined) log.info('push.fact', { changeSet: changeSetId, calls: fact.calls, minutes: fact.minutes });
  } catch (error) {
    log.warn('push.fact_not_noted', { changeSet: changeSetId, reason: toLogReason(error) });
  }
}

/** What is not sent because it was time to stop; nothing where it was not, or all has left. */
async function countLeft({ tenant, store, clock }: TimePushDeps, input: TimePushInput): Promise<StepCounts> {
  const { changeSetId, until } = input;
  if (until === undefined || !isTimeToStop({ clock, until })) return {};
  const unsent = await selectUnsent(store.pool, changeSetId);
  const notSent = sumRows(unsent);
  if (notSent === 0) return {};
  const blocksNotSent = sumRows(unsent.filter(({ operation }) => operation === 'block'));
  return { stoppedAt: toTimeOfDay(until, tenant.timeZone), notSent, blocksNotSent };
}

function sumRows(unsent: readonly { readonly rows: number }[]): number {
  return unsent.reduce((sum, { rows }) => sum + rows, 0);
}

function toTimeOfDay(at: Date, timeZone: string): string {
  return toLocalMinute(at, timeZone).slice(-5);
}
