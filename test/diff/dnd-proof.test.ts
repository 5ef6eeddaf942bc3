/**
 * The proof that nobody who is meant to be blocked can be dialled for an instant because of us: every state in the mirror × every wish × every
 * owner × every state that somebody else may have brought about before each request × every request lost or taken × stopped after any
 * step. The model stands in for LiveVox, the push's rule for lifts (only after the read-back confirmed what came before) is played here.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findField, type Owner, phoneOrdinals } from '../../src/contact/index.ts';
import type { DesiredContact, MirrorContact } from '../../src/diff/contact-state.ts';
import { makePlanner, type Planner } from '../../src/diff/plan.ts';
import type { PlannedPatch } from '../../src/diff/planned.ts';
import { toVerdicts } from '../../src/verify/confirm.ts';
import { LiveVoxModel, modelDialects } from '../support/livevox-model.ts';
import { desiredFields, hasRepeatedNumber, shownContact, toMirror, toPolicy } from '../support/plan-cases.ts';

type Bits = { readonly permanent: boolean; readonly daily: boolean };
type Wish = { readonly permanent: boolean | undefined; readonly daily: boolean | undefined };
type State = 'NONE' | 'DAILY' | 'PERMANENT' | 'BOTH';

const states: readonly State[] = ['NONE', 'DAILY', 'PERMANENT', 'BOTH'];
/** What comes between two steps: nothing, any verb of somebody else (whose end is one of the states), or the end of the client's day. */
const meanwhiles = [undefined, ...states, 'end of day'] as const;
type Meanwhile = (typeof meanwhiles)[number];
const maybes = [true, false, undefined];
const wishes: readonly Wish[] = maybes.flatMap((permanent) => maybes.map((daily) => ({ permanent, daily })));
const allOwners = [
  'record',
  'newest',
  'only-if-empty',
  'most-restrictive',
  'livevox',
] as const satisfies readonly Owner[];
const dialect = { phones: 'merge', empty: 'clears' } as const;

const subjects = {
  'an account': { field: 'accountBlock', daily: 'accountBlockDaily', values: {} },
  'a phone': { field: 'phone1Block', daily: 'phone1BlockDaily', values: { phone1: '2025550101' } },
} as const;
type Subject = (typeof subjects)[keyof typeof subjects];

const toBits = (state: State): Bits => ({
  permanent: state === 'PERMANENT' || state === 'BOTH',
  daily: state === 'DAILY' || state === 'BOTH',
});
const toText = (value: boolean): 'true' | 'false' => (value ? 'true' : 'false');

function show({ field, daily, values }: Subject, state: State): MirrorContact {
  const bits = toBits(state);
  return toMirror({ ...values, [field]: toText(bits.permanent), [daily]: toText(bits.daily) });
}

function wishFor({ field, daily, values }: Subject, wish: Wish): DesiredContact {
  const said = [
    [field, wish.permanent],
    [daily, wish.daily],
  ] as const;
  const fields = said.flatMap(([name, value]) => (value === undefined ? [] : [[name, toText(value)] as const]));
  return { account: 'A1', fields: { ...values, ...Object.fromEntries(fields) } };
}

function readState(model: LiveVoxModel, { field, daily }: Subject): State {
  const [permanent, temporary] = [model.values[field] === 'true', model.values[daily] === 'true'];
  if (permanent) return temporary ? 'BOTH' : 'PERMANENT';
  return temporary ? 'DAILY' : 'NONE';
}

function happen(model: LiveVoxModel, { field }: Subject, meanwhile: Meanwhile): void {
  if (meanwhile === 'end of day') model.endDay();
  else if (meanwhile !== undefined) {
    model.interfere(field, 'NONE');
    model.interfere(field, meanwhile);
  }
}

/** Whether the push may send it: a lift only when the read-back confirmed all that was sent before. */
function mayLeave(patch: PlannedPatch, sent: readonly PlannedPatch[], model: LiveVoxModel): boolean {
  if (patch.operation !== 'lift') return true;
  const before = sent.filter(({ operation }) => operation !== 'lift');
  const rows = before.map(({ changes }, index) => ({ seq: String(index), changes }));
  const isBoolean = (name: string): boolean => findField(name)?.type === 'boolean';
  const verdicts = toVerdicts(rows, model.values, { isBoolean, isChangedAfter: false });
  return [...verdicts.values()].every((verdict) => verdict === 'confirmed');
}

/** Every way the steps of one plan can go: what comes before each request, whether it is lost. */
function* everyWay(steps: number): Generator<readonly { readonly meanwhile: Meanwhile; readonly isLost: boolean }[]> {
  if (steps === 0) {
    yield [];
    return;
  }
  for (const rest of everyWay(steps - 1)) {
    for (const meanwhile of meanwhiles) for (const isLost of [false, true]) yield [...rest, { meanwhile, isLost }];
  }
}

const planners = new Map<Owner, Planner>(allOwners.map((owner) => [owner, makePlanner(toPolicy(owner))]));

describe.each(Object.entries(subjects))('the blocks of %s', (_, subject) => {
  it.each(allOwners)(
    'owned by %s: no step of ours opens who is meant to be blocked, whatever else happens',
    (owner) => {
      const plan = planners.get(owner)!;
      let ways = 0;
      for (const wish of wishes) {
        const isMeantBlocked = wish.permanent === true || wish.daily === true;
        for (const shown of states) {
          const patches = plan(show(subject, shown), wishFor(subject, wish));
          for (const way of everyWay(patches.length)) {
            const model = new LiveVoxModel(show(subject, shown).values, dialect);
            const sent: PlannedPatch[] = [];
            // Stopping after any step is a beginning of the way, so every instant of it is looked at.
            for (const [index, { meanwhile, isLost }] of way.entries()) {
              happen(model, subject, meanwhile);
              const patch = patches[index]!;
              if (!mayLeave(patch, sent, model)) continue;
              const before = readState(model, subject);
              if (!isLost) model.take(patch);
              sent.push(patch);
              const after = readState(model, subject);
              if (isMeantBlocked && before !== 'NONE')
                expect({ wish, shown, way, after }).not.toMatchObject({ after: 'NONE' });
              if (owner === 'most-restrictive' || owner === 'livevox') {
                // Nothing is ever taken away, whoever set it.
                const [had, has] = [toBits(before), toBits(after)];
                expect([had.permanent && !has.permanent, had.daily && !has.daily]).toEqual([false, false]);
              }
              ways += 1;
            }
          }
        }
      }
      // LiveVox's own field is never planned; for all others there was something to prove.
      expect(ways > 0).toBe(owner !== 'livevox' && owner !== 'only-if-empty');
    },
  );

  it('a block that somebody lifted after ours stays lifted by them, and no lift of ours follows it', () => {
    const patches = planners.get('record')!(
      show(subject, 'DAILY'),
      wishFor(subject, { permanent: true, daily: false }),
    );
    expect(patches.map(({ operation }) => operation)).toEqual(['block', 'lift']);
    const model = new LiveVoxModel(show(subject, 'DAILY').values, dialect);
    model.take(patches[0]!);
    happen(model, subject, 'DAILY');
    expect(mayLeave(patches[1]!, patches.slice(0, 1), model)).toBe(false);
  });

  it.each(['record', 'most-restrictive'] as const)(
    'owned by %s: end as wanted when nobody interferes, also after stops, losses and new plans',
    (owner) => {
      const plan = planners.get(owner)!;
      for (const wish of wishes) {
        for (const shown of states) {
          const desired = wishFor(subject, wish);
          const first = plan(show(subject, shown), desired);
          for (let losses = 0; losses < 2 ** first.length; losses += 1) {
            for (let stop = 0; stop <= first.length; stop += 1) {
              const model = new LiveVoxModel(show(subject, shown).values, dialect);
              const sent: PlannedPatch[] = [];
              for (const [index, patch] of first.slice(0, stop).entries()) {
                if (!mayLeave(patch, sent, model)) continue;
                if ((losses & (1 << index)) === 0) model.take(patch);
                sent.push(patch);
              }
              // The next run: a fresh mirror, a new plan, all of it taken.
              for (const patch of plan(show(subject, readState(model, subject)), desired)) model.take(patch);
              const [had, has] = [toBits(shown), toBits(readState(model, subject))];
              for (const bit of ['permanent', 'daily'] as const) {
                const kept = owner === 'record' ? (wish[bit] ?? had[bit]) : had[bit] || wish[bit] === true;
                expect([wish, shown, bit, has[bit]]).toEqual([wish, shown, bit, kept]);
              }
            }
          }
        }
      }
    },
  );

  it('a daily block ends with the client’s day, also between two steps, and a lasting one does not', () => {
    const plan = planners.get('record')!;
    const wish = { permanent: true, daily: false };
    for (const shown of states) {
      const model = new LiveVoxModel(show(subject, shown).values, dialect);
      for (const patch of plan(show(subject, shown), wishFor(subject, wish))) {
        model.take(patch);
        model.endDay();
        expect(readState(model, subject)).toBe('PERMANENT');
      }
    }
    // Wanted daily: yesterday's is read as ended, so today's is set anew.
    const yesterday = show(subject, 'NONE');
    const [patch] = plan(yesterday, wishFor(subject, { permanent: undefined, daily: true }));
    expect(patch).toMatchObject({ operation: 'block', sends: { [subject.field]: 'DAILY' } });
  });
});

const aWay = fc.record({
  shown: shownContact,
  fields: desiredFields,
  switches: fc.constantFrom<Owner>(...allOwners),
  numbers: fc.array(fc.constantFrom<Owner>('record', 'livevox', 'only-if-empty', 'newest'), {
    minLength: 3,
    maxLength: 3,
  }),
  isRecordNewest: fc.boolean(),
  dialect: fc.constantFrom(...modelDialects),
  lost: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
  stop: fc.integer({ min: 1, max: 5 }),
});

/** The numbers that the record blocks, by a word that counts under the owner of blocks. */
function toMeantBlocked(fields: Readonly<Record<string, string | null>>): ReadonlySet<string> {
  const named = phoneOrdinals.filter(
    (n) => fields[`phone${n}`] != null && [fields[`phone${n}Block`], fields[`phone${n}BlockDaily`]].includes('true'),
  );
  return new Set(named.map((n) => fields[`phone${n}`] ?? ''));
}

describe('numbers that move, under any owners, requests lost, stopped anywhere', () => {
  it('a number that is meant to be blocked does not ring once it was silent, nor after its blocks were taken', () => {
    let moved = 0;
    fc.assert(
      fc.property(aWay, ({ shown, fields, switches, numbers, isRecordNewest, dialect: one, lost, stop }) => {
        fc.pre(!hasRepeatedNumber(fields));
        const owners = { phone1: numbers[0]!, phone2: numbers[1]!, phone3: numbers[2]! };
        const mirror = toMirror(shown, '2026-01-01T00:00:00.000Z');
        const changedAt = isRecordNewest ? '2026-01-02T00:00:00.000Z' : undefined;
        const patches = makePlanner(toPolicy(switches, owners))(mirror, { account: 'A1', fields, changedAt });
        const model = new LiveVoxModel(mirror.values, one);
        const meant = switches === 'livevox' || switches === 'only-if-empty' ? [] : [...toMeantBlocked(fields)];
        const sent: PlannedPatch[] = [];
        let isBlocking = true;
        let areBlocksTaken = true;
        for (const [index, patch] of patches.slice(0, stop).entries()) {
          if (!mayLeave(patch, sent, model)) continue;
          const silent = meant.filter((number) => model.isBlocked(number));
          if (patch.operation !== 'block') isBlocking = false;
          if (lost[index] === true) areBlocksTaken &&= !isBlocking;
          else model.take(patch);
          sent.push(patch);
          for (const number of silent) expect([number, model.isBlocked(number)]).toEqual([number, true]);
          if (isBlocking || !areBlocksTaken) continue;
          moved += Object.keys(patch.changes).some((name) => /^phone\d$/.test(name)) ? 1 : 0;
          for (const number of meant) expect([number, model.isBlocked(number)]).toEqual([number, true]);
        }
      }),
      { numRuns: 3_000 },
    );
    expect(moved).toBeGreaterThan(100);
  });
});
