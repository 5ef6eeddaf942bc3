/**
 * The values that only the real-time answers have: instants in the spellings of that page, and numbers that may be missing.
 * Surprises of the page: a time in an event may read `…:16-100-04:00`, milliseconds after a dash (we read `…:16.100-04:00`), and one
 * of Get Hold Service Details is in seconds where all others are in milliseconds. A time of 0 is no time.
 */
import { z } from 'zod';
import { parseMoment, toInstant } from '../contact/index.ts';

/** Epoch milliseconds below this would be before March 1973: they are seconds. */
const leastEpochMs = 100_000_000_000;
const dashedMillis = /(:\d{2})-(\d{3})(?=Z$|[+-]\d{2}:?\d{2}$)/i;

/** An instant that may be missing; an unreadable one fails. */
export const instantOrNothing = z
  .unknown()
  .transform((value, context): Date | undefined => {
    if (isNothing(value) || String(value).trim() === '0') return undefined;
    const instant = typeof value === 'string' || typeof value === 'number' ? parseInstant(String(value)) : undefined;
    if (instant === undefined) context.addIssue({ code: 'custom', message: 'is no instant we can read' });
    return instant;
  })
  .optional();

/** An instant that may be missing; undefined too when it cannot be read. */
export const optionalInstant = instantOrNothing.catch(undefined);

/** A number that may be missing; fractions allowed. */
export const optionalNumber = z.preprocess(
  (value) => (isNothing(value) ? undefined : value),
  z
    .union([
      z.number(),
      z
        .string()
        .trim()
        .regex(/^-?\d+(\.\d+)?$/)
        .transform(Number),
    ])
    .optional(),
);

/** The instant a text means: epoch milliseconds or seconds, ISO 8601 with an offset or, as all LiveVox's times, in UTC. */
function parseInstant(text: string): Date | undefined {
  const trimmed = text.trim();
  if (/^\d{1,14}$/.test(trimmed)) {
    const epoch = Number(trimmed);
    return new Date(epoch < leastEpochMs ? epoch * 1000 : epoch);
  }
  const moment = parseMoment(trimmed.replace(dashedMillis, '$1.$2'));
  return moment?.kind === 'local' ? toInstant(moment.parts, 'UTC') : moment?.at;
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || /^(|null)$/.test(String(value).trim());
}
