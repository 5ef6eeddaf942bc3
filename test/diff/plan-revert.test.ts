/** What of a contact goes back: over every way a plan can have gone, on a model of LiveVox, and case by case. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CanonicalValue, findField, type Owner } from '../../src/contact/index.ts';
import { makePlanner, planContact } from '../../src/diff/plan.ts';
import { chooseRevert, type RevertChoice, type RevertContext } from '../../src/diff/plan-revert.ts';
import type { PlannedPatch, PlanPolicy } from '../../src/diff/planned.ts';
import type { HeldVersion, ReadWord, SentChange, SentContact } from '../../src/store/index.ts';
import { toVerdicts } from '../../src/verify/confirm.ts';
import { LiveVoxModel, type ModelDialect } from '../support/livevox-model.ts';
import { desiredFields, shownContact, someOwners, toMirror, toPolicy } from '../support/plan-cases.ts';

type Values = Readonly<Record<string, CanonicalValue>>;

const context: RevertContext = {
  now: new Date('2026-03-02T15:00:00Z'),
  timeZone: 'America/New_York',
  ownReading: 0,
};
const readAt = '2026-03-02T13:00:00Z';
const judged = { isConfirmed: true, judgedAt: '2026-03-02T14:00:00Z' };
const silent: ReadWord = { fields: {}, restrictsOnly: false };
const dialects: readonly ModelDialect[] = [
  { phones: 'merge', empty: 'clears' },
  { phones: 'replace', empty: 'clears' },
];

const isBoolean = (field: string): boolean => findField(field)?.type === 'boolean';
const read = (values: Values, field: string): CanonicalValue => values[field] ?? (isBoolean(field) ? 'false' : null);

/** Sends what may leave: a lift only when all before it were read back. `takes` says which requests arrive. */
function apply(patches: readonly PlannedPatch[], model: LiveVoxModel, takes: readonly boolean[] = []): PlannedPatch[] {
  const sent: PlannedPatch[] = [];
  for (const [index, patch] of patches.entries()) {
    if (patch.operation === 'not_expressible') continue;
    const rows = sent
      .filter(({ operation }) => operation !== 'lift')
      .map(({ changes }, place) => ({ seq: String(place), changes }));
    const verdicts = [...toVerdicts(rows, model.values, { isBoolean, isChangedAfter: false }).values()];
    if (patch.operation === 'lift' && verdicts.some((verdict) => verdict !== 'confirmed')) continue;
    if (takes[index] !== false) model.take(patch);
    sent.push(patch);
  }
  return sent;
}

function toSent(patches: readonly PlannedPatch[]): readonly SentChange[] {
  return patches.flatMap((patch) =>
    patch.operation === 'not_expressible'
      ? []
      : [
          {
            operation: patch.operation,
            lvAccountId: '77',
            changes: patch.changes,
            sends: patch.sends,
            readAt,
            ...judged,
          },
        ],
  );
}

function choose(
  patches: readonly SentChange[],
  values: Values | undefined,
  words: readonly (ReadWord | null)[] = [silent],
  given: Partial<RevertContext> = {},
  since: Partial<SentContact> = {},
): RevertChoice {
  const mirror = values === undefined ? undefined : { ...toMirror(values), lvAccountId: '77' };
  const contact = { account: 'A1', patches, mirror, words, laterFields: [], versions: [], ...since };
  return chooseRevert(contact as SentContact, { ...context, ...given });
}

/** The policy under which a revert is planned. */
function toRevertPolicy(patches: readonly SentChange[]): PlanPolicy {
  const fields = patches.flatMap(({ changes }) => Object.keys(changes));
  const owners = Object.fromEntries(fields.map((field) => [field, 'record' as Owner]));
  return { createActive: false, onAbsence: 'deactivate', owners };
}

function planBack(sent: readonly SentChange[], model: LiveVoxModel, words: readonly (ReadWord | null)[]) {
  const choice = choose(sent, model.values, words);
  const patches = planContact(toMirror(model.values), { account: 'A1', fields: choice.fields }, toRevertPolicy(sent));
  return { choice, patches };
}

/** Fields of a place that had no number say nothing. */
function hasMeaning(field: string, before: Values): boolean {
  const ordinal = findField(field)?.ordinal;
  return ordinal === undefined || !isBoolean(field) || read(before, `phone${ordinal}`) !== null;
}

const aWorld = fc.record({
  shown: shownContact,
  desired: desiredFields,
  owners: someOwners,
  takes: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
});

describe('chooseRevert and the planner', () => {
  it.each(dialects)('what goes back is as it was, whatever of the plan has arrived: %j', (dialect) => {
    let reverted = 0;
    fc.assert(
      fc.property(aWorld, ({ shown, desired, owners, takes }) => {
        const before = toMirror(shown).values;
        const model = new LiveVoxModel(before, dialect);
        const planner = makePlanner(toPolicy('record', owners));
        const sent = toSent(apply(planner(toMirror(before), { account: 'A1', fields: desired }), model, takes));
        const { choice, patches } = planBack(sent, model, [silent]);
        // All of it arrives: lifts that wait in vain for a read-back are another matter.
        for (const patch of patches) model.take(patch);
        const inexpressible = patches.filter(({ operation }) => operation === 'not_expressible');
        const stays = new Set([
          ...choice.left.map(({ field }) => field),
          ...inexpressible.flatMap(({ changes }) => Object.keys(changes)),
        ]);
        const changed = [...new Set(sent.flatMap(({ changes }) => Object.keys(changes)))];
        for (const field of changed.filter((one) => !stays.has(one) && hasMeaning(one, before))) {
          expect([field, read(model.values, field)]).toEqual([field, read(before, field)]);
          reverted += 1;
        }
      }),
      { numRuns: 1_500 },
    );
    expect(reverted).toBeGreaterThan(1_000);
  });

  it.each(dialects)('nobody whom the system of record wants blocked is opened by any step: %j', (dialect) => {
    let blocked = 0;
    fc.assert(
      fc.property(aWorld, desiredFields, ({ shown, desired, owners, takes }, word) => {
        const before = toMirror(shown).values;
        const model = new LiveVoxModel(before, dialect);
        const planner = makePlanner(toPolicy('record', owners));
        const sent = toSent(apply(planner(toMirror(before), { account: 'A1', fields: desired }), model, takes));
        const { patches } = planBack(sent, model, [{ fields: word, restrictsOnly: false }]);
        const wanted = ['2025550101', '2025550102', '2025550103', '2025550104'].filter((number) =>
          [1, 2, 3].some((ordinal) => word[`phone${ordinal}`] === number && word[`phone${ordinal}Block`] === 'true'),
        );
        for (const patch of patches) {
          if (patch.operation === 'not_expressible') continue;
          const held = wanted.filter((number) => model.isBlocked(number));
          model.take(patch);
          for (const number of held) expect([number, model.isBlocked(number)]).toEqual([number, true]);
          blocked += held.length;
        }
      }),
      { numRuns: 1_500 },
    );
    expect(blocked).toBeGreaterThan(100);
  });
});

function change(changes: SentChange['changes'], given: Partial<SentChange> = {}): SentChange {
  return { operation: 'update', lvAccountId: '77', changes, sends: {}, readAt, ...judged, ...given };
}

const blocked = change(
  { phone1Block: ['false', 'true'] },
  { sends: { phone1: '2025550101', phone1Block: 'PERMANENT' } },
);
const shownBlocked = { phone1: '2025550101', phone1Block: 'true' };

/** What the mirror held on the day of the plan. */
function held(from: string, until: string, accountBlock: string): HeldVersion {
  const at = (time: string): string => `2026-03-02T${time}:00Z`;
  return { mergedAt: at(from), knownUntil: at(until), pushedFields: null, values: { accountBlock } };
}

describe('chooseRevert', () => {
  it('puts back what LiveVox still shows, leaves what is back already, and names what somebody changed', () => {
    const sent = [
      change({ firstName: ['Ann', 'Eve'], lastName: ['A', 'B'], balance: ['1', '2'], title: [null, 'Dr'] }),
    ];
    expect(choose(sent, { firstName: 'Eve', lastName: 'A', balance: '3', title: 'Dr' })).toEqual({
      fields: { firstName: 'Ann', title: null },
      deactivates: false,
      left: [{ field: 'balance', reason: 'touched_since' }],
    });
  });

  it('goes back over all steps of a field, from whichever of them LiveVox shows', () => {
    const steps = [
      change({ accountBlock: ['false', 'true'] }, { operation: 'block' }),
      change({ accountBlock: ['true', 'false'] }, { operation: 'lift' }),
    ];
    expect(choose(steps, { accountBlock: 'true' }).fields).toEqual({ accountBlock: 'false' });
    expect(choose(steps, { accountBlock: null }).fields).toEqual({});
  });

  it.each<[string, readonly (ReadWord | null)[], Partial<RevertContext>, string | undefined]>([
    ['which does not want it', [silent], {}, undefined],
    ['which wants it there', [{ ...silent, fields: { phone1Block: 'true' } }], {}, 'wanted'],
    ['which wants it for the day', [{ ...silent, fields: { phone1BlockDaily: 'true' } }], {}, 'wanted'],
    [
      'which wants it for the number, elsewhere',
      [{ ...silent, fields: { phone4: '2025550101', phone4Block: 'true' } }],
      {},
      'wanted',
    ],
    [
      'of another system of record that wants it',
      [silent, { ...silent, fields: { phone1Block: 'true' } }],
      {},
      'wanted',
    ],
    ['without the contact', [null], {}, 'no_reading'],
    ['whose row is in quarantine', [{ ...silent, restrictsOnly: true }], {}, 'no_reading'],
    ['of another system of record alone', [silent], { ownReading: undefined }, 'no_reading'],
  ])('a block goes only after a reading of the system of record: one %s', (_, words, given, reason) => {
    const choice = choose([blocked], shownBlocked, words, given);
    expect(choice.fields).toEqual(reason === undefined ? { phone1Block: 'false' } : {});
    expect(choice.left).toEqual(reason === undefined ? [] : [{ field: 'phone1Block', reason }]);
  });

  it('a block that was lifted comes back without asking, for its own number alone', () => {
    const lifted = change(
      { phone1Block: ['true', 'false'] },
      { operation: 'lift', sends: { phone1: '+1 202 555 0101' } },
    );
    expect(choose([lifted], { phone1: '2025550101' }, [null]).fields).toEqual({ phone1Block: 'true' });
    expect(choose([lifted], { phone1: '2025550199' }, [null])).toMatchObject({
      fields: {},
      left: [{ field: 'phone1Block', reason: 'touched_since' }],
    });
  });

  it('a daily block comes back on the day of the plan, and on no other', () => {
    const lifted = change({ accountBlockDaily: ['true', 'false'] }, { operation: 'lift' });
    expect(choose([lifted], {}).fields).toEqual({ accountBlockDaily: 'true' });
    expect(choose([{ ...lifted, readAt: '2026-03-01T13:00:00Z' }], {}).fields).toEqual({});
  });

  it.each<[string, Partial<SentContact>, Partial<SentChange>, boolean]>([
    ['nothing has happened since', {}, {}, true],
    ['the mirror saw it when it had been confirmed already', { versions: [held('13:00', '14:01', 'false')] }, {}, true],
    ['something else of the contact changed', { versions: [held('14:01', '14:30', 'true')] }, {}, true],
    ['a later plan changed another field', { laterFields: ['firstName'] }, {}, true],
    ['a later plan had to do with it', { laterFields: ['accountBlock'] }, {}, false],
    ['it was off in between', { versions: [held('14:01', '14:30', 'false')] }, {}, false],
    [
      'it came later than it was judged',
      { versions: [held('13:00', '14:30', 'false')] },
      { isConfirmed: false },
      false,
    ],
    [
      'it came later, and is ours',
      { versions: [{ ...held('13:00', '14:30', 'false'), pushedFields: ['accountBlock'] }] },
      { isConfirmed: false },
      true,
    ],
  ])('a block goes back only as the block that the plan set: %s', (_, since, verdict, goes) => {
    const blocked = change({ accountBlock: ['false', 'true'] }, { operation: 'block', ...verdict });
    const choice = choose([blocked], { accountBlock: 'true' }, [silent], {}, since);
    expect(choice.fields).toEqual(goes ? { accountBlock: 'false' } : {});
    expect(choice.left).toEqual(goes ? [] : [{ field: 'accountBlock', reason: 'touched_since' }]);
    // A block that the plan lifted comes back, whatever happened in between.
    const lifted = change({ accountBlock: ['true', 'false'] }, { operation: 'lift', ...verdict });
    expect(choose([lifted], { accountBlock: 'false' }, [silent], {}, since).fields).toEqual({ accountBlock: 'true' });
  });

  it('whom the plan deactivated for being absent is active again, unless a reading says inactive', () => {
    const gone = change({ active: ['true', 'false'] }, { operation: 'deactivate' });
    expect(choose([gone], { active: 'false' }, [null]).fields).toEqual({ active: 'true' });
    expect(choose([gone], { active: 'false' }, [{ ...silent, fields: { active: 'false' } }]).left).toEqual([
      { field: 'active', reason: 'wanted' },
    ]);
    expect(choose([gone], { active: 'false' }, [], { ownReading: undefined }).left).toEqual([
      { field: 'active', reason: 'no_reading' },
    ]);
  });

  it('a created contact is deactivated if nothing of it was changed since', () => {
    const changes = { firstName: [null, 'Ann'], active: [null, 'true'], phone1BlockDaily: [null, 'true'] } as const;
    const created = change(changes, { operation: 'create', lvAccountId: null, readAt: null });
    expect(choose([created], { firstName: 'Ann' })).toEqual({ fields: {}, deactivates: true, left: [] });
    expect(choose([created], { firstName: 'Eve' }).left).toEqual([{ field: 'firstName', reason: 'touched_since' }]);
    const asBefore = { fields: {}, deactivates: false, left: [] };
    expect([choose([created], { active: 'false' }), choose([created], undefined)]).toEqual([asBefore, asBefore]);
  });

  it('names what cannot come back: deleted by the plan, gone, or another contact by now', () => {
    const deleted = change({}, { operation: 'delete' });
    expect(choose([blocked, deleted], undefined).left).toEqual([{ field: 'account', reason: 'deleted' }]);
    expect(choose([blocked], undefined).left).toEqual([{ field: 'phone1Block', reason: 'gone' }]);
    expect(choose([{ ...blocked, lvAccountId: '76' }], shownBlocked).left).toEqual([
      { field: 'phone1Block', reason: 'touched_since' },
    ]);
  });

  it('a number that comes back from another place keeps the block that it got there from somebody else', () => {
    const moved = change(
      { phone1: ['2025550101', '2025550102'], phone2: [null, '2025550101'], phone1Block: ['false', 'true'] },
      { sends: { phone1: '2025550102', phone2: '2025550101' } },
    );
    const shown = { phone1: '2025550102', phone2: '2025550101', phone1Block: 'true' };
    expect(choose([moved], shown).fields).toMatchObject({ phone1Block: 'false' });
    const choice = choose([moved], { ...shown, phone2Block: 'true' });
    expect(choice.left).toEqual([
      { field: 'phone1Block', reason: 'touched_since' },
      { field: 'phone2', reason: 'touched_since' },
    ]);
    const patches = planContact(
      toMirror({ ...shown, phone2Block: 'true' }),
      { account: 'A1', fields: choice.fields },
      toRevertPolicy([moved]),
    );
    const model = new LiveVoxModel({ active: 'true', ...shown, phone2Block: 'true' }, dialects[0]!);
    apply(patches, model);
    expect([model.values['phone1'], model.isBlocked('2025550101')]).toEqual(['2025550101', true]);
  });

  it.each(dialects)('a block that somebody else set since is never taken away: %j', (dialect) => {
    let held = 0;
    fc.assert(
      fc.property(aWorld, fc.constantFrom(1, 2, 3), ({ shown, desired, owners, takes }, ordinal) => {
        const model = new LiveVoxModel(toMirror(shown).values, dialect);
        const planner = makePlanner(toPolicy('record', owners));
        const patches = planner(toMirror(model.values), { account: 'A1', fields: desired });
        const sent = toSent(apply(patches, model, takes));
        const field = `phone${ordinal}Block`;
        const number = model.values[`phone${ordinal}`];
        // Where it is blocked already, or the plan has set the block there, nobody can tell whose it is.
        if (
          number == null ||
          model.values[field] === 'true' ||
          sent.some(({ changes }) => changes[field]?.[1] === 'true')
        )
          return;
        model.interfere(field, 'PERMANENT');
        if (!model.isBlocked(number)) return;
        for (const patch of planBack(sent, model, [silent]).patches) {
          model.take(patch);
          expect([number, model.isBlocked(number)]).toEqual([number, true]);
        }
        held += 1;
      }),
      { numRuns: 1_500 },
    );
    expect(held).toBeGreaterThan(100);
  });
});
