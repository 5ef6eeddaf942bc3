import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseReading } from '../../src/reconcile/choose-reading.ts';

describe('chooseReading', () => {
  test.each([
    { accounts: 1, areAddressable: true, contacts: 1_000_000, kind: 'keyed', requests: 1 },
    { accounts: 2, areAddressable: true, contacts: 1_000_000, kind: 'search', requests: 1 },
    { accounts: 1, areAddressable: false, contacts: 1_000_000, kind: 'search', requests: 1 },
    { accounts: 41, areAddressable: true, contacts: 1_000_000, kind: 'search', requests: 3 },
    { accounts: 41, areAddressable: true, contacts: 1_500, kind: 'list', requests: 2 },
    { accounts: 1, areAddressable: true, contacts: 0, kind: 'keyed', requests: 1 },
  ] as const)('$accounts of $contacts contacts: $kind', ({ kind, requests, ...input }) => {
    expect(chooseReading(input)).toEqual({ kind, requests });
  });

  test('it never costs more than one request for each contact, nor more than the list of all', () => {
    const input = fc.record({
      accounts: fc.integer({ min: 1, max: 5_000 }),
      areAddressable: fc.constant(true),
      contacts: fc.integer({ min: 0, max: 100_000 }),
    });
    fc.assert(
      fc.property(input, (one) => {
        const { requests } = chooseReading(one);
        expect(requests).toBeLessThanOrEqual(Math.min(one.accounts, Math.max(1, Math.ceil(one.contacts / 1_000))));
      }),
    );
  });
});
