/** The life of a dead letter, from the refusal to the read-back: withheld, sent again when somebody says so, sent by itself when corrected. */
import { describe, expect, it } from 'vitest';
import { insertDeadLetter } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';
import { setupWorkplace } from '../support/lvsync.ts';
import { runLvsync } from '../support/run-lvsync.ts';
import {
  addFaults,
  clearFaults,
  fetchAllContacts,
  fetchLog,
  putContact,
  setupSandbox,
} from '../support/sandbox-admin.ts';

type Answer = { readonly message: string; readonly changeSetId: string; readonly tally: Record<string, number> };

type Letters = { readonly letters: readonly { readonly id: string; readonly state: string; readonly times: number }[] };

/** A contact whose change LiveVox refuses by every method, synced once. */
async function setup(mapping: Record<string, string>, record: string) {
  const sandbox = await setupSandbox({ contacts: 5 });
  const { url, store } = await setupDatabase();
  const place = await setupWorkplace({
    sandbox,
    databaseUrl: url,
    tenant: {
      systemsOfRecord: { crm: { kind: 'csv', path: 'record.csv', mapping: { account: 'id', ...mapping } } },
    },
  });
  await putContact(sandbox, 'X1', { firstName: 'Old', phone1: '2025550101', phone1CellConsent: true });
  await addFaults(sandbox, { route: '*', kind: 'poison-row', account: 'X1' });
  await place.write('record.csv', record);
  // In this process: what a command does is the same, and it need not start anew each time.
  const run = async <T = Answer>(...argv: string[]): Promise<{ readonly code: number; readonly answer: T }> => {
    const { code, stdout } = await runLvsync([...argv, '--json'], { cwd: place.folder, env: place.env });
    return { code, answer: JSON.parse(stdout) };
  };
  const { answer } = await run('sync');
  // Noting it twice is noting it once, whoever was first.
  const refused = { tenant: 'main', changeSetId: answer.changeSetId, httpStatus: 400, message: 'no' };
  const chunk = await store.pool.query<{ seq: number }>(
    `select chunk_seq as seq from sync.patches where change_set_id = $1`,
    [answer.changeSetId],
  );
  await insertDeadLetter(store.pool, { ...refused, chunkSeq: chunk.rows[0]!.seq });
  const countWrites = async (): Promise<number> =>
    (await fetchLog(sandbox)).filter(
      ({ route }) => route !== null && /^(bulk-update|multi-dnd|update-contact)/.test(route),
    ).length;
  const listLetters = async () => (await run<Letters>('dead', 'list', '--all')).answer.letters;
  return { sandbox, place, run, countWrites, listLetters };
}

const oneRefused = 'proven: 1 difference left (1 refused: lvsync dead list)';

describe('a change that LiveVox refuses', () => {
  it('is not sent again, counts as accounted for, and arrives when somebody has it sent once more', async () => {
    const { sandbox, run, countWrites, listLetters } = await setup({ firstName: 'first' }, 'id,first\nX1,New\n');
    const before = await countWrites();
    const withheld = await run('sync');
    expect([withheld.code, withheld.answer.message, await countWrites()]).toEqual([0, oneRefused, before]);
    const [letter] = await listLetters();
    expect(letter).toMatchObject({ state: 'open', times: 1 });

    await clearFaults(sandbox);
    expect((await run('dead', 'retry', letter!.id, '--by', 'Ann Lee')).code).toBe(0);
    expect((await run('sync')).answer.message).toBe('proven: 0 differences left');
    expect((await fetchAllContacts(sandbox)).get('X1')).toMatchObject({ firstName: 'New' });
    expect(await listLetters()).toMatchObject([{ id: letter!.id, state: 'resolved', times: 1 }]);
  });

  it('is sent by itself when it was corrected at the source', async () => {
    const { sandbox, place, run, listLetters } = await setup({ firstName: 'first' }, 'id,first\nX1,New\n');
    await clearFaults(sandbox);
    await place.write('record.csv', 'id,first\nX1,Newer\n');
    expect((await run('sync')).answer.message).toBe('proven: 0 differences left');
    expect((await fetchAllContacts(sandbox)).get('X1')).toMatchObject({ firstName: 'Newer' });
    expect(await listLetters()).toMatchObject([{ state: 'resolved' }]);
  });

  it('is sent with every run when it is a stop, and no such run is proven', async () => {
    const record = 'id,phone,cell\nX1,2025550101,no\n';
    const { sandbox, run, countWrites } = await setup({ phone1: 'phone', phone1CellConsent: 'cell' }, record);
    const before = await countWrites();
    const refused = await run('sync');
    expect([refused.code, (await countWrites()) > before]).toEqual([4, true]);
    expect(refused.answer.message).toContain('1 refused, 1 of them a block or a withdrawn consent');
    await clearFaults(sandbox);
    expect((await run('sync')).answer.message).toBe('proven: 0 differences left');
    expect((await fetchAllContacts(sandbox)).get('X1')).toMatchObject({ phone1CellConsent: 'false' });
  });
});
