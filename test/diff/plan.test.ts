import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CanonicalValue, contactFields, findField, type Patch, phoneOrdinals } from '../../src/contact/index.ts';
import type { DesiredContact, MirrorContact } from '../../src/diff/contact-state.ts';
import { makePlanner, planContact } from '../../src/diff/plan.ts';
import type { PlanPolicy } from '../../src/diff/planned.ts';
import { LiveVoxModel } from '../support/livevox-model.ts';

/** The system of record owns everything: the only policy under which every kind of change comes up. */
const policy: PlanPolicy = {
  createActive: true,
  onAbsence: 'nothing',
  owners: Object.fromEntries(contactFields.filter(({ writable }) => writable).map(({ name }) => [name, 'record'])),
};

function mirrorOf(values: Record<string, CanonicalValue>): MirrorContact {
  const rawPhones = Object.fromEntries(Object.entries(values).filter(([name]) => /^phone\d+$/.test(name)));
  return {
    account: 'A1',
    lvAccountId: '77',
    mergedAt: 'v1',
    modifyDate: null,
    values: { active: 'true', ...values },
    rawPhones,
  };
}

function plan(values: Record<string, CanonicalValue>, fields: Record<string, CanonicalValue>): readonly Patch[] {
  return planContact(mirrorOf(values), { account: 'A1', fields }, policy);
}

function short(patches: readonly Patch[]): readonly unknown[] {
  return patches.map((patch) =>
    patch.operation === 'not_expressible'
      ? ['not_expressible', patch.changes]
      : [patch.operation, patch.endpoint, patch.changes, patch.sends],
  );
}

describe('planContact', () => {
  it('plans nothing when LiveVox is as the system of record wants it', () => {
    expect(
      plan(
        { firstName: 'Ann', balance: '10', phone1: '2025550101' },
        { firstName: 'Ann', balance: '10', phone1: '2025550101' },
      ),
    ).toEqual([]);
  });

  it('leaves alone what the system of record does not speak for', () => {
    expect(plan({ firstName: 'Ann', accountBlock: 'true' }, {})).toEqual([]);
  });

  it('takes an empty boolean column for false', () => {
    expect(
      plan({ accountBlock: null, primaryEmailConsent: null }, { accountBlock: 'false', primaryEmailConsent: 'false' }),
    ).toEqual([]);
  });

  it('sends `active` with every update, as it is now', () => {
    expect(short(plan({ firstName: 'Ann', active: 'false' }, { firstName: 'Eve' }))).toEqual([
      ['update', 'bulk_update', { firstName: ['Ann', 'Eve'] }, { firstName: 'Eve', active: 'false' }],
    ]);
  });

  it('creates a contact with its blocks in the same row', () => {
    const desired = {
      account: 'N1',
      fields: {
        lastName: 'New',
        phone1: '2025550101',
        phone1Block: 'true',
        phone2Block: 'true',
        accountBlock: 'false',
      },
    };
    expect(short(planContact(undefined, desired, policy))).toEqual([
      [
        'create',
        'bulk_create',
        { lastName: [null, 'New'], active: [null, 'true'], phone1: [null, '2025550101'], phone1Block: [null, 'true'] },
        { lastName: 'New', active: 'true', phone1: '2025550101', phone1Block: 'PERMANENT' },
      ],
    ]);
  });

  it('blocks first and lifts last', () => {
    const patches = plan(
      {
        phone1: '2025550101',
        phone2: '2025550102',
        phone2Block: 'true',
        firstName: 'Ann',
        active: 'true',
        primaryEmailConsent: 'true',
      },
      { phone1Block: 'true', phone2Block: 'false', firstName: 'Eve', active: 'false', primaryEmailConsent: 'false' },
    );
    expect(
      patches.map((patch) => patch.operation === 'not_expressible' || `${patch.operation} ${patch.endpoint}`),
    ).toEqual(['block multi_dnd', 'block bulk_update', 'update bulk_update', 'lift multi_dnd']);
  });

  it('turns a daily block into a permanent one by setting first and clearing last', () => {
    expect(short(plan({ accountBlockDaily: 'true' }, { accountBlock: 'true', accountBlockDaily: 'false' }))).toEqual([
      ['block', 'multi_dnd', { accountBlock: ['false', 'true'] }, { accountBlock: 'PERMANENT' }],
      ['lift', 'multi_dnd', { accountBlockDaily: ['true', 'false'] }, { accountBlock: 'DAILY_OFF' }],
    ]);
  });

  it('says a block again when the lift of the other one follows, and has it read back', () => {
    expect(
      short(
        plan({ accountBlock: 'true', accountBlockDaily: 'true' }, { accountBlock: 'true', accountBlockDaily: 'false' }),
      ),
    ).toEqual([
      ['block', 'multi_dnd', { accountBlock: ['true', 'true'] }, { accountBlock: 'PERMANENT' }],
      ['lift', 'multi_dnd', { accountBlockDaily: ['true', 'false'] }, { accountBlock: 'DAILY_OFF' }],
    ]);
  });

  it('withdraws a consent with the blocks and grants one with the lifts', () => {
    const patches = plan(
      { phone1: '2025550101', phone1CellConsent: 'true', phone1SmsConsent: 'false' },
      { phone1CellConsent: 'false', phone1SmsConsent: 'true' },
    );
    expect(short(patches)).toEqual([
      [
        'block',
        'multi_dnd',
        { phone1CellConsent: ['true', 'false'] },
        { phone1: '2025550101', phone1CellConsent: 'false' },
      ],
      [
        'lift',
        'multi_dnd',
        { phone1SmsConsent: ['false', 'true'] },
        { phone1: '2025550101', phone1SmsConsent: 'true' },
      ],
    ]);
  });

  it('sends all phones when one changes, and only verbs that set', () => {
    const patches = plan(
      { phone1: '2025550101', phone2: '2025550102', phone2Block: 'true', phone2CellConsent: 'true' },
      { phone1: '2025550199' },
    );
    expect(short(patches)).toEqual([
      [
        'update',
        'bulk_update',
        { phone1: ['2025550101', '2025550199'] },
        {
          phone1: '2025550199',
          phone1CellConsent: 'false',
          phone1SmsConsent: 'false',
          phone2: '2025550102',
          phone2Block: 'PERMANENT',
          phone2CellConsent: 'true',
          phone2SmsConsent: 'false',
          active: 'true',
        },
      ],
    ]);
  });

  it('withdraws the consent of a number that is replaced, because a consent belongs to a number', () => {
    const [patch] = plan({ phone1: '2025550101', phone1CellConsent: 'true' }, { phone1: '2025550199' });
    expect(patch?.changes).toEqual({ phone1: ['2025550101', '2025550199'], phone1CellConsent: ['true', 'false'] });
  });

  it('carries block and consent along when a number moves to another ordinal', () => {
    const patches = plan(
      { phone1: '2025550101', phone1Block: 'true', phone1CellConsent: 'true', phone2: '2025550102' },
      { phone1: '2025550102', phone2: '2025550101' },
    );
    const update = patches.find((patch) => patch.operation === 'update');
    expect(update?.operation === 'update' && update.sends['phone2Block']).toBe('PERMANENT');
    expect(update?.operation === 'update' && update.sends['phone2CellConsent']).toBe('true');
  });

  it('blocks a number where it is before it moves to where it shall be blocked', () => {
    const patches = plan(
      { phone1: '2025550101', phone2: '2025550102' },
      { phone1: '2025550109', phone2: '2025550101', phone2Block: 'true' },
    );
    expect(short(patches).at(0)).toEqual([
      'block',
      'multi_dnd',
      { phone1Block: ['false', 'true'] },
      { phone1: '2025550101', phone1Block: 'PERMANENT' },
    ]);
  });

  it('clears a text with null and reports a number or a date that cannot be cleared', () => {
    expect(
      short(
        plan(
          { email: 'a@b.example', balance: '10', dueDate: '2026-01-01' },
          { email: null, balance: null, dueDate: null },
        ),
      ),
    ).toEqual([
      ['update', 'bulk_update', { email: ['a@b.example', null] }, { email: null, active: 'true' }],
      ['not_expressible', { balance: ['10', null], dueDate: ['2026-01-01', null] }],
    ]);
  });

  it('activates with the lifts, never with an update before them', () => {
    const patches = plan({ active: 'false', firstName: 'Ann' }, { active: 'true', firstName: 'Eve' });
    expect(short(patches)).toEqual([
      ['update', 'bulk_update', { firstName: ['Ann', 'Eve'] }, { firstName: 'Eve', active: 'false' }],
      ['lift', 'bulk_update', { active: ['false', 'true'] }, { active: 'true' }],
    ]);
  });
});

const number = fc.constantFrom('2025550101', '2025550102', '2025550103', '2025550104');
const bool = fc.constantFrom<CanonicalValue>('true', 'false');
const phoneArbitrary = (ordinal: number) =>
  fc.record(
    {
      [`phone${ordinal}`]: fc.option(number, { nil: null }),
      [`phone${ordinal}Block`]: bool,
      [`phone${ordinal}BlockDaily`]: bool,
      [`phone${ordinal}CellConsent`]: bool,
      [`phone${ordinal}SmsConsent`]: bool,
    },
    { requiredKeys: [] },
  );
const contactArbitrary = fc
  .tuple(
    fc.record(
      {
        firstName: fc.constantFrom('Ann', 'Eve', null),
        balance: fc.constantFrom('1', '2.5'),
        active: bool,
        accountBlock: bool,
        accountBlockDaily: bool,
        primaryEmailConsent: bool,
      },
      { requiredKeys: [] },
    ),
    phoneArbitrary(1),
    phoneArbitrary(2),
    phoneArbitrary(3),
  )
  .map((parts) => Object.fromEntries(parts.flatMap((part) => Object.entries(part))) as Record<string, CanonicalValue>);

/** A record that names a number twice contradicts itself; the properties are about the others. */
function hasRepeatedNumber(fields: Record<string, CanonicalValue>): boolean {
  const numbers = phoneOrdinals.map((ordinal) => fields[`phone${ordinal}`]).filter((value) => value != null);
  return new Set(numbers).size < numbers.length;
}

function finalNumbers(mirror: MirrorContact, desired: DesiredContact): Record<string, CanonicalValue> {
  return Object.fromEntries(
    phoneOrdinals.map((ordinal) => {
      const field = `phone${ordinal}`;
      const wanted = desired.fields[field];
      return [field, wanted === undefined ? (mirror.values[field] ?? null) : wanted];
    }),
  );
}

const caseArbitrary = fc
  .tuple(contactArbitrary, contactArbitrary)
  .map(([before, fields]) => ({ mirror: mirrorOf(before), desired: { account: 'A1', fields } }))
  .filter(
    ({ mirror, desired }) =>
      !hasRepeatedNumber({ ...mirror.values }) && !hasRepeatedNumber(finalNumbers(mirror, desired)),
  );

const planner = makePlanner(policy);

describe.each(['merge', 'replace'] as const)('a plan applied to a LiveVox that would %s phone arrays', (phones) => {
  const dialect = { phones, empty: 'clears' } as const;
  it('makes it as desired on every field the system of record speaks for, and plans nothing after', () => {
    fc.assert(
      fc.property(caseArbitrary, ({ mirror, desired }) => {
        const model = new LiveVoxModel(mirror.values, dialect);
        for (const patch of planner(mirror, desired)) model.take(patch);
        const after = mirrorOf(model.values);
        for (const [name, wanted] of Object.entries(desired.fields)) {
          const field = findField(name)!;
          const ofEmptyPhone = field.ordinal !== undefined && after.values[`phone${field.ordinal}`] == null;
          if (ofEmptyPhone && field.type === 'boolean') continue;
          const read = (value: CanonicalValue | undefined) => value ?? (field.type === 'boolean' ? 'false' : null);
          expect([name, read(after.values[name])]).toEqual([name, read(wanted)]);
        }
        expect(planner(after, desired)).toEqual([]);
      }),
      { numRuns: 3_000 },
    );
  });

  it('never lets a number ring that is to be blocked and was, or is blocked already in the plan', () => {
    fc.assert(
      fc.property(caseArbitrary, ({ mirror, desired }) => {
        const model = new LiveVoxModel(mirror.values, dialect);
        const end = finalNumbers(mirror, desired);
        const mustStaySilent = new Set(
          phoneOrdinals
            .filter((ordinal) => desired.fields[`phone${ordinal}Block`] === 'true' && end[`phone${ordinal}`] !== null)
            .map((ordinal) => end[`phone${ordinal}`]),
        );
        let blocksDone = false;
        for (const patch of planner(mirror, desired)) {
          const silentBefore = [...mustStaySilent].filter((phone) => model.isBlocked(phone!));
          model.take(patch);
          if (patch.operation !== 'block') blocksDone = true;
          for (const phone of silentBefore) expect(model.isBlocked(phone!)).toBe(true);
          if (blocksDone) for (const phone of mustStaySilent) expect(model.isBlocked(phone!)).toBe(true);
        }
      }),
      { numRuns: 3_000 },
    );
  });
});
