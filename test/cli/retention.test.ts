/** `lvsync retention`: every tenant, what would go and what went, in words and as a document. */
import { describe, expect, test } from 'vitest';
import { setupDatabase } from '../support/database.ts';
import { setupFolder } from '../support/folder.ts';
import { runLvsync } from '../support/run-lvsync.ts';
import { storePlan } from '../support/stored-plan.ts';

describe('lvsync retention', () => {
  test('counts first, deletes then, and has nothing left to do', async () => {
    const { url, store } = await setupDatabase();
    await storePlan(store, { tenant: 'acme', patches: [], quarantined: ['bad', 'worse'] });
    await store.pool.query(`update sync.quarantine set quarantined_at = now() - interval '91 days'`);
    const tenants = { acme: {}, beta: { retention: { quarantineDays: 0 } } };
    const cwd = await setupFolder({ 'lvsync.config.json': JSON.stringify({ tenants }) });
    const run = (...args: string[]) => runLvsync(['retention', ...args], { cwd, env: { DATABASE_URL: url } });
    expect(await run('--dry-run')).toEqual({
      code: 0,
      stdout: 'acme: 2 quarantined rows would be deleted\nbeta: nothing would be deleted\n',
      stderr: [],
    });
    expect(JSON.parse((await run('--tenant', 'acme', '--json')).stdout)).toMatchObject({
      dryRun: false,
      tenants: [{ tenant: 'acme', quarantine: 2, plans: 0, history: { months: 0, versions: 0 } }],
    });
    expect((await run()).stdout).toBe('acme: nothing deleted\nbeta: nothing deleted\n');
  });
});
