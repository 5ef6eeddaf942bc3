/** Planning numbers the steps of a contact in the order in which their kinds leave, which all who order sent patches rely on. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { planContact } from '../../src/diff/plan.ts';
import { toRankSql } from '../../src/store/chunk-order.ts';
import { setupDatabase } from '../support/database.ts';
import { desiredFields, shownContact, someOwners, toMirror, toPolicy } from '../support/plan-cases.ts';

const inOrder = [
  'block multi_dnd',
  'block bulk_update',
  'create bulk_create',
  'update bulk_update',
  'deactivate bulk_update',
  'delete delete_contact',
  'lift bulk_update',
  'lift multi_dnd',
];

it('the kinds have the order of the list', async () => {
  const { store } = await setupDatabase();
  const ranked = await store.pool.query<{ kind: string }>(
    `select k.operation || ' ' || k.endpoint as kind
       from (select split_part(kind, ' ', 1) as operation, split_part(kind, ' ', 2) as endpoint from unnest($1::text[]) kind) k
      order by ${toRankSql('k')}`,
    [inOrder.toReversed()],
  );
  expect(ranked.rows.map(({ kind }) => kind)).toEqual(inOrder);
});

it('the steps of one contact rise in it, whatever is to change', () => {
  let several = 0;
  fc.assert(
    fc.property(shownContact, desiredFields, someOwners, (shown, fields, owners) => {
      const patches = planContact(toMirror(shown), { account: 'A1', fields }, toPolicy('record', owners));
      const ranks = patches.flatMap((patch) =>
        patch.operation === 'not_expressible' ? [] : [inOrder.indexOf(`${patch.operation} ${patch.endpoint}`)],
      );
      if (ranks.length > 1) several += 1;
      expect(ranks).not.toContain(-1);
      expect(ranks).toEqual(ranks.toSorted((one, other) => one - other));
    }),
    { numRuns: 500 },
  );
  expect(several).toBeGreaterThan(50);
});
