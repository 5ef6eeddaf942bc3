/**
 * Reads a list of LiveVox page by page while it changes. Offsets count from the start of the list as it is at that moment, so an
 * entry removed before them pulls unread ones under what has been read. Hence every page reaches back over the end of the one before:
 * it is taken only if it begins with an entry already seen; else the reading steps back, ever further, until one does or the
 * list begins. So no entry is lost that was there throughout and kept its place among the others, and none comes twice.
 * `next` is a hint: in the pages it is a relative URI, an absolute path, null or missing, and its parameters are incomplete.
 */
import { RetriableError } from '../errors.ts';
import type { Reply } from './reply.ts';

export type Page<Item> = {
  readonly items: readonly Item[];
  /** The answer's `next`, whatever its shape; missing, null, "" and "null" all say that nothing follows. */
  readonly next?: unknown;
};

/** Asks for `count` entries from `offset` on. An empty list is an empty page; see `isEmptyList`. */
export type FetchPage<Item> = (offset: number, count: number, signal?: AbortSignal) => Promise<Page<Item>>;

export type PagingOptions<Item> = {
  /** What makes an entry the same entry in another page, e.g. its id as text. */
  readonly keyOf: (item: Item) => string;
  /** Entries per request, at most 1000, LiveVox's cap. @default 1000 */
  readonly count?: number;
  /** Entries by which a page reaches back over the end of the one before. @default a twentieth of `count` */
  readonly overlap?: number;
  readonly signal?: AbortSignal;
};

/** "There is a hard cap of 1000 items." */
const maxCount = 1000;
/** Requests in a row that may bring nothing new, besides reading everything twice over again. */
const patience = 20;

/**
 * The entries of a list, each once, in the order of the list. Keeps the key of every entry in memory.
 * A page shorter than asked and without `next` is the last one; a full page is never, and a `next` that leads to nothing new is not
 * followed for ever. From a server that gives one entry per request, or with `count` 1, nothing overlaps and nothing is checked.
 * @throws what `fetchPage` throws; the signal's reason; RetriableError when the list changes faster than it can be read.
 */
export async function* readPages<Item>(
  fetchPage: FetchPage<Item>,
  options: PagingOptions<Item>,
): AsyncGenerator<Item, void, undefined> {
  const { keyOf, signal } = options;
  const count = toWholeNumber(options.count ?? maxCount, 1, maxCount);
  const wantedOverlap = toWholeNumber(options.overlap ?? Math.ceil(count / 20), 0, count - 1);
  const seen = new Set<string>();
  let largest = count;
  /** Up to here the list has been read without a gap, as far as we know. */
  let reach = 0;
  let step = 0;
  let barren = 0;
  for (;;) {
    signal?.throwIfAborted();
    // A server with a smaller cap of its own must still get past the overlap.
    const overlap = Math.min(wantedOverlap, largest - 1);
    const offset = Math.max(0, reach - overlap);
    const { items, next } = await fetchPage(offset, count, signal);
    const [first] = items;
    barren += 1;
    if (offset === 0 || overlap === 0 || (first !== undefined && seen.has(keyOf(first)))) {
      for (const item of items) {
        const key = keyOf(item);
        if (seen.has(key)) continue;
        seen.add(key);
        barren = 0;
        yield item;
      }
      const end = offset + items.length;
      if (isLast(items.length, count, next) || (barren > 0 && end <= reach)) return;
      largest = reach === 0 ? items.length : Math.max(largest, items.length);
      reach = end;
      step = 0;
    } else {
      step = step === 0 ? Math.max(1, overlap) : step * 2;
      reach = Math.max(0, reach - step);
    }
    assertProgress(barren, seen.size, largest - overlap);
  }
}

/**
 * True for an answer by which LiveVox says that a list has no entries: an error in the words "No Record Found", or beyond the
 * list's beginning any 404. A 404 without words at offset 0 may as well be an unknown account or a wrong address, so it stays an error.
 */
export function isEmptyList(reply: Reply, offset: number): boolean {
  if (reply.kind !== 'not_found' && reply.kind !== 'refused') return false;
  return /\bno (matching )?(records?|results?) (were |was )?found\b/i.test(reply.message)
    ? true
    : reply.kind === 'not_found' && offset > 0;
}

function isLast(length: number, count: number, next: unknown): boolean {
  if (length === 0) return true;
  const hasNext = typeof next === 'string' ? !['', 'null'].includes(next.trim()) : next !== undefined && next !== null;
  return length !== count && !hasNext;
}

function assertProgress(barren: number, seen: number, stride: number): void {
  if (barren <= patience + (2 * seen) / Math.max(1, stride)) return;
  throw new RetriableError(
    'A list of LiveVox shows the same entries at ever new offsets, or changes faster than it can be read: try again',
  );
}

function toWholeNumber(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, Math.trunc(value)));
}
