/**
 * What the real-time feeds hand out, step by step, and how events are told from what cannot be read: one event that makes no
 * sense is set aside with its text, and the feed goes on.
 */
import type { z } from 'zod';

/** An entry of a feed that is no event we can read: for the quarantine. */
export type UnreadableEvent = {
  /** The entry as JSON text; of one that was too large, its beginning. Holds contacts' data: never for logs. */
  readonly raw: string;
  /** What is wrong and where, without values. */
  readonly reason: string;
};

/**
 * One step of a feed. Keep its `token` together with what came with it: a feed started with the token goes on right after
 * this step. A `gap` says that events between `lostToken` and `token` are out of reach, because LiveVox keeps them for 24 hours.
 */
export type FeedStep<Event, Token = string> =
  | {
      readonly kind: 'events';
      readonly events: readonly Event[];
      readonly unreadable: readonly UnreadableEvent[];
      readonly token: Token;
    }
  | { readonly kind: 'idle'; readonly token: Token }
  | { readonly kind: 'gap'; readonly lostToken: Token; readonly token: Token };

export type ReadEvents<Event> = {
  readonly events: readonly Event[];
  readonly unreadable: readonly UnreadableEvent[];
};

/** Sorts the entries of a feed, in their order, into events and what cannot be read. */
export function readEvents<Event>(entries: readonly unknown[], schema: z.ZodType<Event>): ReadEvents<Event> {
  const events: Event[] = [];
  const unreadable: UnreadableEvent[] = [];
  for (const entry of entries) {
    const parsed = schema.safeParse(entry);
    if (parsed.success) events.push(parsed.data);
    else unreadable.push({ raw: toRaw(entry), reason: toReason(parsed.error) });
  }
  return { events, unreadable };
}

function toRaw(entry: unknown): string {
  return typeof entry === 'string' ? entry : (JSON.stringify(entry) ?? '');
}

function toReason(error: z.ZodError): string {
  const [issue] = error.issues;
  const place = issue?.path.join('.') ?? '';
  return place === '' ? 'is no event' : `"${place}" ${issue?.code === 'custom' ? issue.message : 'has another shape'}`;
}
