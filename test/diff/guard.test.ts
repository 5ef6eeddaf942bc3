import { describe, expect, it } from 'vitest';
import { fileSchema } from '../../src/config.ts';
import { chooseHolds, type PlanTotals } from '../../src/diff/guard.ts';
import { hazards } from '../../src/diff/planned.ts';

/** What a user has who wrote nothing. */
const { guards, plans } = fileSchema.parse({ tenants: { acme: {} } }).tenants['acme']!;

const noHazards = { deactivates: 0, drops_phone: 0, shifts_ordinals: 0, downgrades_permanent: 0, clears_field: 0 };

/** A night of a client of 100,000 contacts that nothing holds. */
const calm: PlanTotals = {
  read: 100_000,
  accepted: 100_000,
  quarantined: 0,
  previousAccepted: 100_000,
  isComplete: true,
  mirrorContacts: 100_000,
  blocks: 100_000,
  creates: 50_000,
  updates: 50_000,
  deactivations: 100,
  deletions: 0,
  moreDiallable: 100,
  hazards: { ...noHazards, clears_field: 10_000 },
};

function choose(
  totals: Partial<PlanTotals>,
  changed: Partial<typeof guards> = {},
  approveAll = false,
): readonly string[] {
  return chooseHolds({ ...calm, ...totals }, { ...guards, ...changed }, { approveAll }).map(
    ({ guard, approvers }) => `${guard} ${approvers}`,
  );
}

describe('chooseHolds', () => {
  it('lets a plan pass that is at every default limit, with as many blocks as there are contacts', () => {
    expect(choose({})).toEqual([]);
  });

  it.each([
    [{ moreDiallable: 101 }, ['maxMoreDiallable 2']],
    [{ creates: 50_001 }, ['maxCreatesPercent 1']],
    [{ updates: 50_001 }, ['maxUpdatesPercent 1']],
    [{ creates: 100_001, mirrorContacts: 1_000_000 }, ['maxCreates 1']],
    [{ updates: 100_001, mirrorContacts: 1_000_000 }, ['maxUpdates 1']],
    [{ deactivations: 101 }, ['maxDeactivations 1']],
    [{ deletions: 1 }, ['maxDeletions 2']],
    [{ accepted: 0, read: 0 }, ['empty 1']],
    [{ accepted: 49_999 }, ['minSourcePercent 1']],
    [{ quarantined: 10_001, accepted: 89_999 }, ['maxQuarantinedPercent 1']],
  ] as const)('holds what is one beyond: %j', (totals, holds) => {
    expect(choose(totals)).toEqual(holds);
  });

  it.each(hazards)('holds one patch too many that %s, and names the key that allows more', (hazard) => {
    const count = guards.hazards[hazard] + 1;
    expect(choose({ hazards: { ...noHazards, [hazard]: count } })).toEqual([
      `hazards.${hazard} ${hazard === 'downgrades_permanent' ? 2 : 1}`,
    ]);
    expect(
      choose({ hazards: { ...noHazards, [hazard]: count } }, { hazards: { ...guards.hazards, [hazard]: count } }),
    ).toEqual([]);
  });

  it('holds shares beside counts', () => {
    expect(choose({ deactivations: 51, mirrorContacts: 1_000, creates: 0, updates: 0 })).toEqual([
      'maxDeactivationsPercent 1',
    ]);
    expect(
      choose({ deletions: 11, mirrorContacts: 1_000, creates: 0, updates: 0, deactivations: 0 }, { maxDeletions: 100 }),
    ).toEqual(['maxDeletionsPercent 2']);
  });

  it('does not hold a first load for its share, nor a small source for having shrunk', () => {
    expect(choose({ mirrorContacts: 0, creates: 100_000, updates: 0, previousAccepted: undefined })).toEqual([]);
    expect(choose({ mirrorContacts: 999, creates: 999, updates: 0 })).toEqual([]);
    expect(choose({ previousAccepted: 99, accepted: 1, read: 1 })).toEqual([]);
    expect(choose({ previousAccepted: 99, accepted: 1, read: 99, quarantined: 98 })).toEqual([]);
  });

  it('a source of changes alone may be of any size, where the config says so', () => {
    expect(choose({ accepted: 3, read: 3 }, { minSourcePercent: 0 })).toEqual([]);
  });

  it('asks one person only where secondPerson is off', () => {
    expect(choose({ moreDiallable: 101, deletions: 1 }, { secondPerson: false })).toEqual([
      'maxMoreDiallable 1',
      'maxDeletions 1',
    ]);
  });

  it('approveAll holds every plan that sends something, and no other', () => {
    expect(choose({}, {}, true)).toEqual(['approveAll 1']);
    const nothing = { blocks: 0, creates: 0, updates: 0, deactivations: 0, deletions: 0, moreDiallable: 0 };
    expect(choose(nothing, {}, true)).toEqual([]);
    expect(choose({ ...nothing, blocks: 1 }, {}, true)).toEqual(['approveAll 1']);
    expect(choose({ moreDiallable: 101 }, {}, true)).toEqual(['maxMoreDiallable 2']);
    expect(plans.approveAll).toBe(false);
  });

  it('says what, how many, what is allowed, and never twice the same', () => {
    const holds = chooseHolds(
      {
        ...calm,
        accepted: 30_000,
        quarantined: 70_000,
        moreDiallable: 101,
        creates: 100_001,
        deletions: 1,
        hazards: { ...noHazards, drops_phone: 7 },
      },
      guards,
      plans,
    );
    expect(holds.map(({ sentence }) => sentence)).toEqual([
      'The system of record gave 30000 usable rows, its last reading 100000, and what is missing there counts as gone; guards.minSourcePercent demands 50 per cent.',
      'Of 100000 rows of the system of record 70000 cannot be used; guards.maxQuarantinedPercent allows 10 per cent.',
      'The plan would make more diallable (lifted blocks, granted consents, activations) 101 contacts; guards.maxMoreDiallable allows 100.',
      'The plan would create 100001 contacts; guards.maxCreates allows 100000.',
      'The plan would delete 1 contact; guards.maxDeletions allows 0.',
      'The plan would create 100001 contacts, with 100000 in the mirror; guards.maxCreatesPercent allows 50 per cent.',
      'The plan would take phone numbers away and put none in their place in 7 patches; guards.hazards.drops_phone allows 0.',
    ]);
  });
});
