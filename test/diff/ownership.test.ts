/**
 * Who owns a field decides what is planned: each owner × what LiveVox has × what the system of record says, and then all of them mixed,
 * applied to models of LiveVox in every dialect.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CanonicalValue, findField, type Owner, owners, phoneOrdinals } from '../../src/contact/index.ts';
import type { DesiredContact, MirrorContact } from '../../src/diff/contact-state.ts';
import { makePlanner, planContact } from '../../src/diff/plan.ts';
import { LiveVoxModel, modelDialects } from '../support/livevox-model.ts';
import {
  desiredFields,
  hasRepeatedNumber,
  shownContact,
  someOwners,
  toMirror,
  toPolicy,
} from '../support/plan-cases.ts';

const early = '2026-01-01T00:00:00.000Z';
const late = '2026-02-01T00:00:00.000Z';
const whens = {
  'record is newer': { changedAt: late, modifyDate: early },
  'both at once': { changedAt: late, modifyDate: late },
  'LiveVox is newer': { changedAt: early, modifyDate: late },
  'record does not say when': { changedAt: undefined, modifyDate: early },
  'LiveVox does not say when': { changedAt: late, modifyDate: null },
} as const;
type When = (typeof whens)[keyof typeof whens];

/** What `field` is after the plan, in a LiveVox that takes everything. */
function toEnd(owner: Owner, field: string, from: CanonicalValue, to: CanonicalValue | undefined, when: When) {
  const { changedAt, modifyDate } = when;
  // A phone's switches need a number; it belongs to nobody's question here.
  const mirror = toMirror({ phone1: '2025550101', [field]: from }, modifyDate);
  const fields = to === undefined ? {} : { [field]: to };
  const model = new LiveVoxModel(mirror.values, { phones: 'merge', empty: 'clears' });
  for (const patch of planContact(mirror, { account: 'A1', fields, changedAt }, toPolicy(owner))) model.take(patch);
  return model.values[field] ?? null;
}

/** The table of docs/order-of-blocks.md, for an existing contact, as `owner: from to → end`. */
function toTable(
  field: string,
  froms: readonly CanonicalValue[],
  tos: readonly (CanonicalValue | undefined)[],
  when: When,
) {
  return owners
    .filter((owner) => owner !== 'most-restrictive' || findField(field)?.type === 'boolean')
    .map((owner) => {
      const ends = froms.flatMap((from) => tos.map((to) => toEnd(owner, field, from, to, when)));
      return `${owner}: ${ends.map((end) => end ?? '-').join(' ')}`;
    });
}

describe('the owner of a field', () => {
  const newer = whens['record is newer'];
  const older = whens['LiveVox is newer'];

  it('decides about a name: from nothing, Ann, Eve to Eve, to nothing, to no word', () => {
    const table = (when: When) => toTable('firstName', [null, 'Ann', 'Eve'], ['Eve', null, undefined], when);
    expect(table(newer)).toEqual([
      'record: Eve - - Eve - Ann Eve - Eve',
      'livevox: - - - Ann Ann Ann Eve Eve Eve',
      'newest: Eve - - Eve - Ann Eve - Eve',
      'only-if-empty: Eve - - Ann Ann Ann Eve Eve Eve',
    ]);
    expect(table(older)[2]).toBe('newest: - - - Ann Ann Ann Eve Eve Eve');
  });

  it.each(['accountBlock', 'accountBlockDaily', 'phone1Block', 'phone1BlockDaily'])(
    'decides about %s: from nothing, true, false to true, to false, to no word',
    (field) => {
      const table = (when: When) => toTable(field, [null, 'true', 'false'], ['true', 'false', undefined], when);
      expect(table(newer)).toEqual([
        'record: true - - true false true true false false',
        'livevox: - - - true true true false false false',
        'newest: true - - true false true true false false',
        'only-if-empty: true - - true true true false false false',
        'most-restrictive: true - - true true true true false false',
      ]);
      // An older word of the record still blocks, and lifts nothing.
      expect(table(older)[2]).toBe('newest: true - - true true true true false false');
    },
  );

  it.each(['primaryEmailConsent', 'phone1CellConsent', 'phone1SmsConsent', 'active'])(
    'decides about %s: from nothing, true, false to true, to false, to no word',
    (field) => {
      const table = (when: When) => toTable(field, [null, 'true', 'false'], ['true', 'false', undefined], when);
      expect(table(newer)).toEqual([
        'record: true - - true false true true false false',
        'livevox: - - - true true true false false false',
        'newest: true - - true false true true false false',
        'only-if-empty: true - - true true true false false false',
        'most-restrictive: - - - true false true false false false',
      ]);
      const isConsent = field !== 'active';
      expect(table(older)[2]).toBe(`newest: - - - true ${isConsent ? 'false' : 'true'} true false false false`);
    },
  );

  it.each(Object.entries(whens))('newest, when %s', (name, when) => {
    const wins = name === 'record is newer' || name === 'both at once';
    expect([
      toEnd('newest', 'firstName', 'Ann', 'Eve', when),
      toEnd('newest', 'accountBlock', 'true', 'false', when),
      toEnd('newest', 'accountBlock', 'false', 'true', when),
    ]).toEqual(wins ? ['Eve', 'false', 'true'] : ['Ann', 'true', 'true']);
  });

  it('fills an empty place of a phone and no other', () => {
    const mirror = toMirror({ phone1: '2025550101' });
    const fields = { phone1: '2025550102', phone2: '2025550103' };
    const [patch] = planContact(mirror, { account: 'A1', fields }, toPolicy('only-if-empty'));
    expect(patch?.changes).toEqual({ phone2: [null, '2025550103'] });
  });

  it('does not matter when a contact is created, but what LiveVox owns is never sent', () => {
    const fields = {
      firstName: 'Ann',
      active: 'false',
      accountBlock: 'true',
      phone1: '2025550101',
      phone1CellConsent: 'true',
    };
    for (const owner of owners) {
      const [patch] = planContact(undefined, { account: 'A1', fields }, toPolicy(owner));
      const sends = { ...fields, accountBlock: 'PERMANENT' };
      expect(patch).toMatchObject({ operation: 'create', sends: owner === 'livevox' ? { active: 'true' } : sends });
      if (owner === 'livevox') expect(Object.keys(patch?.changes ?? {})).toEqual(['active']);
    }
  });

  it('does not lift the block of a number that LiveVox keeps, by a word about another number', () => {
    const mirror = toMirror({ phone1: '2025550101', phone1Block: 'true', phone1CellConsent: 'false' });
    const fields = { phone1: '2025550102', phone1Block: 'false', phone1CellConsent: 'true' };
    expect(planContact(mirror, { account: 'A1', fields }, toPolicy('record', { phone1: 'livevox' }))).toEqual([]);
  });

  it('blocks a number where LiveVox has it, when the place that the record blocks it at is not given to it', () => {
    const mirror = toMirror({ phone1: '2025550101' });
    const fields = { phone1: '2025550109', phone2: '2025550101', phone2Block: 'true' };
    const patches = planContact(
      mirror,
      { account: 'A1', fields },
      toPolicy('record', { phone1: 'livevox', phone2: 'livevox' }),
    );
    expect(patches.map(({ changes }) => changes)).toEqual([{ phone1Block: ['false', 'true'] }]);
  });

  it('cannot be most-restrictive for what restricts nobody', () => {
    const policy = {
      ...toPolicy('record'),
      owners: { firstName: 'most-restrictive', phone1: 'most-restrictive' } as const,
    };
    expect(() => makePlanner(policy)).toThrow(/firstName restricts nobody.*\n.*phone1 restricts nobody/);
  });
});

const aCase = fc
  .record({
    shown: shownContact,
    fields: desiredFields,
    owners: someOwners,
    when: fc.constantFrom(...Object.values(whens)),
    dialect: fc.constantFrom(...modelDialects),
  })
  .map(({ shown, fields, owners: mixed, when, dialect }) => ({
    mirror: toMirror(shown, when.modifyDate),
    desired: { account: 'A1', fields, changedAt: when.changedAt } as DesiredContact,
    plan: makePlanner(toPolicy('record', mixed)),
    owners: mixed,
    isRecordNewest: when === whens['record is newer'] || when === whens['both at once'],
    dialect,
  }));
type Case = typeof aCase extends fc.Arbitrary<infer T> ? T : never;

function apply({ mirror, desired, plan, dialect }: Case): MirrorContact {
  const model = new LiveVoxModel(mirror.values, dialect);
  for (const patch of plan(mirror, desired)) model.take(patch);
  return toMirror(model.values, mirror.modifyDate);
}

/** What a value without a direction of harm has to be in the end, told apart from the planner. */
function toPlainEnd({ owners: mixed, mirror, desired, isRecordNewest, dialect }: Case, name: string): CanonicalValue {
  const from = mirror.values[name] ?? null;
  const to = desired.fields[name];
  const wins = { record: true, livevox: false, newest: isRecordNewest, 'only-if-empty': from === null };
  const owner = mixed[name];
  if (to === undefined || owner === undefined || owner === 'most-restrictive' || !wins[owner]) return from;
  const clears = findField(name)?.type === 'text' && dialect.empty === 'clears';
  return to === null && !clears ? from : to;
}

describe('a plan under any mix of owners, applied to a LiveVox of any dialect', () => {
  it('ends in what the owners want of every name, date, number and phone', () => {
    fc.assert(
      fc.property(aCase, (one) => {
        const end = apply(one);
        for (const name of ['firstName', 'balance', 'dueDate', 'COL7', 'phone1', 'phone2', 'phone3']) {
          // Where phones are replaced, an empty one goes with the others, whatever an empty value means.
          const isReplaced = name.startsWith('phone') && one.dialect.phones === 'replace';
          const dialect = isReplaced ? { ...one.dialect, empty: 'clears' as const } : one.dialect;
          expect([name, end.values[name] ?? null]).toEqual([name, toPlainEnd({ ...one, dialect }, name)]);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('is empty the second time, where empty values clear', () => {
    const clearing = aCase.filter(({ dialect }) => dialect.empty === 'clears');
    fc.assert(
      fc.property(clearing, (one) => {
        const end = apply(one);
        const again = one.plan(end, one.desired).filter(({ operation }) => operation !== 'not_expressible');
        expect(again).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is empty when LiveVox is as desired', () => {
    fc.assert(
      fc.property(aCase, ({ mirror, desired, plan }) => {
        const shown = { ...mirror.values, ...desired.fields };
        fc.pre(!hasRepeatedNumber(shown));
        expect(plan(toMirror(shown, mirror.modifyDate), desired)).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is the same whatever the order of keys', () => {
    const turn = <Value>(values: Readonly<Record<string, Value>>) =>
      Object.fromEntries(Object.entries(values).toReversed());
    fc.assert(
      fc.property(aCase, ({ mirror, desired, plan, owners: mixed }) => {
        const turned = makePlanner(toPolicy('record', turn(mixed)));
        const again = turned({ ...mirror, values: turn(mirror.values) }, { ...desired, fields: turn(desired.fields) });
        expect(JSON.stringify(again)).toBe(JSON.stringify(plan(mirror, desired)));
      }),
      { numRuns: 500 },
    );
  });

  it('turns nothing that LiveVox owns', () => {
    fc.assert(
      fc.property(aCase, ({ mirror, desired, plan, owners: mixed }) => {
        for (const { changes } of plan(mirror, desired)) {
          for (const [name, [from, to]] of Object.entries(changes)) {
            const ordinal = findField(name)?.ordinal;
            // The switches of a number that comes or goes belong to the number.
            const moves =
              ordinal !== undefined && desired.fields[`phone${ordinal}`] !== mirror.values[`phone${ordinal}`];
            if (!moves && from !== to) expect([name, mixed[name]]).not.toEqual([name, 'livevox']);
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('lifts no block of a number and grants it no consent, where the most restrictive word counts', () => {
    const mostRestrictive = makePlanner(toPolicy('most-restrictive'));
    fc.assert(
      fc.property(aCase, (one) => {
        const end = apply({ ...one, plan: mostRestrictive });
        const read = (contact: MirrorContact, part: string) =>
          new Map(phoneOrdinals.map((n) => [contact.values[`phone${n}`] ?? null, contact.values[`phone${n}${part}`]]));
        for (const name of ['Block', 'BlockDaily']) {
          const after = read(end, name);
          for (const [number, value] of read(one.mirror, name)) {
            if (number !== null && value === 'true' && after.has(number)) expect(after.get(number)).toBe('true');
          }
        }
        for (const name of ['CellConsent', 'SmsConsent']) {
          const before = read(one.mirror, name);
          for (const [number, value] of read(end, name)) {
            if (number !== null && value === 'true') expect([number, before.get(number)]).toEqual([number, 'true']);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
