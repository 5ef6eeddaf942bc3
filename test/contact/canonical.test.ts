import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toCanonical, toMirrorCanonical } from '../../src/contact/canonical.ts';
import { type ContactField, contactFields, findField } from '../../src/contact/fields.ts';
import { setupDatabase } from '../support/database.ts';

const options = { timeZone: 'America/New_York' };

function field(name: string): ContactField {
  const found = findField(name);
  if (found === undefined) throw new Error(`no field ${name}`);
  return found;
}

const toValue = (name: string, raw: string): unknown => {
  const result = toCanonical(field(name), raw, options);
  return result.ok ? result.value : { refused: result.reason };
};

describe('toCanonical', () => {
  test.each([
    ['text is trimmed', 'firstName', ' \tAnn\u00a0', 'Ann'],
    ['text is composed (NFC)', 'firstName', 'Zoe\u0308', 'Zo\u00eb'],
    ['text keeps its case and inner spaces', 'lastName', 'van  der Berg', 'van  der Berg'],
    ['empty text is no value', 'firstName', '   ', null],
    ['an account keeps its case', 'account', ' aB-007 ', 'aB-007'],
    ['a phone is its ten digits', 'phone1', '+1 (212) 555-0100', '2125550100'],
    ['an empty phone is no value', 'phone1', '', null],
    ['a whole number loses zeros and sign', 'agentId', '+007', '7'],
    ['minus zero is zero', 'agentId', '-0', '0'],
    ['the largest integer is taken', 'agentId', '2147483647', '2147483647'],
    ['the smallest bigint is taken', 'lvAccountId', '-9223372036854775808', '-9223372036854775808'],
    ['a decimal loses zeros at both ends', 'balance', '0100.50', '100.5'],
    ['a decimal of zeros is zero', 'balance', '-00.00', '0'],
    ['a decimal may begin with its point', 'balance', '-.5', '-0.5'],
    ['a decimal may end with its point', 'balance', '5.', '5'],
    ['a decimal keeps the zeros of its whole part', 'balance', '1200', '1200'],
    ['fifteen digits are taken', 'balance', '1234567890123.45', '1234567890123.45'],
    ['a date is written year first', 'dueDate', '5/1/2024', '2024-05-01'],
    ['a zone-less time has the date it names', 'dueDate', '2024-05-01T23:30:00', '2024-05-01'],
    ['an instant falls on the day of the client', 'dueDate', '2024-05-01T03:00:00Z', '2024-04-30'],
    ['epoch milliseconds fall on the day of the client', 'dueDate', '1714521600000', '2024-04-30'],
    ['a birth before 1970 may be negative milliseconds', 'dateOfBirth', '-157766400000', '1964-12-31'],
    ['a zone-less time is in the zone of the client', 'createDate', '05/01/2024 12:00', '2024-05-01T16:00:00.000Z'],
    ['a time with an offset keeps its instant', 'createDate', '2024-05-01 12:00:00+02', '2024-05-01T10:00:00.000Z'],
    ['a bare date is its midnight in the zone of the client', 'createDate', '2024-05-01', '2024-05-01T04:00:00.000Z'],
    ['a custom field takes 255 characters', 'COL1', 'x'.repeat(255), 'x'.repeat(255)],
  ])('%s', (_, name, raw, expected) => {
    expect(toValue(name, raw)).toEqual(expected);
  });

  test.each(['true', 'TRUE', 't', 'Yes', 'y', '1', 'on', ' On '])('%j is yes', (raw) => {
    expect(toValue('active', raw)).toBe('true');
  });

  test.each(['false', 'False', 'f', 'NO', 'n', '0', 'off'])('%j is no', (raw) => {
    expect(toValue('active', raw)).toBe('false');
  });

  test.each([
    ['an empty account', 'account', ' ', 'empty'],
    ['a line break in an account', 'account', 'A\n1', 'contains a control character or a line break'],
    ['a NUL', 'firstName', 'A\0nn', 'contains a NUL character'],
    ['half a Unicode character', 'firstName', 'A\ud800nn', 'contains a broken Unicode character'],
    ['a custom field of 256 characters', 'COL1', 'x'.repeat(256), 'longer than the 255 characters of a custom field'],
    ['a short phone', 'phone1', '555-0100', 'not a phone number of 10 digits'],
    ['a fraction as an id', 'agentId', '7.0', 'not a whole number'],
    ['an id beyond 32 bits', 'agentId', '2147483648', 'a whole number out of range'],
    ['an id beyond 64 bits', 'lvAccountId', '9223372036854775808', 'a whole number out of range'],
    [
      'thousands separators',
      'balance',
      '1,000.00',
      'not a plain decimal number (digits, at most one point, no separators)',
    ],
    ['an exponent', 'balance', '1e3', 'not a plain decimal number (digits, at most one point, no separators)'],
    ['a currency sign', 'balance', '$5', 'not a plain decimal number (digits, at most one point, no separators)'],
    ['a bare point', 'balance', '.', 'not a plain decimal number (digits, at most one point, no separators)'],
    ['sixteen digits', 'balance', '12345678901234.56', 'a number of more than 15 digits'],
    ['a word as yes or no', 'accountBlock', 'maybe', 'neither yes nor no'],
    [
      'a day that does not exist',
      'dueDate',
      '02/30/2024',
      'not a calendar date (MM/DD/YYYY, YYYY-MM-DD, ISO 8601 or epoch ms)',
    ],
    [
      'a day that leaves the years by its zone',
      'dueDate',
      '1800-01-01T00:00:00Z',
      'not a calendar date (MM/DD/YYYY, YYYY-MM-DD, ISO 8601 or epoch ms)',
    ],
    ['a word as a time', 'createDate', 'today', 'not a time (MM/DD/YYYY, YYYY-MM-DD, ISO 8601 or epoch ms)'],
  ])('%s is refused', (_, name, raw, reason) => {
    expect(toValue(name, raw)).toEqual({ refused: reason });
  });

  test('a reason never repeats the value', () => {
    fc.assert(
      fc.property(anyField, fc.string({ unit: fc.constantFrom('7', '3', 'q', '@', 'é'), minLength: 8 }), (one, raw) => {
        const result = toCanonical(one, raw, options);
        expect(result.ok || !result.reason.includes(raw)).toBe(true);
      }),
    );
  });
});

const anyField = fc.constantFrom(...contactFields);
/** Texts that look like what files hold, so that most of them mean something to some field. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.stringMatching(/^[+-]?0{0,3}\d{0,18}(\.\d{0,6})?$/),
  fc.stringMatching(/^(\+?1[ -]?)?\(?[2-9]\d\d\)? ?[2-9]\d\d[-. ]?\d{4}$/),
  fc.stringMatching(/^[01]?\d\/[0-3]?\d\/(1[89]|20)\d\d( [01]\d:[0-5]\d(:[0-5]\d)?)?$/),
  fc
    .date({ min: new Date('1799-12-30'), max: new Date('2201-01-03'), noInvalidDate: true })
    .map((at) => at.toISOString()),
  fc
    .date({ min: new Date('1799-12-30'), max: new Date('2201-01-03'), noInvalidDate: true })
    .map((at) => `${at.getTime()}`),
  fc.constantFrom('', ' ', 'TRUE', 'n', 'On', '0', '1', 'null', '-0', '-0.0'),
);

describe('both sides', () => {
  test('a canonical value is its own canonical value', () => {
    fc.assert(
      fc.property(anyField, anyText, (one, raw) => {
        const result = toCanonical(one, raw, options);
        fc.pre(result.ok);
        expect(toCanonical(one, result.value ?? '', options)).toEqual(result);
      }),
      { numRuns: 5000, maxSkipsPerRun: 1000 },
    );
  });

  test('what was sent in canonical form is equal when the mirror brings it back', () => {
    fc.assert(
      fc.property(anyField, anyText, (one, raw) => {
        const result = toCanonical(one, raw, options);
        fc.pre(result.ok);
        expect(toMirrorCanonical(one, result.value)).toBe(result.value);
      }),
      { numRuns: 5000, maxSkipsPerRun: 1000 },
    );
  });

  test('text, numbers, phones and yes/no mean the same on both sides whatever their spelling', () => {
    const zoneFree = fc.constantFrom(...contactFields.filter(({ type }) => type !== 'date' && type !== 'timestamp'));
    fc.assert(
      fc.property(zoneFree, anyText, (one, raw) => {
        const result = toCanonical(one, raw, options);
        fc.pre(result.ok);
        expect(toMirrorCanonical(one, raw)).toBe(result.value);
      }),
      { numRuns: 5000, maxSkipsPerRun: 1000 },
    );
  });

  test('what Postgres keeps of a canonical value is equal to it', async () => {
    const { store } = await setupDatabase();
    const types = {
      text: 'text',
      integer: 'integer',
      bigint: 'bigint',
      boolean: 'boolean',
      date: 'date',
      timestamp: 'timestamptz',
      numeric: 'numeric',
    };
    for (const [type, sqlType] of Object.entries(types)) {
      const fields = fc.constantFrom(...contactFields.filter((one) => one.type === type));
      const sent = fc.sample(fc.tuple(fields, anyText), 2000).flatMap(([one, raw]) => {
        const result = toCanonical(one, raw, options);
        return result.ok ? [{ one, value: result.value }] : [];
      });
      const kept = await store.pool.query<{ kept: string | null }>(
        `select value::${sqlType}::text as kept from unnest($1::text[]) with ordinality as t (value, n) order by n`,
        [sent.map(({ value }) => value)],
      );
      const back = kept.rows.map((row, index) => toMirrorCanonical(sent[index]?.one ?? field('account'), row.kept));
      expect(back).toEqual(sent.map(({ value }) => value));
    }
  });

  test('the mirror side never fails and settles at once', () => {
    fc.assert(
      fc.property(anyField, fc.option(anyText), (one, raw) => {
        const value = toMirrorCanonical(one, raw);
        expect(toMirrorCanonical(one, value)).toBe(value);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('toMirrorCanonical', () => {
  test.each([
    ['a formatted phone is its digits', 'phone1', '(212) 555-0100', '2125550100'],
    ['a phone that is none stays as it is', 'phone1', ' 555-0100 ', '555-0100'],
    ['a numeric of Postgres loses its zeros', 'balance', '100.50', '100.5'],
    ['a number of twenty digits is still compared', 'balance', '12345678901234567890.10', '12345678901234567890.1'],
    ['a boolean of Postgres', 'active', 't', 'true'],
    ['a boolean of JSON', 'active', 'false', 'false'],
    ['a date of Postgres', 'dueDate', '2024-05-01', '2024-05-01'],
    ['a date outside the usual years stays as it is', 'dueDate', '0001-01-01', '0001-01-01'],
    ['a timestamp of Postgres', 'createDate', '2024-05-01 04:00:00.123456+00', '2024-05-01T04:00:00.123Z'],
    ['a timestamp of to_jsonb', 'createDate', '2024-05-01T04:00:00+00:00', '2024-05-01T04:00:00.000Z'],
    ['a long custom field stays whole', 'COL1', 'x'.repeat(300), 'x'.repeat(300)],
    ['null is no value', 'firstName', null, null],
    ['spaces are no value', 'firstName', '  ', null],
  ])('%s', (_, name, value, expected) => {
    expect(toMirrorCanonical(field(name), value)).toBe(expected);
  });
});
