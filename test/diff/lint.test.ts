/** Each hazard of the linter by a patch that has it and by one that nearly has; and that the planner makes none by accident. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CanonicalValue, owners, Patch } from '../../src/contact/index.ts';
import { lintPatch } from '../../src/diff/lint.ts';
import { makePlanner, planContact } from '../../src/diff/plan.ts';
import { desiredFields, shownContact, someOwners, toMirror, toPolicy } from '../support/plan-cases.ts';

type Values = Readonly<Record<string, CanonicalValue>>;

const [one, two, three] = ['2025550101', '2025550102', '2025550103'];

function toUpdate(
  changes: Patch['changes'],
  sends: Values,
  operation: 'update' | 'block' | 'deactivate' = 'update',
): Patch {
  return { account: 'A1', operation, endpoint: 'bulk_update', changes, sends };
}

/** What the planner says of its own patches: hazards and risk by operation. */
function toRisks(shown: Values, fields: Values): readonly unknown[] {
  const patches = planContact(toMirror(shown), { account: 'A1', fields }, toPolicy('record'));
  return patches.map(({ operation, hazards, risk }) => [operation, hazards, risk]);
}

describe('deactivates', () => {
  const changes = { firstName: ['Ann', 'Eve'] } as const;
  const active = toMirror({ firstName: 'Ann' });

  it.each([
    ['a missing active', {}, active],
    ['a missing active, whoever looked', {}, undefined],
    ['a false that nobody asked for', { active: 'false' }, active],
    ['a false of a contact nobody looked at', { active: 'false' }, undefined],
  ] as const)('finds %s', (_, sends, mirror) => {
    expect(lintPatch(toUpdate(changes, { firstName: 'Eve', ...sends }), mirror)).toEqual(['deactivates']);
  });

  it('passes what says active as it is, and a deactivation that is meant', () => {
    const off = { active: ['true', 'false'] } as const;
    expect(lintPatch(toUpdate(changes, { firstName: 'Eve', active: 'true' }), active)).toEqual([]);
    expect(lintPatch(toUpdate(changes, { firstName: 'Eve', active: 'false' }), toMirror({ active: 'false' }))).toEqual(
      [],
    );
    expect(lintPatch(toUpdate(off, { active: 'false' }, 'block'), active)).toEqual([]);
    expect(lintPatch(toUpdate(off, { active: 'false' }, 'deactivate'), active)).toEqual([]);
    expect(lintPatch(toUpdate(off, { active: 'false' }, 'update'), active)).toEqual(['deactivates']);
  });
});

describe('the phones of an update', () => {
  const mirror = toMirror({ phone1: one, phone2: two, phone2Block: 'true' });
  const lint = (changes: Patch['changes'], sends: Values) =>
    lintPatch(toUpdate(changes, { active: 'true', ...sends }), mirror);

  it('drops a phone that is not sent along, or that goes for nothing', () => {
    const toThree = { phone1: [one, three] } as const;
    expect(lint(toThree, { phone1: three })).toEqual(['drops_phone', 'downgrades_permanent']);
    expect(lint(toThree, { phone1: three, phone2: two, phone2Block: 'PERMANENT' })).toEqual([]);
    expect(lint({ phone1: [one, null] }, { phone1: null, phone2: two, phone2Block: 'BOTH' })).toEqual(['drops_phone']);
  });

  it('shifts a number to another ordinal', () => {
    const swap = { phone1: [one, two], phone2: [two, one] } as const;
    const sends = { phone1: two, phone1Block: 'PERMANENT', phone2: one };
    expect(lint(swap, sends)).toEqual(['shifts_ordinals']);
    expect(
      lint({ phone3: [null, three] }, { phone1: one, phone2: two, phone2Block: 'PERMANENT', phone3: three }),
    ).toEqual([]);
  });

  it('loses the lasting block of a number that is sent without it', () => {
    expect(lint({ phone1: [one, three] }, { phone1: three, phone2: two })).toEqual(['downgrades_permanent']);
    expect(lint({ phone1: [one, three] }, { phone1: three, phone2: two, phone2Block: 'DAILY' })).toEqual([
      'downgrades_permanent',
    ]);
  });
});

describe('downgrades_permanent', () => {
  const dnd = (verb: string, changes: Patch['changes'] = {}): Patch => ({
    account: 'A1',
    operation: 'lift',
    endpoint: 'multi_dnd',
    changes,
    sends: { accountBlock: verb },
  });

  it('is found by the verb where the changes do not say so, and by a daily block that takes its place', () => {
    const blocked = toMirror({ accountBlock: 'true' });
    expect(lintPatch(dnd('NONE'), blocked)).toEqual(['downgrades_permanent']);
    expect(lintPatch(dnd('PERMANENT_OFF'), undefined)).toEqual(['downgrades_permanent']);
    expect(lintPatch(dnd('DAILY_OFF', { accountBlockDaily: ['true', 'false'] }), blocked)).toEqual([]);
    expect(lintPatch(dnd('NONE', { accountBlockDaily: ['true', 'false'] }), toMirror({}))).toEqual([]);
    expect(lintPatch(dnd('NONE', { accountBlock: ['true', 'false'] }), blocked)).toEqual([]);
  });
});

describe('what the planner says of its own patches', () => {
  it('ranks them by harm', () => {
    expect(toRisks({}, { accountBlock: 'true' })).toEqual([['block', [], 5]]);
    expect(toRisks({}, { active: 'false' })).toEqual([['block', [], 5]]);
    expect(toRisks({ firstName: 'Ann' }, { firstName: 'Eve' })).toEqual([['update', [], 20]]);
    expect(toRisks({ firstName: 'Ann' }, { firstName: null })).toEqual([['update', ['clears_field'], 40]]);
    expect(toRisks({ phone1: one, phone2: two }, { phone1: two, phone2: one })).toEqual([
      ['update', ['shifts_ordinals'], 50],
    ]);
    expect(toRisks({ phone1: one }, { phone1: null })).toEqual([['update', ['drops_phone'], 60]]);
    expect(toRisks({ active: 'false' }, { active: 'true' })).toEqual([['lift', [], 90]]);
    expect(toRisks({ accountBlockDaily: 'true' }, { accountBlockDaily: 'false' })).toEqual([['lift', [], 90]]);
    expect(toRisks({ accountBlock: 'true' }, { accountBlock: 'false' })).toEqual([['lift', [], 90]]);
    expect(toRisks({ accountBlock: 'true' }, { accountBlock: 'false', accountBlockDaily: 'true' })).toEqual([
      ['block', [], 5],
      ['lift', ['downgrades_permanent'], 100],
    ]);
    expect(toRisks({ accountBlock: 'true', accountBlockDaily: 'true' }, { accountBlock: 'false' })).toEqual([
      ['lift', ['downgrades_permanent'], 100],
    ]);
    expect(toRisks({ balance: '1' }, { balance: null })).toEqual([['not_expressible', [], 0]]);
  });

  it('carries the cause of what the policy brought in, with the patch that does it', () => {
    const cause = { kind: 'fan_out', account: 'A2', field: 'phone3Block' } as const;
    const fields = { firstName: 'Eve', phone1Block: 'true' };
    const desired = { account: 'A1', fields, causes: { phone1Block: cause, phone2Block: cause } };
    const patches = planContact(toMirror({ phone1: one }), desired, {
      ...toPolicy('record'),
      owners: { firstName: 'record' },
    });
    expect(patches.map(({ operation, causes }) => [operation, causes])).toEqual([
      ['block', { phone1Block: cause }],
      ['update', undefined],
    ]);
  });

  it('never deactivates by accident, loses no block in an update, and always says active', () => {
    const property = fc.property(shownContact, desiredFields, someOwners, (shown, fields, mixed) => {
      for (const patch of makePlanner(toPolicy('record', mixed))(toMirror(shown), { account: 'A1', fields })) {
        expect(patch.hazards).not.toContain('deactivates');
        if (patch.operation === 'update') expect(patch.hazards).not.toContain('downgrades_permanent');
        if (patch.operation === 'not_expressible' || patch.endpoint !== 'bulk_update') continue;
        expect(patch.sends['active']).toMatch(/^(true|false)$/);
      }
    });
    fc.assert(property, { numRuns: 2_000 });
  });
});

describe('a contact that a complete system of record no longer has', () => {
  const absent = (
    onAbsence: 'nothing' | 'deactivate' | 'delete',
    shown: Values,
    owner: (typeof owners)[number] = 'record',
  ) => planContact(toMirror(shown), undefined, { ...toPolicy(owner), onAbsence });

  it('is left alone, deactivated or deleted, as the policy says', () => {
    expect(absent('nothing', {})).toEqual([]);
    const who = { account: 'A1', lvAccountId: '77', hazards: [] };
    const off = {
      operation: 'deactivate',
      endpoint: 'bulk_update',
      changes: { active: ['true', 'false'] },
      sends: { active: 'false' },
    };
    expect(absent('deactivate', {})).toEqual([{ ...who, ...off, risk: 70 }]);
    const gone = { operation: 'delete', endpoint: 'delete_contact', changes: {}, sends: {} };
    expect(absent('delete', { active: 'false' })).toEqual([{ ...who, ...gone, risk: 85 }]);
  });

  it('is not deactivated twice, nor where LiveVox owns active, nor when LiveVox lacks it too', () => {
    expect(absent('deactivate', { active: 'false' })).toEqual([]);
    expect(absent('deactivate', {}, 'livevox')).toEqual([]);
    expect(planContact(undefined, undefined, { ...toPolicy('record'), onAbsence: 'delete' })).toEqual([]);
  });
});
