/**
 * The client's time zone: which calendar day an instant falls on there, and when a day begins. Offsets are looked up
 * once per UTC day, because a download formats four instants for every contact; days with a clock change are looked up
 * exactly. Written for the sandbox alone: the client has its own.
 */

export const dayMs = 86_400_000;
/** Days from 1970 on whose offset is remembered. */
const cachedDays = 100_000;

export type ClientZone = {
  /** What to add to an instant to get the client's wall clock, milliseconds. */
  readonly offsetAt: (epochMs: number) => number;
  /** The client's calendar day at that instant, as days since 1970-01-01. */
  readonly dayOf: (epochMs: number) => number;
  /** The first instant of a day of the client's, epoch ms. */
  readonly startOfDay: (day: number) => number;
};

/** @throws RangeError when the zone is no IANA zone. */
export function makeClientZone(timeZone: string): ClientZone {
  const exactOffset = makeOffsetLookup(timeZone);
  /** By UTC day; NaN for a day on which the clocks change. */
  const offsets = new Array<number | undefined>(cachedDays);
  const offsetAt = (epochMs: number): number => {
    const utcDay = Math.floor(epochMs / dayMs);
    const known = offsets[utcDay] ?? keepOffset(utcDay);
    return Number.isNaN(known) ? exactOffset(epochMs) : known;
  };
  const keepOffset = (utcDay: number): number => {
    const atStart = exactOffset(utcDay * dayMs);
    const offset = atStart === exactOffset((utcDay + 1) * dayMs) ? atStart : Number.NaN;
    if (utcDay >= 0 && utcDay < cachedDays) offsets[utcDay] = offset;
    return offset;
  };
  const dayOf = (epochMs: number): number => Math.floor((epochMs + offsetAt(epochMs)) / dayMs);
  const startOfDay = (day: number): number => {
    const near = day * dayMs - offsetAt(day * dayMs);
    const start = day * dayMs - offsetAt(near);
    // Where the clocks change at midnight, the day begins an hour late.
    return dayOf(start) < day ? start + 3_600_000 : start;
  };
  return { offsetAt, dayOf, startOfDay };
}

function makeOffsetLookup(timeZone: string): (epochMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (epochMs) => {
    const parts = new Map(format.formatToParts(epochMs).map((part) => [part.type, Number(part.value)]));
    const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
    return wall - Math.floor(epochMs / 1000) * 1000;
  };
}
