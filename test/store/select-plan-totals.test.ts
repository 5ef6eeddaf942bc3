/** The counts of a plan add up, whatever is in it: against the same counts made by hand. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Changes, Patch } from '../../src/contact/index.ts';
import { countPatches, selectPatches, selectPlanTotals, toChangedFields, toPatchState } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';
import { storePlan } from '../support/stored-plan.ts';

const fields = ['lastName', 'balance', 'phone1Block', 'COL1'] as const;

const kinds = [
  { operation: 'block', endpoint: 'multi_dnd' },
  { operation: 'block', endpoint: 'bulk_update' },
  { operation: 'update', endpoint: 'bulk_update' },
  { operation: 'lift', endpoint: 'multi_dnd' },
  { operation: 'delete', endpoint: 'delete_contact' },
  { operation: 'not_expressible' },
] as const;

const patchArbitrary: fc.Arbitrary<Patch> = fc
  .record({
    account: fc.constantFrom('A1', 'A2', 'A3', 'A4'),
    kind: fc.constantFrom(...kinds),
    changed: fc.subarray([...fields]),
  })
  .map(({ account, kind, changed }): Patch => {
    const changes: Changes = Object.fromEntries(changed.map((field) => [field, ['1', '2'] as const]));
    return kind.operation === 'not_expressible'
      ? { account, changes, ...kind }
      : { account, lvAccountId: '1', changes, sends: {}, ...kind };
  });

/** A patch that changes no field takes the account away. */
function toKeys(changes: Changes): readonly string[] {
  const keys = Object.keys(changes);
  return keys.length === 0 ? ['account'] : keys;
}

function countDistinct(patches: readonly Patch[]): number {
  return new Set(patches.map(({ account }) => account)).size;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

test('counts per operation, field and hazard are those of the rows, and add up to the plan', async () => {
  const { store } = await setupDatabase();
  await fc.assert(
    fc.asyncProperty(fc.array(patchArbitrary, { maxLength: 30 }), async (patches) => {
      const { changeSetId } = await storePlan(store, { tenant: 'acme', patches });
      await store.pool.query(
        `update sync.patches set hazards = case when seq % 3 = 0 then array['a', 'b'] when seq % 3 = 1 then array['a'] else '{}' end
          where change_set_id = $1`,
        [changeSetId],
      );
      const totals = await selectPlanTotals(store.pool, changeSetId);
      expect(totals.patches).toBe(patches.length);
      expect(totals.contacts).toBe(countDistinct(patches));
      expect(sum(totals.operations.map((one) => one.patches))).toBe(patches.length);
      for (const { operation, endpoint, patches: count, contacts } of totals.operations) {
        const own = patches.filter(
          (one) => one.operation === operation && ('endpoint' in one ? one.endpoint : null) === endpoint,
        );
        expect([count, contacts]).toEqual([own.length, countDistinct(own)]);
      }
      expect(sum(totals.fields.map(({ changes, notExpressible }) => changes + notExpressible))).toBe(
        totals.changedFields,
      );
      for (const field of [...fields, 'account'] as const) {
        const own = patches.filter(({ changes }) => toKeys(changes).includes(field));
        const sent = own.filter(({ operation }) => operation !== 'not_expressible');
        const told = totals.fields.find((one) => one.field === field);
        const counts = {
          contacts: countDistinct(sent),
          changes: sent.length,
          notExpressible: own.length - sent.length,
        };
        expect(told).toEqual(own.length === 0 ? undefined : { field, ...counts });
      }
      for (const [hazard, seqs] of [
        ['a', [0, 1]],
        ['b', [0]],
      ] as const) {
        const own = patches.filter((_, index) => seqs.some((rest) => (index + 1) % 3 === rest));
        const told = totals.hazards.find((one) => one.hazard === hazard);
        expect(told).toEqual(
          own.length === 0 ? undefined : { hazard, patches: own.length, contacts: countDistinct(own) },
        );
      }
    }),
    { numRuns: 40 },
  );
});

test('what a filter is said to let through is what it lets through', async () => {
  const { store } = await setupDatabase();
  const half = { nil: undefined, freq: 2 };
  const filterArbitrary = fc.record({
    account: fc.option(fc.constantFrom('A1', 'A9'), half),
    operation: fc.option(fc.constantFrom('block', 'delete', 'not_expressible'), half),
    field: fc.option(fc.constantFrom(...fields, 'account'), half),
    minRisk: fc.option(fc.constantFrom(0, 3), half),
    hazard: fc.option(fc.constant('a'), half),
    states: fc.option(fc.subarray(['planned', 'left_out', 'not_expressible', 'not_taken'] as const), half),
    order: fc.constantFrom('sending', 'risk'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(patchArbitrary, { maxLength: 30 }), filterArbitrary, async (patches, filter) => {
      const { changeSetId } = await storePlan(store, { tenant: 'acme', patches });
      await store.pool.query(
        `update sync.patches
            set risk = seq % 5, hazards = case when seq % 2 = 0 then array['a'] else '{}' end,
                left_out_because = case when seq % 3 = 0 then 'moved' end, verdict = case when seq % 4 = 0 then 'not_taken' end
          where change_set_id = $1`,
        [changeSetId],
      );
      const found = [];
      for await (const batch of selectPatches(store, { ...filter, changeSetId })) found.push(...batch);
      const inAnyState = [];
      for await (const batch of selectPatches(store, { ...filter, states: undefined, changeSetId }))
        inAnyState.push(...batch);
      const states: readonly string[] | undefined = filter.states;
      expect(found).toEqual(inAnyState.filter((patch) => states?.includes(toPatchState(patch)) ?? true));
      const rows = found
        .flatMap(toChangedFields)
        .filter(({ field }) => filter.field === undefined || field === filter.field);
      const contacts = new Set(found.map(({ account }) => account)).size;
      expect(await countPatches(store.pool, { ...filter, changeSetId })).toEqual({
        patches: found.length,
        contacts,
        changedFields: rows.length,
      });
      const order = found.map(({ risk, seq }) => (filter.order === 'risk' ? (9 - risk) * 100 : 0) + Number(seq));
      expect(order).toEqual(order.toSorted((a, b) => a - b));
    }),
    { numRuns: 40 },
  );
});
