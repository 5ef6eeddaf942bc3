/** A process that is held up until another has taken its push over sends nothing when it goes on. */
import { spawn } from 'node:child_process';
import { expect, inject, it, onTestFinished } from 'vitest';
import { markLostChunks } from '../../src/store/index.ts';
import { fetchLog, putContact, setupSandbox } from '../support/sandbox-admin.ts';
import { type Step, selectFinal, setupPush } from './push-setup.ts';
import { setupClient } from './sandbox-client.ts';

it('stopped while a chunk of it waits for its slot: another push sends the chunk, and it sends none', async () => {
  const sandbox = await setupSandbox({ contacts: 5 });
  const accounts = ['A1', 'A2', 'A3'];
  for (const account of accounts) await putContact(sandbox, account, { firstName: 'Old', active: true });
  const { store, url, changeSetId, run } = await setupPush(accounts.map((one): Step => [one, 'update', 'bulk_update']));

  const place = JSON.stringify({ url: sandbox.url, credentials: sandbox.credentials });
  const script = `${inject('program')}/test/push/push-process.js`;
  const child = spawn(process.execPath, [script, url, changeSetId, place], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += String(chunk);
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });

  const claimed = `select from sync.chunks where state = 'claimed' and seq = 2`;
  while ((await store.pool.query(claimed)).rowCount === 0) {
    if (child.exitCode !== null) throw new Error(`The push ended before it was held up: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  child.kill('SIGSTOP');
  await markLostChunks(store.pool, 'main');
  expect(await run({ livevox: setupClient(sandbox), push: { chunkRows: 1 } })).toMatchObject({ accepted: 2 });
  const sent = (await fetchLog(sandbox, 'bulk-update')).map(({ accounts: named }) => named?.join(','));
  child.kill('SIGCONT');
  expect(await ended).toBe(1);
  expect(said.trim()).toBe(
    'Another process has taken over this push, because this one was held up for too long; it sends nothing more.',
  );
  expect((await fetchLog(sandbox, 'bulk-update')).map(({ accounts: named }) => named?.join(','))).toEqual(sent);
  expect(sent).toEqual(['A1', 'A2', 'A3']);
  expect((await selectFinal(store, changeSetId)).map(({ state }) => state)).toEqual([
    'accepted',
    'accepted',
    'accepted',
  ]);
}, 60_000);
