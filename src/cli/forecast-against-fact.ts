/** What sending a plan was expected to take, held against what it took; one sentence, the same in every command. Pure. */
import { formatMinutes } from '../forecast.ts';
import type { PlanHead } from '../store/index.ts';
import { formatMany } from './print.ts';

/** `forecast 12 calls in 2.4 min; it took 12 calls in 2.5 min`. Empty where neither is known, or there is nothing to send. */
export function formatForecastAgainstFact({
  forecast,
  fact,
  state,
}: Pick<PlanHead, 'forecast' | 'fact' | 'state'>): string {
  const foreseen =
    forecast === null || forecast.calls === 0
      ? undefined
      : `forecast ${formatMany(forecast.calls, 'call')}${forecast.minutes === null ? ', how long was not known' : ` in ${formatMinutes(forecast.minutes)}`}`;
  // While lifts wait for the read-back, or the rest of the plan for its turn, it is not over.
  const isUnderWay = state === 'pushing';
  const took =
    fact === null
      ? undefined
      : `it ${isUnderWay ? 'has taken' : 'took'} ${formatMany(fact.calls, 'call')} in ${formatMinutes(fact.minutes)}${isUnderWay ? ' so far' : ''}`;
  return [foreseen, took].filter((part) => part !== undefined).join('; ');
}
