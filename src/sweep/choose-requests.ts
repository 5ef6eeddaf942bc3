/**
 * Divides what a sweep has to ask LiveVox for into requests, each a closed window of modifyDate. Pure.
 * Neighbours share their bound and are asked in ascending order, the last without an end: a contact that changes meanwhile moves into
 * a window that is still to be asked for, so it comes twice rather than not at all. The last window begins before anything that may still
 * be committed late, for the same reason.
 * What would surprise: the mirror knows a modifyDate as LiveVox prints it, in whole seconds or days, while LiveVox filters by the true one.
 * Windows that meet leave nothing out all the same; a window that stands alone is asked for a little wider than it is compared.
 */
import { startOfDay, toLocalDate } from '../contact/index.ts';

export type SweepWindow = {
  /** undefined: no bound. */
  readonly startsAt: Date | undefined;
  readonly endsAt: Date | undefined;
};

export type WholeInput = {
  /** modifyDates that divide the mirror into parts of the wanted size, ascending. */
  readonly bounds: readonly Date[];
  /** Nothing is committed any more with a modifyDate before this. */
  readonly settledUntil: Date;
  /** LiveVox takes bounds in whole days only. */
  readonly wholeDays: boolean;
  /** IANA zone of the client. */
  readonly timeZone: string;
};

/** The requests of a whole sweep: together they leave nothing out. */
export function chooseWholeRequests({ bounds, settledUntil, wholeDays, timeZone }: WholeInput): readonly SweepWindow[] {
  const edges = toEdges(bounds, settledUntil);
  const windows = [...edges, undefined].map((endsAt, index) => ({ startsAt: edges[index - 1], endsAt }));
  return joinSame(windows.map((window) => (wholeDays ? toDays(window, timeZone) : window)));
}

export type SliceInput = WholeInput & { readonly index: number };

export type SliceRequests = {
  /** What of the mirror is compared. */
  readonly scope: SweepWindow;
  /** The slice, then whatever has changed since: a contact that left the slice for there has not vanished. */
  readonly requests: readonly SweepWindow[];
};

/** The requests of one part of a rolling sweep; `bounds` are the edges between the parts. */
export function chooseSliceRequests(input: SliceInput): SliceRequests {
  const edges = toEdges(input.bounds, input.settledUntil);
  const last = edges.length;
  // With fewer contacts than parts, or many of one moment, some parts have nothing of their own.
  const index = Math.min(input.index, last);
  const scope = { startsAt: edges[index - 1], endsAt: edges[index] };
  const own = widenWindow(scope, input);
  const since = widenWindow({ startsAt: input.settledUntil, endsAt: undefined }, input);
  return { scope, requests: index === last ? [own] : [own, since] };
}

function toEdges(bounds: readonly Date[], settledUntil: Date): readonly Date[] {
  return bounds.filter((bound) => bound <= settledUntil);
}

const secondMs = 1000;

/** What to ask for so that every contact comes whose modifyDate is printed as one of the window. */
export function widenWindow(window: SweepWindow, on: Pick<WholeInput, 'wholeDays' | 'timeZone'>): SweepWindow {
  if (on.wholeDays) return toDays(window, on.timeZone);
  const { startsAt, endsAt } = window;
  return {
    startsAt: startsAt && new Date(startsAt.getTime() - secondMs),
    endsAt:
      endsAt &&
      (isMidnight(endsAt, on.timeZone) ? endOfDay(endsAt, on.timeZone) : new Date(endsAt.getTime() + secondMs)),
  };
}

/** The client's midnight to the millisecond is how a day alone reads. */
function isMidnight(at: Date, zone: string): boolean {
  return startOfDay(toLocalDate(at, zone), zone).getTime() === at.getTime();
}

function toDays({ startsAt, endsAt }: SweepWindow, zone: string): SweepWindow {
  return {
    startsAt: startsAt && startOfDay(toLocalDate(startsAt, zone), zone),
    endsAt: endsAt && endOfDay(endsAt, zone),
  };
}

function endOfDay(at: Date, zone: string): Date {
  // 30 hours behind the beginning of a day is the next day, however the clocks were set.
  const day = startOfDay(toLocalDate(at, zone), zone);
  const next = startOfDay(toLocalDate(new Date(day.getTime() + 30 * 3_600_000), zone), zone);
  return new Date(next.getTime() - 1);
}

/** Windows that became the same day are asked for once. */
function joinSame(windows: readonly SweepWindow[]): readonly SweepWindow[] {
  return windows.filter(({ startsAt, endsAt }, index) => {
    const before = windows[index - 1];
    return (
      before?.startsAt?.getTime() !== startsAt?.getTime() ||
      before?.endsAt?.getTime() !== endsAt?.getTime() ||
      index === 0
    );
  });
}
