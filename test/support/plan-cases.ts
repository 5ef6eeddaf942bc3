/** Contacts for the planner's tests: a mirror row, a policy in which one owner has everything, and arbitraries of both sides. */
import fc from 'fast-check';
import { type CanonicalValue, contactFields, isBlockOrConsent, type Owner } from '../../src/contact/index.ts';
import type { MirrorContact } from '../../src/diff/contact-state.ts';
import type { PlanPolicy } from '../../src/diff/planned.ts';

type Values = Readonly<Record<string, CanonicalValue>>;

const ownable = contactFields.filter(({ writable, name }) => writable && name !== 'account');

/** A mirror row, active unless it says otherwise. */
export function toMirror(values: Values, modifyDate: string | null = null): MirrorContact {
  const rawPhones = Object.fromEntries(Object.entries(values).filter(([name]) => /^phone\d+$/.test(name)));
  return {
    account: 'A1',
    lvAccountId: '77',
    mergedAt: 'v1',
    modifyDate,
    values: { active: 'true', ...values },
    rawPhones,
  };
}

/** The policy in which `owner` has every field that it can have, and `record` the others, but for `owners`. */
export function toPolicy(owner: Owner, owners: Readonly<Record<string, Owner>> = {}): PlanPolicy {
  const own = ownable.map((field) => {
    const isPossible = owner !== 'most-restrictive' || isBlockOrConsent(field) || field.name === 'active';
    return [field.name, isPossible ? owner : 'record'] as const;
  });
  return { createActive: true, onAbsence: 'nothing', owners: { ...Object.fromEntries(own), ...owners } };
}

const aBoolean = fc.constantFrom<CanonicalValue>('true', 'false');
/** In LiveVox, which may show nothing. */
const aShownBoolean = fc.constantFrom<CanonicalValue>('true', 'false', null);
const aNumber = fc.constantFrom('2025550101', '2025550102', '2025550103', '2025550104');

function aPhone(ordinal: number, boolean: fc.Arbitrary<CanonicalValue>): fc.Arbitrary<Values> {
  const fields = {
    [`phone${ordinal}`]: fc.option(aNumber, { nil: null }),
    [`phone${ordinal}Block`]: boolean,
    [`phone${ordinal}BlockDaily`]: boolean,
    [`phone${ordinal}CellConsent`]: boolean,
    [`phone${ordinal}SmsConsent`]: boolean,
  };
  return fc.record(fields, { requiredKeys: [] }).map((values) => values as Values);
}

function aContact(boolean: fc.Arbitrary<CanonicalValue>): fc.Arbitrary<Values> {
  const fields = {
    firstName: fc.constantFrom('Ann', 'Eve', null),
    balance: fc.constantFrom('1', '2.5', null),
    dueDate: fc.constantFrom('2026-01-01', null),
    COL7: fc.constantFrom('x', null),
    active: boolean,
    accountBlock: boolean,
    accountBlockDaily: boolean,
    primaryEmailConsent: boolean,
  };
  const parts = [fc.record(fields, { requiredKeys: [] }), ...[1, 2, 3].map((ordinal) => aPhone(ordinal, boolean))];
  return fc
    .tuple(...parts)
    .map((values): Values => Object.assign({}, ...values))
    .filter((values) => !hasRepeatedNumber(values));
}

/** What LiveVox may show; no number twice. */
export const shownContact = aContact(aShownBoolean);
/** What a system of record may say; no number twice. */
export const desiredFields = aContact(aBoolean);

export function hasRepeatedNumber(values: Values): boolean {
  const numbers = Object.keys(values).filter((name) => /^phone\d+$/.test(name) && values[name] != null);
  return new Set(numbers.map((name) => values[name])).size < numbers.length;
}

/** An owner for each field that the contacts above have. */
export const someOwners: fc.Arbitrary<Readonly<Record<string, Owner>>> = fc
  .tuple(
    ...ownable
      .filter(({ name }) =>
        /^(firstName|balance|dueDate|COL7|active|accountBlock.*|primaryEmailConsent|phone[123]\D*)$/.test(name),
      )
      .map((field) => {
        const common = ['record', 'livevox', 'newest', 'only-if-empty'] as const;
        const canRestrict = isBlockOrConsent(field) || field.name === 'active';
        const owner = fc.constantFrom<Owner>(...common, ...(canRestrict ? (['most-restrictive'] as const) : []));
        return owner.map((value) => [field.name, value] as const);
      }),
  )
  .map((pairs) => Object.fromEntries(pairs));
