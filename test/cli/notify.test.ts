/** `lvsync notify`: tries the webhook, tells what waits, and says what went wrong. */
import { describe, expect, test } from 'vitest';
import { markRunEnded, openRun } from '../../src/store/index.ts';
import { type Receiver, setupReceiver } from '../notify/receiver.ts';
import { setupDatabase } from '../support/database.ts';
import { setupFolder } from '../support/folder.ts';
import { type LvsyncResult, runLvsync } from '../support/run-lvsync.ts';

async function setup(notify: (receiver: Receiver) => object | undefined, ...answers: number[]) {
  const [receiver, database] = await Promise.all([setupReceiver(...answers), setupDatabase()]);
  const content = { tenants: { acme: { notify: notify(receiver) } } };
  const cwd = await setupFolder({ 'lvsync.config.json': JSON.stringify(content) });
  const env = { DATABASE_URL: database.url, HOOK_KEY: 'key', HOOK: receiver.url, LVSYNC_LOG_LEVEL: 'silent' };
  const run = (...argv: string[]): Promise<LvsyncResult> => runLvsync(['notify', ...argv], { cwd, env });
  return { receiver, store: database.store, run };
}

const generic = ({ url }: Receiver): object => ({ url, secretVariable: 'HOOK_KEY' });
const slack = (): object => ({ kind: 'slack', urlVariable: 'HOOK' });

describe('lvsync notify', () => {
  test('--test sends a notice that means nothing', async () => {
    const { receiver, run } = await setup(slack);
    expect(await run('--test')).toMatchObject({ code: 0, stdout: 'The webhook took the test.\n' });
    expect(receiver.received.map(({ body }) => JSON.parse(body).text)).toEqual([
      expect.stringContaining('*livevox-sync, acme: test*'),
    ]);
  });

  test('--test says that the webhook refuses it, without its address', async () => {
    const { run } = await setup(generic, 410);
    const { code, stderr } = await run('--test');
    expect([code, stderr]).toEqual([1, ['lvsync: The webhook refuses the notice: status 410. Check notify.']]);
  });

  test('tells what waits, and that there is nothing more', async () => {
    const { receiver, store, run } = await setup(generic);
    const runId = await openRun(store, { tenant: 'acme', kind: 'sync', startedFrom: 'job' });
    await markRunEnded(store.pool, runId, 'held', 'held: too many');
    expect((await run()).stdout).toBe('1 notice told.\n');
    expect(JSON.parse((await run('--json')).stdout)).toEqual({ told: 0 });
    expect(receiver.received).toHaveLength(1);
  });

  test('a tenant without a webhook is a sentence', async () => {
    const { run } = await setup(() => undefined);
    expect(await run('--test')).toMatchObject({ code: 2, stderr: [expect.stringContaining('acme has no webhook')] });
  });
});
