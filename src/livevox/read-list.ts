/**
 * A list of LiveVox as an async iterator over all its pages (paging.ts says what holds while it changes).
 */
import { z } from 'zod';
import type { Calls } from './calls.ts';
import { isEmptyList, type Page, readPages } from './paging.ts';
import { toReadAnswer } from './read-answer.ts';
import type { VendorMethod } from './vendor-method.ts';
import { wireList } from './wire-scalars.ts';

export type ListRequest<Item> = {
  readonly method: VendorMethod;
  /** Without `offset` and `count`; may have other parameters. */
  readonly path: string;
  readonly body?: unknown;
  /** Entries per request. @default 1000, LiveVox's cap */
  readonly count?: number;
  /** Names of the array in the answer; the first that is there counts. */
  readonly keys: readonly string[];
  readonly item: z.ZodType<Item>;
  /** What makes an entry the same entry in another page. */
  readonly keyOf: (item: Item) => string;
};

/** Every entry once. @throws as every read; FatalError when an entry has a shape we do not know. */
export function readList<Item>(calls: Calls, list: ListRequest<Item>, signal?: AbortSignal): AsyncIterable<Item> {
  const { method, path, body, keyOf } = list;
  const schema = toPageSchema(list);
  const fetchPage = async (offset: number, count: number): Promise<Page<Item>> => {
    const target = `${path}${path.includes('?') ? '&' : '?'}count=${count}&offset=${offset}`;
    const reply = await calls.call(method, { path: target, body }, signal);
    if (isEmptyList(reply, offset)) return { items: [] };
    return toReadAnswer(reply, schema, { method: method.name, origin: calls.origin });
  };
  return readPages(fetchPage, { keyOf, count: list.count, signal });
}

/** No body at all is an empty page. */
function toPageSchema<Item>({ keys, item }: ListRequest<Item>): z.ZodType<Page<Item>> {
  return z
    .record(z.string(), z.unknown())
    .optional()
    .transform((body = {}) => ({ items: keys.map((key) => body[key]).find(Boolean), next: body['next'] }))
    .pipe(z.object({ items: wireList(item), next: z.unknown() }));
}
