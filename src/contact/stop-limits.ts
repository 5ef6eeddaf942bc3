/**
 * How soon a stop must have arrived: by the client's own target, and by law. Pure.
 * The legal limit is the end of the last of so many business days after the client's calendar day on which the person asked.
 * What would surprise: both limits come in the order of asking, so that "late" and "at risk" are each a single instant, before which
 * whoever asked is late. The database counts with that instant alone, and `toStopLimits` and `toStopCutoffs` say the same of every stop.
 */
import { addBusinessDays, addDays } from './business-days.ts';
import { startOfDay, toLocalDate } from './zone.ts';

export type StopRule = {
  /** The client's own target, milliseconds from asking to being seen in LiveVox. */
  readonly targetMs: number;
  /** Business days that the law gives, from 1. */
  readonly legalBusinessDays: number;
  /** Calendar days besides weekends that are no business days, `YYYY-MM-DD`. */
  readonly holidays: readonly string[];
  /** IANA zone of the client. */
  readonly timeZone: string;
};

/** The first instants at which a stop is late. */
export type StopLimits = {
  readonly target: Date;
  /** The beginning of the day after the last day that the law gives. */
  readonly legal: Date;
};

/** Instants: a stop that is open and was asked for before one of them is in that state now. */
export type StopCutoffs = {
  /** Late by the own target. */
  readonly targetLate: Date;
  /** At risk or late: past two thirds of the own target. */
  readonly targetAtRisk: Date;
  /** Late by law. */
  readonly legalLate: Date;
  /** At risk or late: fewer than two business days are left. */
  readonly legalAtRisk: Date;
};

/** Fewer business days than this to the legal limit are a risk. */
const riskyBusinessDays = 2;

/** When a stop that was asked for at `askedAt` must have arrived. */
export function toStopLimits(askedAt: Date, rule: StopRule): StopLimits {
  const { targetMs, legalBusinessDays, holidays, timeZone } = rule;
  const lastDay = addBusinessDays(toLocalDate(askedAt, timeZone), legalBusinessDays, new Set(holidays));
  return { target: new Date(askedAt.getTime() + targetMs), legal: startOfDay(addDays(lastDay, 1), timeZone) };
}

/** Before when a stop must have been asked for to be late, or at risk, at `now`. */
export function toStopCutoffs(now: Date, rule: StopRule): StopCutoffs {
  const { targetMs, legalBusinessDays, timeZone } = rule;
  const holidays = new Set(rule.holidays);
  const today = toLocalDate(now, timeZone);
  // Backwards: whoever asked on this day has today as the last one, or has two business days left.
  const stillInTime = addBusinessDays(today, -legalBusinessDays, holidays);
  const daysAtEase = Math.max(0, legalBusinessDays - riskyBusinessDays + 1);
  const stillAtEase = addBusinessDays(addDays(today, 1), -daysAtEase, holidays);
  return {
    targetLate: justAfter(now.getTime() - targetMs),
    targetAtRisk: justAfter(now.getTime() - (targetMs * 2) / 3),
    legalLate: startOfDay(stillInTime, timeZone),
    legalAtRisk: startOfDay(stillAtEase, timeZone),
  };
}

/** How an open stop stands against a limit. */
export type StopStanding = 'in_time' | 'at_risk' | 'late';

/** How a stop stands that is open and was asked for at `askedAt`. */
export function toStopStanding(
  askedAt: Date,
  { targetLate, targetAtRisk, legalLate, legalAtRisk }: StopCutoffs,
): { readonly target: StopStanding; readonly legal: StopStanding } {
  const judge = (late: Date, atRisk: Date): StopStanding => {
    if (askedAt < late) return 'late';
    return askedAt < atRisk ? 'at_risk' : 'in_time';
  };
  return { target: judge(targetLate, targetAtRisk), legal: judge(legalLate, legalAtRisk) };
}

/** Whoever asked at `ms` is before it. */
function justAfter(ms: number): Date {
  return new Date(Math.floor(ms) + 1);
}
