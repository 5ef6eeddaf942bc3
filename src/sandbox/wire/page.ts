/**
 * Lists: `offset` and `count` are mandatory, more than a thousand items are never returned whatever `count` says, and
 * `next` names the page after this one. Its form, how it is missing on the last page, and what a list without entries
 * answers are readings of the dialect.
 */
import { type Answer, json, refuseInvalid, refuseMissing, refuseNoRecord } from '../answer.ts';
import type { Exchange } from '../router.ts';
import { toWireJson } from './wire-json.ts';

export type Page = { readonly offset: number; readonly count: number };

export type ListPage = {
  readonly page: Page;
  /** The key of the array. */
  readonly key: string;
  readonly items: readonly unknown[];
  /** True when entries follow this page. */
  readonly hasMore: boolean;
  /** Path of the list without a slash before it, as `next` shows it. */
  readonly path: string;
};

const maxCount = 1000;

/** @throws Refusal 400 when one of the two is missing or no whole number. */
export function readPage(query: URLSearchParams): Page {
  return { offset: readNumber(query, 'offset', 0), count: Math.min(readNumber(query, 'count', 1), maxCount) };
}

/** @throws Refusal 404 when there are no items and the dialect says so. */
export function toListAnswer(
  { world, header, query: asked }: Exchange,
  { page, key, items, hasMore, path }: ListPage,
): Answer {
  const { dialect } = world;
  if (items.length === 0 && dialect.emptyLists === '404') throw refuseNoRecord();
  const list = { [key]: items.map((item) => toWireJson(dialect, item)) };
  if (!hasMore) {
    const ends = { missing: {}, null: { next: null }, blank: { next: '' } };
    return json({ ...list, ...ends[dialect.lastNext] });
  }
  const origin = { relative: '', rooted: '/', absolute: `http://${header('host') ?? 'localhost.com'}/` };
  const offset = `offset=${page.offset + items.length}`;
  // The search's example has a slash before it and no count.
  const query = dialect.next === 'rooted' ? offset : `${offset}&count=${page.count}`;
  const kept = [...asked].filter(([name]) => name !== 'offset' && name !== 'count');
  const others = kept.map(([name, value]) => `${name}=${encodeURIComponent(value)}&`).join('');
  return json({ ...list, next: `${origin[dialect.next]}${path}?${others}${query}` });
}

/** The page's part of a whole list that is small enough to hold. */
export function cutPage<Item>(all: readonly Item[], { offset, count }: Page): { items: Item[]; hasMore: boolean } {
  return { items: all.slice(offset, offset + count), hasMore: all.length > offset + count };
}

function readNumber(query: URLSearchParams, name: string, min: number): number {
  const text = query.get(name);
  if (text === null || text === '') throw refuseMissing(name);
  if (!/^\d{1,9}$/.test(text) || Number(text) < min) throw refuseInvalid(`${name} is no whole number from ${min} on`);
  return Number(text);
}
