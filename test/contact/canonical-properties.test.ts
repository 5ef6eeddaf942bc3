/** What holds of every value: equality is one relation, whatever the side, the order and the spelling. */
import fc from 'fast-check';
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { describe, expect, test } from 'vitest';
import {
  type ContactField,
  type CustomDataType,
  contactFields,
  customDataTypes,
  findField,
  toCanonical,
  toLocalDate,
  toMirrorCanonical,
} from '../../src/contact/index.ts';
import { parsePhoneNumber } from '../../src/contact/phones.ts';
import { setupDatabase } from '../support/database.ts';

type Typed = { readonly field: ContactField; readonly dataType: CustomDataType | undefined };

const zones = [
  'America/New_York',
  'America/Los_Angeles',
  'UTC',
  'Asia/Kolkata',
  'Pacific/Auckland',
  'America/St_Johns',
];
const runs = { numRuns: 5000, maxSkipsPerRun: 1000 };

function field(name: string): ContactField {
  const found = findField(name);
  if (found === undefined) throw new Error(`no field ${name}`);
  return found;
}

const plain = (name: string): Typed => ({ field: field(name), dataType: undefined });
const custom = (dataType: CustomDataType): Typed => ({ field: field('COL7'), dataType });

/** Custom fields are nearly half of the catalogue; one of each type says as much. */
const anyTyped: fc.Arbitrary<Typed> = fc.constantFrom(
  ...contactFields.filter((one) => !one.custom).map((one) => ({ field: one, dataType: undefined })),
  ...[undefined, ...customDataTypes].map((dataType) => ({ field: field('COL7'), dataType })),
);
const anyZone = fc.constantFrom(...zones);
const anyAt = fc.date({ min: new Date('1799-12-30'), max: new Date('2201-01-03'), noInvalidDate: true });
/** Any UTF-16, halves of characters and NUL included. */
const anyUnits = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units));

/** Texts that look like what files hold, so that most of them mean something to some field. */
const anyText = fc.oneof(
  anyUnits,
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.stringMatching(/^[+-]?0{0,3}\d{0,18}(\.\d{0,6})?$/),
  fc.stringMatching(/^(\+?1[ -]?)?\(?[2-9]\d\d\)? ?[2-9]\d\d[-. ]?\d{4}$/),
  fc.stringMatching(/^[01]?\d\/[0-3]?\d\/(1[89]|20)\d\d( [01]\d:[0-5]\d(:[0-5]\d)?)?$/),
  fc.stringMatching(/^[a-zA-Z.]{1,8}@[a-zA-Z\u00c0-\u017e.]{1,8}$/),
  fc.stringMatching(/^\d{3}[ -]?\d{2}[ -]?\d{4}$/),
  fc.stringMatching(/^([A-Za-z]\d[A-Za-z] ?\d[A-Za-z]\d|\d{5}[- ]?\d{4})$/),
  anyAt.map((at) => at.toISOString()),
  anyAt.map((at) => `${at.getTime()}`),
  anyAt.map((at) => `${at.toISOString().slice(0, 10)}T00:00:00Z`),
  fc.constantFrom('', ' ', '\u200b', 'TRUE', 'n', 'On', '0', '1', 'X', 'null', '-0', '-0.0', '$5', '1,000', 'USD 5'),
  fc.constantFrom(
    'ca',
    'N.Y.',
    'quebec',
    'Qu\u00e9bec',
    'Newfoundland',
    'd. c.',
    'Calif.',
    '2125550100 x5',
    '+442079460000',
  ),
);

/** All that is ever said of a value; a reason that is in this list holds no value. */
const reasons = new Set([
  'empty',
  'contains a NUL character',
  'contains a broken Unicode character',
  'contains a control character or a line break',
  'longer than the 255 characters of a custom field',
  'not a phone number of 10 digits',
  'a phone number with an extension',
  'letters in a phone number',
  'a phone number outside the North American plan',
  'no number of the North American plan (area code or exchange)',
  'not a whole number',
  'a whole number out of range',
  'a number of more than 15 digits',
  'not a plain decimal number (digits, at most one point, no separators)',
  'an amount with a currency sign; give the number alone',
  'neither yes nor no',
  'not a calendar date (MM/DD/YYYY, YYYY-MM-DD, ISO 8601 or epoch ms)',
  'not a time (MM/DD/YYYY, YYYY-MM-DD, ISO 8601 or epoch ms)',
]);

describe('any text', () => {
  test('never throws, and a reason is one of a fixed list', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(anyTyped, anyText, anyZone, ({ field: one, dataType }, raw, timeZone) => {
        const result = toCanonical(one, raw, { timeZone, dataType });
        if (!result.ok) seen.add(result.reason);
        expect(result.ok || reasons.has(result.reason)).toBe(true);
      }),
      { numRuns: 20_000 },
    );
    expect(seen.size).toBeGreaterThan(8);
  });

  test('takes time in proportion to its length, whatever stands in it', () => {
    const size = 400_000;
    const texts = ['1', ' ', '0', '.', 'a', '@', '\u200b', '-', '5/'].map((unit) => `1${unit.repeat(size)}x`);
    const fields = [
      'firstName',
      'account',
      'balance',
      'agentId',
      'phone1',
      'state',
      'zipCode',
      'ssn',
      'email',
      'dueDate',
      'active',
    ];
    // A pattern that takes the square of it would need minutes, which is what the time limit of a test tells.
    for (const text of texts) {
      for (const typed of [...fields.map(plain), ...customDataTypes.map(custom)]) {
        expect(toMirrorCanonical(typed.field, text, typed.dataType)?.length).toBeGreaterThan(size / 2);
        expect(toCanonical(typed.field, text, { timeZone: 'UTC', dataType: typed.dataType })).toHaveProperty('ok');
      }
    }
  });

  test('a canonical value is its own canonical value, and equal when the mirror brings it back', () => {
    fc.assert(
      fc.property(anyTyped, anyText, anyZone, ({ field: one, dataType }, raw, timeZone) => {
        const result = toCanonical(one, raw, { timeZone, dataType });
        fc.pre(result.ok);
        expect(toCanonical(one, result.value ?? '', { timeZone, dataType })).toEqual(result);
        expect(toMirrorCanonical(one, result.value, dataType, timeZone)).toBe(result.value);
        expect(toMirrorCanonical(one, result.value, dataType)).toBe(result.value);
      }),
      runs,
    );
  });

  test('means the same on both sides, whatever its spelling', () => {
    fc.assert(
      fc.property(anyTyped, anyText, anyZone, ({ field: one, dataType }, raw, timeZone) => {
        const result = toCanonical(one, raw, { timeZone, dataType });
        fc.pre(result.ok);
        expect(toMirrorCanonical(one, raw, dataType, timeZone)).toBe(result.value);
      }),
      runs,
    );
  });

  test('the mirror side never fails and settles at once', () => {
    fc.assert(
      fc.property(anyTyped, fc.option(anyText), anyZone, ({ field: one, dataType }, raw, timeZone) => {
        const value = toMirrorCanonical(one, raw, dataType, timeZone);
        expect(toMirrorCanonical(one, value, dataType, timeZone)).toBe(value);
        expect(value === null || value !== '').toBe(true);
      }),
      runs,
    );
  });

  test('invisible characters around it change nothing', () => {
    const around = fc.string({ unit: fc.constantFrom(' ', '\t', '\u00a0', '\ufeff', '\u200b', '\u200e', '\u202c') });
    const visible = anyText.filter((text) => !/^\p{M}/u.test(text) && text.isWellFormed());
    fc.assert(
      fc.property(anyTyped, visible, around, around, ({ field: one, dataType }, raw, before, behind) => {
        const options = { timeZone: 'America/New_York', dataType };
        expect(toCanonical(one, before + raw + behind, options)).toEqual(toCanonical(one, raw, options));
      }),
      runs,
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
        const result = toCanonical(one, raw, { timeZone: 'America/New_York' });
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
});

/** A meaning with one of its spellings; `meaning` tells meanings apart. */
type Spelt = { readonly meaning: string; readonly text: string };

const dayMs = 86_400_000;
const twoDigits = (number: number): string => String(number).padStart(2, '0');

/** Few meanings, so that two of them are often the same; the spellings are those of files and of LiveVox's dialects. */
const phone = spell(
  fc.tuple(fc.constantFrom('212', '416', '876'), fc.constantFrom('0100', '0101')),
  ([area, line]) => area + line,
  ([area, line]) => [
    `${area}555${line}`,
    `(${area}) 555-${line}`,
    `${area}.555.${line}`,
    `1${area}555${line}`,
    `+1 ${area} 555 ${line}`,
    `011 1 ${area} 555 ${line}`,
    `tel:+1-${area}-555-${line}`,
  ],
);
const day = spell(
  // 1905, 1969 to 1970, leap days, the day the clocks change in New York, 2106.
  fc.constantFrom(-23_600, -2, -1, 11_016, 19_782, 19_783, 19_792, 19_793, 19_794, 49_672),
  String,
  (number) => {
    const at = new Date(number * dayMs);
    const [year, month, date] = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()];
    const iso = at.toISOString().slice(0, 10);
    const us = `${month}/${date}/${year}`;
    const epoch = String(at.getTime());
    const padded = `${twoDigits(month)}/${twoDigits(date)}/${year}`;
    // Fewer digits than thirteen are no epoch, but a time of day to people.
    return [iso, us, padded, `${us} 23:59`, `${iso}T00:00:00Z`, ...(/^(-\d+|\d{13})$/.test(epoch) ? [epoch] : [])];
  },
);
const yesNo = spell(fc.boolean(), String, (yes) =>
  yes ? ['Y', 'y', 'true', 'TRUE', 't', '1', 'Yes', 'on'] : ['N', 'n', 'false', 'FALSE', 'f', '0', 'No', 'off'],
);
const decimal = spell(
  fc.integer({ min: -300, max: 300 }).map((cents) => cents / 100),
  (number) => (number === 0 ? '0' : String(number)),
  (number) => {
    const sign = number < 0 ? '-' : '';
    const size = Math.abs(number).toFixed(2);
    return [`${sign}${size}`, `${sign}0${size}`, `${sign}${size}00`, `${sign}${Math.abs(number)}`];
  },
);
const state = spell(
  fc.constantFrom(['CA', 'California'], ['NY', 'New York'], ['DC', 'District of Columbia'], ['ON', 'Ontario']),
  ([code]) => code ?? '',
  ([code = '', name = '']) => [code, code.toLowerCase(), [...code, ''].join('.'), name, name.toUpperCase()],
);
const zipCode = spell(
  fc.constantFrom('02134', '02135').chain((zip) => fc.constantFrom('0001', '6789').map((plus) => [zip, plus] as const)),
  (parts) => parts.join(),
  ([zip, plus]) => [`${zip}-${plus}`, `${zip}${plus}`, `${zip} ${plus}`],
);
const email = spell(
  fc.tuple(fc.constantFrom('ann', 'Ann'), fc.constantFrom('example.com', 'example.org')),
  (parts) => parts.join('@'),
  ([local, domain]) => [`${local}@${domain}`, `${local}@${domain.toUpperCase()}`, `${local}@E${domain.slice(1)}`],
);

function spell<T>(
  meanings: fc.Arbitrary<T>,
  toMeaning: (one: T) => string,
  toTexts: (one: T) => readonly string[],
): fc.Arbitrary<Spelt> {
  return meanings.chain((one) => fc.constantFrom(...toTexts(one)).map((text) => ({ meaning: toMeaning(one), text })));
}

describe('two spellings are equal exactly when they mean the same', () => {
  test.each([
    ['phones', plain('phone3'), phone],
    ['dates', plain('dueDate'), day],
    ['custom dates', custom('DATE'), day],
    ['yes and no', plain('phone1Block'), yesNo],
    ['custom yes and no', custom('BOOLEAN'), yesNo],
    ['decimals', plain('balance'), decimal],
    ['custom numbers', custom('NUMBER'), decimal],
    ['states', plain('state'), state],
    ['ZIP codes', plain('zipCode'), zipCode],
    ['e-mail addresses', plain('email'), email],
  ])('%s, on either side and in every zone', (_, { field: one, dataType }, spelt) => {
    fc.assert(
      fc.property(spelt, spelt, anyZone, (a, b, timeZone) => {
        const desired = (text: string): unknown => {
          const result = toCanonical(one, text, { timeZone, dataType });
          return result.ok ? result.value : result;
        };
        const shown = (text: string): unknown => toMirrorCanonical(one, text, dataType, timeZone);
        const same = a.meaning === b.meaning;
        expect(desired(a.text) === shown(b.text)).toBe(same);
        expect(shown(a.text) === desired(b.text)).toBe(same);
        expect(desired(a.text) === desired(b.text)).toBe(same);
        expect(shown(a.text) === shown(b.text)).toBe(same);
      }),
      { numRuns: 2000 },
    );
  });

  test('an instant that is no midnight of UTC falls on the day of the client', () => {
    fc.assert(
      fc.property(anyAt, anyZone, fc.constantFrom(plain('dateOfBirth'), custom('DATE')), (at, timeZone, typed) => {
        fc.pre(at.getTime() % dayMs !== 0 && at.getUTCFullYear() >= 1801 && at.getUTCFullYear() <= 2199);
        const { field: one, dataType } = typed;
        const value = toLocalDate(at, timeZone);
        expect(toCanonical(one, at.toISOString(), { timeZone, dataType })).toEqual({ ok: true, value });
      }),
      runs,
    );
  });
});

describe('phones', () => {
  test('whatever is read as a number is what the library reads, digit for digit', () => {
    const units = [...'0123456789 ()-./+x#', '\u2011', '\u0662', '\uff12', 'A'];
    const texts = fc.oneof(
      phone.map(({ text }) => text),
      fc.string({ unit: fc.constantFrom(...units), maxLength: 18 }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const digits = parsePhoneNumber(text);
        fc.pre(digits !== undefined);
        const found = parsePhoneNumberFromString(text.replace('tel:', ''), { defaultCountry: 'US', extract: false });
        expect(found).toMatchObject({ countryCallingCode: '1', nationalNumber: digits });
      }),
      runs,
    );
  });

  test('a number that the library holds valid is never refused', () => {
    const ten = fc.stringMatching(/^[2-9]\d{2}[2-9]\d{6}$/);
    fc.assert(
      fc.property(ten, (digits) => {
        fc.pre(parsePhoneNumberFromString(digits, 'US')?.isValid() === true);
        expect(parsePhoneNumber(digits)).toBe(digits);
      }),
      runs,
    );
  });
});
