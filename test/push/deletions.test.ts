/** A contact that no request can delete does not keep the others from being deleted. */
import { expect, it } from 'vitest';
import { selectDeadLetters } from '../../src/store/index.ts';
import { fetchAllContacts, putContact, setupSandbox } from '../support/sandbox-admin.ts';
import { selectFinal, setupPush } from './push-setup.ts';
import { setupClient } from './sandbox-client.ts';

/** More than a push takes for a sign that LiveVox refuses everything. */
const blanks = Array.from({ length: 60 }, (_, index) => ' '.repeat(index + 1));

it('an account that cannot stand in an address ends as a dead letter, however many there are', async () => {
  const sandbox = await setupSandbox({ contacts: 0 });
  await putContact(sandbox, 'A1', { firstName: 'Old' });
  const accounts = [...blanks, 'bulk', 'A1'];
  const { store, changeSetId, run } = await setupPush(
    accounts.map((account) => ({
      ...({ account, operation: 'delete', endpoint: 'delete_contact' } as const),
      ...{ changes: {}, sends: {} },
    })),
  );
  expect(await run({ livevox: setupClient(sandbox) })).toMatchObject({ chunks: 1, accepted: 1, refused: 61 });
  expect((await selectFinal(store, changeSetId)).slice(-2)).toEqual([
    { account: 'bulk', operation: 'delete', state: 'refused' },
    { account: 'A1', operation: 'delete', state: 'accepted' },
  ]);
  expect((await fetchAllContacts(sandbox)).has('A1')).toBe(false);
  const letters = await selectDeadLetters(store.pool, { tenant: 'main' });
  expect(letters.find(({ account }) => account === 'bulk')).toMatchObject({
    httpStatus: null,
    message: 'its account cannot be part of an address, and no other method deletes it',
  });
});
