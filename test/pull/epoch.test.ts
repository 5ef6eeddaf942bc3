import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ContactField, findField } from '../../src/contact/index.ts';
import { formatEpoch, toEpochMs } from '../../src/pull/epoch.ts';
import { readValue } from '../../src/pull/read-value.ts';

const timeZone = 'America/New_York';
const fields = ['dueDate', 'modifyDate', 'firstName'].map((name) => findField(name) as ContactField);

describe('toEpochMs', () => {
  it('takes an epoch only where readValue takes the same, and leaves the rest to it', () => {
    const digits = fc.oneof(
      fc.bigInt({ min: -6_000_000_000_000n, max: 8_000_000_000_000n }).map(String),
      fc.integer({ min: -70_000, max: 90_000 }).map((day) => String(day * 86_400_000)),
      fc.string({ unit: fc.constantFrom('0', '1', '2', '8', '9', '-', '/', ' '), maxLength: 15 }),
    );
    let taken = 0;
    fc.assert(
      fc.property(digits, fc.constantFrom(...fields), (text, field) => {
        const bytes = Buffer.from(`x${text},`);
        const epochMs = toEpochMs(field.type, bytes, 1, bytes.length - 1);
        if (epochMs === undefined) return;
        taken += 1;
        const found = formatEpoch(field.type, epochMs, timeZone);
        expect({ ok: true, text: found }).toEqual(readValue(field, text, timeZone));
      }),
      { numRuns: 5000 },
    );
    expect(taken).toBeGreaterThan(1000);
  });
});
