/** How sizes of requests are learnt, as a table and as properties. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChunkSize, chooseSize, isTooMany, type SizeLesson } from '../../src/push/choose-size.ts';

describe('chooseSize', () => {
  it.each<[string, number | undefined, SizeLesson, number | undefined]>([
    ['halves what was too many', undefined, { kind: 'too_many', rows: 500 }, 250],
    ['halves again', 250, { kind: 'too_many', rows: 250 }, 125],
    ['halves once for two large requests that were in flight', 250, { kind: 'too_many', rows: 500 }, undefined],
    ['halves a remainder that was too many', 250, { kind: 'too_many', rows: 60 }, 30],
    ['halves after a lost answer', 400, { kind: 'lost', rows: 400 }, 200],
    ['learns nothing from a small remainder that was lost', 400, { kind: 'lost', rows: 200 }, undefined],
    ['never goes below one', 1, { kind: 'too_many', rows: 1 }, undefined],
    [
      'remembers nothing while requests are as large as configured',
      undefined,
      { kind: 'accepted', rows: 500 },
      undefined,
    ],
    ['counts only full requests', 250, { kind: 'accepted', rows: 249 }, undefined],
  ])('%s', (_what, known, lesson, expected) => {
    const size = known === undefined ? undefined : { sizeRows: known, acceptedInARow: 3 };
    expect(chooseSize(size, lesson, 500)?.sizeRows).toBe(expected);
  });

  it('grows by a quarter after sixteen full requests in a row, and begins to count anew', () => {
    let size: ChunkSize = { sizeRows: 100, acceptedInARow: 0 };
    const sizes: number[] = [];
    for (let i = 0; i < 32; i += 1) {
      size = chooseSize(size, { kind: 'accepted', rows: size.sizeRows }, 500) ?? size;
      sizes.push(size.sizeRows);
    }
    expect([sizes[14], sizes[15], sizes[30], sizes[31]]).toEqual([100, 125, 125, 156]);
    expect(chooseSize({ sizeRows: 1, acceptedInARow: 15 }, { kind: 'accepted', rows: 1 }, 500)?.sizeRows).toBe(2);
    expect(chooseSize({ sizeRows: 480, acceptedInARow: 15 }, { kind: 'accepted', rows: 480 }, 500)?.sizeRows).toBe(500);
  });

  it('stays between one and what is configured, whatever comes; whatever LiveVox takes at most is found', () => {
    const lesson = fc.record({
      kind: fc.constantFrom('accepted', 'too_many', 'lost'),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), fc.array(lesson, { maxLength: 100 }), (configured, lessons) => {
        let size: ChunkSize | undefined;
        for (const { kind, share } of lessons) {
          const limit = Math.min(size?.sizeRows ?? configured, configured);
          const rows = Math.max(1, Math.ceil(limit * share));
          const next = chooseSize(size, { kind: kind as SizeLesson['kind'], rows }, configured);
          if (next !== undefined && kind === 'too_many') expect(next.sizeRows).toBeLessThan(limit);
          size = next ?? size;
          expect(size?.sizeRows ?? configured).toBeGreaterThanOrEqual(1);
          expect(size?.sizeRows ?? configured).toBeLessThanOrEqual(configured);
        }
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), (permitted) => {
        let size: ChunkSize | undefined;
        let refused = 0;
        for (let request = 0; request < 2_000; request += 1) {
          const rows = size?.sizeRows ?? 500;
          const kind = rows > permitted ? 'too_many' : 'accepted';
          if (kind === 'too_many') refused += 1;
          size = chooseSize(size, { kind, rows }, 500) ?? size;
        }
        // One in seventeen, and the first halvings.
        expect(refused).toBeLessThanOrEqual(2_000 / 17 + 9);
      }),
    );
  });

  it('follows a configured size that was lowered since', () => {
    expect(chooseSize({ sizeRows: 400, acceptedInARow: 0 }, { kind: 'too_many', rows: 100 }, 100)?.sizeRows).toBe(50);
    expect(chooseSize({ sizeRows: 400, acceptedInARow: 15 }, { kind: 'accepted', rows: 100 }, 100)).toBeUndefined();
  });
});

describe('isTooMany', () => {
  it.each([
    [413, 'HTTP 413'],
    [413, undefined],
    [400, 'HTTP 400, code 17: Too many contacts in the request'],
    [400, 'HTTP 400: too many'],
    [400, 'HTTP 400: Request entity too large'],
    [422, 'HTTP 422: Batch size exceeds the maximum of 100'],
    [400, 'HTTP 400: The maximum is 250 contacts'],
    [400, 'HTTP 400: contact limit exceeded'],
    [202, 'HTTP 202, code 202: Exceeded max rows'],
  ])('is about the number of contacts: %i %s', (httpStatus, message) => {
    expect(isTooMany({ httpStatus, message })).toBe(true);
  });

  it.each([
    [400, 'HTTP 400: firstName exceeds the maximum length of 50'],
    [400, 'HTTP 400: COL7 is limited to 255 characters'],
    [400, 'HTTP 400: value too large for column'],
    [400, 'HTTP 400: balance exceeds its limit'],
    [400, 'HTTP 400: too many phones'],
    [400, 'HTTP 400: phone ordinal exceeds maximum'],
    [400, 'HTTP 400: Rate limit exceeded'],
    [400, 'HTTP 400: Too many requests per minute'],
    [400, 'HTTP 400, code 202: Contact already exists!'],
    [400, 'HTTP 400: Request could not be processed'],
    [400, undefined],
  ])('is about something else: %i %s', (httpStatus, message) => {
    expect(isTooMany({ httpStatus, message })).toBe(false);
  });
});
