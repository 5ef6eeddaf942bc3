/** The digest of a contact: equal digests prove that nothing is to change, so no two different contacts may share one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalVersion } from '../../src/contact/compared.ts';
import {
  type CanonicalValue,
  contactFields,
  digestContact,
  type Owner,
  toComparedFields,
  toComparisonKey,
  toMirrorCanonical,
} from '../../src/contact/index.ts';

const owners: Readonly<Record<string, Owner>> = {
  firstName: 'record',
  lastName: 'record',
  city: 'livevox',
  email: 'only-if-empty',
  active: 'record',
  accountBlock: 'most-restrictive',
  accountBlockDaily: 'record',
  primaryEmailConsent: 'most-restrictive',
};
const fields = toComparedFields(owners);
const digest = (values: Record<string, CanonicalValue | undefined>) => digestContact(fields, values);

describe('digestContact', () => {
  it('gives two hashes to two lists of values, and one to one', () => {
    const names = ['firstName', 'lastName'] as const;
    const value = fc.oneof(
      fc.constantFrom<CanonicalValue>(null, '', '=', '\u0001', 'a=', '=a', '\\N'),
      fc.string({ unit: fc.constantFrom('a', '=', ' ', '\u0001') }),
    );
    fc.assert(
      fc.property(fc.tuple(value, value), fc.tuple(value, value), (one, other) => {
        const [first, second] = [one, other].map(
          (pair) => digest(Object.fromEntries(names.map((name, index) => [name, pair[index] as CanonicalValue]))).hash,
        );
        expect(first === second).toBe(one[0] === other[0] && one[1] === other[1]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('has no hash when a compared field is not spoken of', () => {
    expect(digest({ firstName: 'Ann' }).hash).toBeNull();
    expect(digest({ firstName: 'Ann', lastName: null }).hash).toMatch(/^-?\d+$/);
  });

  it('leaves out what LiveVox owns, and what is filled only where it is empty', () => {
    const base = { firstName: 'Ann', lastName: 'Lee' };
    expect(digest({ ...base, city: 'Rome', email: 'a@b.example' }).hash).toBe(digest(base).hash);
    expect(digest({ ...base, email: 'a@b.example' }).filled).toBe(1);
    expect(digest(base).filled).toBe(0);
  });

  it('counts a bit for what restricts, and knows a blank from a no', () => {
    const of = (values: Record<string, CanonicalValue>) => {
      const { bits, said } = digest({ firstName: null, lastName: null, ...values });
      return { bits, said };
    };
    const nothing = of({});
    expect(nothing.said).toBe(0);
    // No block is no restriction; no consent and not active are.
    expect(of({ accountBlock: 'true' }).bits - nothing.bits).toBeGreaterThan(0);
    expect(of({ active: 'true' }).bits - nothing.bits).toBeLessThan(0);
    expect(of({ active: 'false' })).toEqual({ bits: nothing.bits, said: nothing.bits - of({ active: 'true' }).bits });
    expect(of({ primaryEmailConsent: 'false' }).bits).toBe(nothing.bits);
    const said = of({ accountBlock: 'false', active: 'true', accountBlockDaily: 'true', primaryEmailConsent: 'true' });
    expect(said.said).toBe(fields.either + fields.restricting);
  });

  it('tells every switch from every other', () => {
    const switches = contactFields.filter((field) => field.writable && field.type === 'boolean');
    const all = toComparedFields(Object.fromEntries(switches.map(({ name }) => [name, 'record'])));
    expect(switches).toHaveLength(44);
    const masks = switches.map(({ name }) => digestContact(all, { [name]: 'true' }).said);
    expect(new Set(masks).size).toBe(44);
    expect(masks.reduce((sum, mask) => sum + mask, 0)).toBe(all.either);
    expect(Math.log2(all.either + 1)).toBe(44);
  });
});

describe('toComparedFields', () => {
  it('hashes a phone number that LiveVox owns where its switches are compared, because they belong to the number', () => {
    const names = (given: Record<string, Owner>): readonly string[] =>
      toComparedFields(given).hashed.map(({ name }) => name);
    expect(names({ phone1: 'livevox', phone1Block: 'record', phone2: 'livevox' })).toEqual(['phone1']);
    expect(names({ phone1: 'livevox', phone1Block: 'livevox' })).toEqual([]);
  });

  it('hashes what is filled only where it is empty when there are more such fields than bits', () => {
    const custom = contactFields.filter((field) => field.custom);
    const { fills, hashed } = toComparedFields(Object.fromEntries(custom.map(({ name }) => [name, 'only-if-empty'])));
    expect([fills.length, hashed.length]).toEqual([52, 48]);
  });
});

describe('toComparisonKey', () => {
  const key = toComparisonKey(fields, {}, 'America/New_York');

  it('changes with the fields, the data types of custom fields, and the zone; not with who owns a compared field', () => {
    const other = toComparedFields({ ...owners, firstName: 'newest', active: 'most-restrictive' });
    expect(toComparisonKey(other, {}, 'America/New_York')).toBe(key);
    expect(toComparisonKey(toComparedFields({ ...owners, city: 'record' }), {}, 'America/New_York')).not.toBe(key);
    expect(toComparisonKey(fields, {}, 'America/Chicago')).not.toBe(key);
    const custom = toComparedFields({ COL1: 'record' });
    expect(toComparisonKey(custom, { COL1: 'DATE' }, 'UTC')).not.toBe(toComparisonKey(custom, {}, 'UTC'));
  });

  /**
   * What the mirror holds is digested once and kept. When this fails because a value got another canonical text, count canonicalVersion up
   * (src/contact/compared.ts) and put the new texts here.
   */
  it('knows a change of the canonical values by its version', () => {
    const samples: readonly (readonly [string, string])[] = [
      ['firstName', '  Zoe\u0308 '],
      ['phone1', '+1 (202) 555-0101'],
      ['balance', '0100.50'],
      ['groupId', '007'],
      ['dueDate', '2026-03-01'],
      ['accountBlock', 't'],
      ['state', 'CA'],
      ['zipCode', '02134'],
      ['COL1', 'Gold'],
    ];
    const texts = samples.map(([name, text]) =>
      toMirrorCanonical(contactFields.find((field) => field.name === name)!, text),
    );
    expect({ version: canonicalVersion, texts }).toEqual({
      version: 1,
      texts: ['Zo\u00eb', '2025550101', '100.5', '7', '2026-03-01', 'true', 'CA', '02134', 'Gold'],
    });
  });
});
