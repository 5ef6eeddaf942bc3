/**
 * The tokens of the feeds and the ids of their events: UUIDs of version 1, which carry their instant, as those on the
 * vendor's page do (`d57fa600-9117-11eb-8080-808080808080` is 2021-03-30 01:21:51-0400). So a token of the page, or of
 * a sandbox that ran before, says by itself how old it is. A tick is 100 ns since 1970.
 */

const ticksPerMs = 10_000n;
/** From the beginning of the Gregorian calendar to 1970. */
const epochTicks = 122_192_928_000_000_000n;
const form = /^([0-9a-f]{8})-([0-9a-f]{4})-1([0-9a-f]{3})-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** What ends a token, and what ends the id of an event. */
const ends = { token: '8080-808080808080', event: 'abe6-bd1649d297a6' };

/** The tick of an instant in epoch ms. */
export function toTick(epochMs: number): bigint {
  return BigInt(Math.trunc(epochMs)) * ticksPerMs;
}

/** Epoch ms. */
export function toEpochMs(tick: bigint): number {
  return Number(tick / ticksPerMs);
}

/** A token for that tick, or the id of the event at it. */
export function formatTick(tick: bigint, what: keyof typeof ends): string {
  const hex = (tick + epochTicks).toString(16).padStart(15, '0');
  return `${hex.slice(7)}-${hex.slice(3, 7)}-1${hex.slice(0, 3)}-${ends[what]}`;
}

/** Undefined when the text carries no instant. */
export function parseTick(text: string): bigint | undefined {
  const [, low, middle, high] = form.exec(text) ?? [];
  return low === undefined ? undefined : BigInt(`0x${high}${middle}${low}`) - epochTicks;
}
