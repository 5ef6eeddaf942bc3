/**
 * Which replies may be followed by the same request again, and after how long. Reads may be repeated after anything that may
 * pass. A write that may have been processed is not repeated here: the read-back decides, because a create sent twice is a
 * double contact. An exception is 503 on updates and DND: from every state the same verbs and values lead to the same end.
 * `Retry-After` beats our own back-off; a wait longer than a minute is the caller's to plan, not ours to sleep through.
 */
import type { Clock } from '../clock.ts';
import type { Reply, ReplyKind } from './reply.ts';

/** What a method does to the contacts: nothing, make new ones, or set values that may be set twice. */
export type MethodKind = 'read' | 'create' | 'update';

export type RetryDeps = {
  readonly clock: Clock;
  readonly random: () => number;
  /** Told before each wait. */
  readonly onRepeat: (reply: Reply, delayMs: number) => void;
};

export const maxAttempts = 4;
/** Longest wait between two attempts, milliseconds; what must wait longer is given back to the caller. */
const maxDelayMs = 60_000;
const firstDelayMs = 500;

const repeatable: Readonly<Record<MethodKind, ReadonlySet<ReplyKind>>> = {
  read: new Set(['unreachable', 'limited', 'unavailable', 'failed', 'lost']),
  update: new Set(['unreachable', 'limited', 'unavailable']),
  create: new Set(['unreachable', 'limited']),
};

/** Replies after which nobody knows whether a write took effect. */
const uncertain: ReadonlySet<ReplyKind> = new Set(['unavailable', 'failed', 'lost', 'redirected', 'unreadable']);
/** Replies after which this attempt surely had no effect. */
const surelyNotProcessed: ReadonlySet<ReplyKind> = new Set(['unreachable', 'limited', 'forbidden', 'session_refused']);

/** True when the reply leaves open whether LiveVox did what the request asked. */
function isUncertain(reply: Reply): boolean {
  return uncertain.has(reply.kind);
}

/** Milliseconds until the next attempt, or undefined when there shall be none. `attempt` counts from 1; `random` is in [0, 1). */
export function chooseDelayMs(kind: MethodKind, reply: Reply, attempt: number, random: number): number | undefined {
  if (attempt >= maxAttempts || !repeatable[kind].has(reply.kind)) return undefined;
  const ownMs = firstDelayMs * 2 ** (attempt - 1) * (0.5 + random);
  const askedMs = 'retryAfterMs' in reply ? reply.retryAfterMs : undefined;
  // Never earlier than asked, and not all workers in the same millisecond.
  const delayMs = askedMs === undefined ? ownMs : askedMs + random * firstDelayMs;
  return delayMs > maxDelayMs ? undefined : Math.round(delayMs);
}

/**
 * Sends until a reply is final. A write one of whose attempts may have been processed ends with that attempt's reply, whatever
 * came after it; only so does a thrown error or a "surely not processed" mean what it says.
 */
export async function sendWithRetries(
  deps: RetryDeps,
  kind: MethodKind,
  send: () => Promise<Reply>,
  signal?: AbortSignal,
): Promise<Reply> {
  let open: Reply | undefined;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const reply = await send();
      if (kind !== 'read' && isUncertain(reply)) open = reply;
      const delayMs = signal?.aborted ? undefined : chooseDelayMs(kind, reply, attempt, deps.random());
      if (delayMs === undefined) return settle(reply, kind, open, signal);
      deps.onRepeat(reply, delayMs);
      await deps.clock.sleep(delayMs, signal);
    } catch (error) {
      if (open === undefined) throw error;
      return open;
    }
  }
}

function settle(reply: Reply, kind: MethodKind, open: Reply | undefined, signal: AbortSignal | undefined): Reply {
  const isWithoutEffect = surelyNotProcessed.has(reply.kind);
  if (open !== undefined && isWithoutEffect) return open;
  if (signal?.aborted && (isWithoutEffect || (kind === 'read' && isUncertain(reply)))) throw signal.reason;
  return reply;
}
