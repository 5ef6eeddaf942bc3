import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RetriableError } from '../../src/errors.ts';
import { type FetchPage, isEmptyList, type PagingOptions, readPages } from '../../src/livevox/paging.ts';
import type { Reply } from '../../src/livevox/reply.ts';

type Asked = { offset: number; count: number };
type ListServer = { list: number[]; asked: Asked[]; fetchPage: FetchPage<number> };

/** A list by offset and count; `beforePage` changes it, `toNext` says what `next` is. */
function serve(
  list: number[],
  beforePage: (list: number[], nth: number) => void = () => {},
  toNext: (end: number, list: number[]) => unknown = (end, all) => (end < all.length ? `agents?offset=${end}` : ''),
): ListServer {
  const asked: Asked[] = [];
  const fetchPage: FetchPage<number> = async (offset, count) => {
    beforePage(list, asked.length);
    asked.push({ offset, count });
    const items = list.slice(offset, offset + count);
    return { items, next: toNext(offset + items.length, list) };
  };
  return { list, asked, fetchPage };
}

async function readAll(fetchPage: FetchPage<number>, options: Partial<PagingOptions<number>> = {}): Promise<number[]> {
  const read: number[] = [];
  for await (const item of readPages(fetchPage, { keyOf: String, ...options })) read.push(item);
  return read;
}

const range = (size: number): number[] => Array.from({ length: size }, (_, index) => index);

describe('readPages', () => {
  it('asks for at most 1000 entries at a time, each page reaching back over the end of the one before', async () => {
    const { fetchPage, asked } = serve(range(2_500));
    expect(await readAll(fetchPage, { count: 5_000 })).toEqual(range(2_500));
    expect(asked).toEqual([
      { offset: 0, count: 1_000 },
      { offset: 950, count: 1_000 },
      { offset: 1_900, count: 1_000 },
    ]);
  });

  it('a short page without a next page is the last', async () => {
    const { fetchPage, asked } = serve(range(3));
    expect(await readAll(fetchPage)).toEqual([0, 1, 2]);
    expect(asked).toHaveLength(1);
  });

  it.each([0, 1, 2, 3, 4, 5, 8, 9, 10, 100])('reads a list of %i entries whole', async (size) => {
    for (const count of [1, 2, 3, 4, 1_000]) {
      expect(await readAll(serve(range(size)).fetchPage, { count })).toEqual(range(size));
      expect(await readAll(serve(range(size)).fetchPage, { count, overlap: 1_000 })).toEqual(range(size));
    }
  });

  it.each([
    ['absent', undefined],
    ['null', null],
    ['empty', ''],
    ['blank', '  '],
    ['the text "null"', 'null'],
    ['an object', { href: 'configuration/agents?offset=10' }],
    ['a relative URI', 'configuration/agents/?client=49551&offset=6&count=4'],
    ['an absolute path without a count', '/contact/contacts/search?offset=5'],
    ['an absolute URL', 'https://api.livevox.com/configuration/agents?offset=6&count=4'],
  ])('a next that is always %s neither ends a list early nor keeps it going', async (_, next) => {
    for (const size of [0, 4, 8, 10]) {
      const { fetchPage, asked } = serve(
        range(size),
        () => {},
        () => next,
      );
      expect(await readAll(fetchPage, { count: 4 })).toEqual(range(size));
      expect(asked.length).toBeLessThan(6);
    }
  });

  it('a server with a smaller cap of its own is followed as long as it names a next page', async () => {
    for (const cap of [1, 2, 7, 50]) {
      const { fetchPage } = serve(range(120));
      const capped: FetchPage<number> = (offset, count) => fetchPage(offset, Math.min(count, cap));
      expect(await readAll(capped)).toEqual(range(120));
    }
  });

  it('a server that ignores the count and gives everything is asked once', async () => {
    const { fetchPage, asked } = serve(range(10));
    expect(await readAll((offset) => fetchPage(offset, 1_000), { count: 4 })).toEqual(range(10));
    expect(asked).toHaveLength(1);
  });

  it('a server that ignores the offset is given up, not asked for ever', async () => {
    const { fetchPage } = serve(
      range(8),
      () => {},
      () => 'more',
    );
    await expect(readAll((_, count) => fetchPage(0, count), { count: 4 })).rejects.toThrow(RetriableError);
  });

  it('entries removed before the page are stepped back over, further each time', async () => {
    const { fetchPage, asked } = serve(range(100), (list, nth) => {
      if (nth === 5) list.splice(0, 30);
    });
    expect(await readAll(fetchPage, { count: 10, overlap: 2 })).toEqual(range(100));
    expect(asked.slice(0, 9).map(({ offset }) => offset)).toEqual([0, 8, 16, 24, 32, 40, 38, 34, 26]);
  });

  it('a list that lost all that was read is begun anew', async () => {
    const { fetchPage, asked } = serve(range(100), (list, nth) => {
      if (nth === 5) list.splice(0, 42);
    });
    expect(await readAll(fetchPage, { count: 10, overlap: 2 })).toEqual(range(100));
    expect(asked.at(-8)?.offset).toBe(0);
  });

  it('a list that becomes empty ends', async () => {
    const { fetchPage } = serve(range(100), (list, nth) => {
      if (nth === 5) list.splice(0);
    });
    expect(await readAll(fetchPage, { count: 10, overlap: 2 })).toEqual(range(42));
  });

  it('entries put before the page come once, those read already do not come again', async () => {
    const { fetchPage } = serve(range(50), (list, nth) => {
      if (nth === 3) list.unshift(...range(25).map((item) => 1_000 + item));
    });
    const read = await readAll(fetchPage, { count: 10, overlap: 2 });
    expect(read.filter((item) => item < 1_000)).toEqual(range(50));
  });

  it('loses no entry that was there throughout, and gives none twice, whatever comes and goes between the pages', async () => {
    const change = fc.record({ at: fc.nat(), remove: fc.nat(12), insert: fc.nat(6) });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 120 }),
        fc.integer({ min: 2, max: 20 }),
        fc.nat(19),
        fc.array(fc.array(change, { maxLength: 3 }), { maxLength: 25 }),
        fc.constantFrom('always', 'honest', 'never'),
        async (size, count, overlap, changes, nextKind) => {
          const start = range(size);
          const removed = new Set<number>();
          let fresh = size;
          const { fetchPage, list } = serve(
            [...start],
            (current, nth) => {
              if (nth === 0) return;
              for (const { at, remove, insert } of changes[nth - 1] ?? []) {
                const place = at % (current.length + 1);
                const added = range(insert).map(() => fresh++);
                for (const gone of current.splice(place, remove, ...added)) removed.add(gone);
              }
            },
            (end, current) => ({ always: 'x', never: null, honest: end < current.length ? 'x' : undefined })[nextKind],
          );
          const read = await readAll(fetchPage, { count, overlap: Math.max(1, overlap) });
          expect(new Set(read).size).toBe(read.length);
          const throughout = start.filter((item) => !removed.has(item));
          expect(throughout.filter((item) => !read.includes(item))).toEqual([]);
          expect(list).toEqual(expect.arrayContaining(throughout));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('stops before the next page when its signal aborts, and with the reader', async () => {
    const stop = new AbortController();
    const { fetchPage, asked } = serve(range(100), (_, nth) => {
      if (nth === 1) stop.abort(new Error('enough'));
    });
    await expect(readAll(fetchPage, { count: 10, signal: stop.signal })).rejects.toThrow('enough');
    expect(asked).toHaveLength(2);
    const other = serve(range(100));
    for await (const item of readPages(other.fetchPage, { keyOf: String, count: 10 })) if (item === 3) break;
    expect(other.asked).toHaveLength(1);
  });
});

describe('isEmptyList', () => {
  const notFound = (message: string): Reply => ({ kind: 'not_found', message });
  it.each<[Reply, number, boolean]>([
    [notFound('HTTP 404, code 203: No Record Found'), 0, true],
    [notFound('HTTP 404: No records found.'), 0, true],
    [{ kind: 'refused', message: 'HTTP 200, code 203: No Record Found' }, 0, true],
    [notFound('HTTP 404'), 0, false],
    [notFound('HTTP 404'), 10, true],
    [notFound('HTTP 404, code 203: Client not found [ID:1]'), 0, false],
    [{ kind: 'refused', message: 'HTTP 400, code 202: Missing required field' }, 10, false],
    [{ kind: 'failed', message: 'No Record Found' }, 0, false],
  ])('%j at offset %i: %s', (reply, offset, expected) => {
    expect(isEmptyList(reply, offset)).toBe(expected);
  });
});
