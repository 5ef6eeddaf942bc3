/**
 * Halves a window whose download is too large, too slow or cut off again and again. Pure: what the mirror knows of the window comes in.
 * The halves share the instant between them and together ask for all that the window asked for: a half that began without a bound
 * still does, and so does one that ended without. Nothing can fall out between them.
 */
import { startOfDay, toLocalDate } from '../contact/index.ts';
import type { WindowDensity } from '../store/index.ts';
import type { Bounds, Interval, Window } from './window.ts';

/** A window as short as this stays whole, milliseconds. */
const minSplitMs = 2000;
/** Before this nobody had changed a contact in LiveVox, as far as an empty mirror knows. */
const earliestChange = new Date('2000-01-01T00:00:00Z');
const dayMs = 24 * 60 * 60 * 1000;

/** The part of a window that is worth halving: where contacts may be, as far as anybody knows. */
function toRange(window: Window, oldest: Date | undefined): Interval {
  const first = oldest !== undefined && oldest < earliestChange ? oldest : earliestChange;
  return { startsAt: window.startsAt ?? first, endsAt: window.covers.endsAt };
}

/** The two halves, the older first; undefined when the window is too short to be halved. */
export function splitWindow(
  window: Window,
  density: WindowDensity,
  bounds: Bounds,
): readonly [Window, Window] | undefined {
  const range = toRange(window, density.oldest);
  if (range.endsAt.getTime() - range.startsAt.getTime() <= minSplitMs) return undefined;
  const at = chooseMiddle(range, density);
  return bounds.kind === 'instants' ? cut(window, at, at) : cutAtDay(window, range, at, bounds.timeZone);
}

/** Where half of the known rows lie, or half of the time. */
function chooseMiddle({ startsAt, endsAt }: Interval, { rows, median }: WindowDensity): Date {
  if (rows >= 2 && median !== undefined && median > startsAt && median < endsAt) return median;
  return new Date(Math.floor((startsAt.getTime() + endsAt.getTime()) / 2));
}

/** Days are asked for whole, so the halves meet where a day begins; a window inside one day would only be asked for again. */
function cutAtDay(window: Window, range: Interval, at: Date, timeZone: string): readonly [Window, Window] | undefined {
  const day = startOfDay(toLocalDate(at, timeZone), timeZone);
  // 36 hours after the beginning of a day it is the next day, however long the clocks made it.
  const middle =
    day > range.startsAt ? day : startOfDay(toLocalDate(new Date(day.getTime() + 1.5 * dayMs), timeZone), timeZone);
  if (middle <= range.startsAt || middle >= range.endsAt) return undefined;
  return cut(window, new Date(middle.getTime() - 1), middle);
}

/** The first half asks up to `askedUntil`, the second from `at`; they cover up to `at` and from there. */
function cut(window: Window, askedUntil: Date, at: Date): readonly [Window, Window] {
  const { covers } = window;
  return [
    { ...window, endsAt: askedUntil, covers: { startsAt: covers.startsAt, endsAt: at } },
    { ...window, startsAt: at, covers: { startsAt: at, endsAt: covers.endsAt }, overlapMs: 0 },
  ];
}
