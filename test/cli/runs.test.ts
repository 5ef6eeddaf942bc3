/** `lvsync runs` and `lvsync run`: which runs are listed, sums that come out, and advice in the words of docs/operations.md. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { runAdvice, toAdvice } from '../../src/cli/run-advice.ts';
import { formatSum } from '../../src/cli/run-text.ts';
import { makeStatePaint } from '../../src/cli/state-colour.ts';
import { markRunEnded, markStepEnded, markStepStarted, openRun, type Store } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';
import { setupFolder } from '../support/folder.ts';
import { runLvsync } from '../support/run-lvsync.ts';
import { root } from '../support/source-files.ts';
import { storePlan } from '../support/stored-plan.ts';

const config = { 'lvsync.config.json': '{"tenants":{"acme":{"timeZone":"UTC"},"beta":{}}}' };

async function storeRun(store: Store, tenant: string, kind: 'pull' | 'sync', end: 'proven' | 'failed', at: string) {
  const id = await openRun(store, { tenant, kind, startedFrom: 'command' });
  await markStepStarted(store.pool, id, 1, 'pull');
  const counts = { windows: 1, rows: 20, added: 2, changed: 1, unchanged: 16, quarantined: 1 };
  await markStepEnded(store.pool, id, 1, { state: 'done', counts });
  await markStepStarted(store.pool, id, 2, 'verify');
  await markStepEnded(store.pool, id, 2, { state: 'skipped', message: 'nothing is unsettled' });
  await markRunEnded(store.pool, id, end, `${end}: so it was`);
  await store.pool.query(
    `update sync.runs set started_at = $2, ended_at = $2::timestamptz + interval '90 s' where id = $1`,
    [id, at],
  );
  return id;
}

describe('lvsync runs', () => {
  test('lists the latest first; tenant, state, kind and since choose; the message is cut where the terminal ends', async () => {
    const { store, url } = await setupDatabase();
    const first = await storeRun(store, 'acme', 'pull', 'proven', '2026-11-01T02:00:00Z');
    const second = await storeRun(store, 'beta', 'sync', 'failed', '2026-11-02T02:00:00Z');
    const third = await storeRun(store, 'acme', 'sync', 'proven', '2026-11-03T02:00:00Z');
    const cwd = await setupFolder(config);
    const list = async (...args: string[]): Promise<readonly string[]> => {
      const { stdout } = await runLvsync(['runs', '--json', ...args], { cwd, env: { DATABASE_URL: url } });
      return (JSON.parse(stdout) as { runs: { id: string }[] }).runs.map(({ id }) => id);
    };
    expect(await list()).toEqual([third, second, first]);
    expect(await list('--tenant', 'acme')).toEqual([third, first]);
    expect(await list('--state', 'failed,held')).toEqual([second]);
    expect(await list('--kind', 'pull')).toEqual([first]);
    expect(await list('--since', '2026-11-02T02:00:00Z')).toEqual([third, second]);
    expect(await list('--limit', '1')).toEqual([third]);
    const shown = await runLvsync(['runs'], { cwd, env: { DATABASE_URL: url }, columns: 60, hasColour: true });
    const lines = shown.stdout.trimEnd().split('\n');
    expect(lines[0]).toContain('  acme  sync  \u001b[32mproven\u001b[0m  90 s  command  ');
    expect(lines[0]).toMatch(/…$/);
  });
});

describe('lvsync run', () => {
  test('shows steps, sums and what to do; the same under --json', async () => {
    const { store, url } = await setupDatabase();
    const id = await storeRun(store, 'acme', 'pull', 'failed', '2026-11-01T02:00:00Z');
    const cwd = await setupFolder(config);
    const env = { DATABASE_URL: url };
    const { code, stdout } = await runLvsync(['run', id], { cwd, env });
    expect(code).toBe(0);
    expect(stdout).toContain('state   failed\n        failed: so it was\n');
    expect(stdout).toContain('ended   2026-11-01T02:01:30Z, after 90 s\n');
    expect(stdout).toMatch(/^ {2}1 {2}pull {4}done .* windows 1 · rows 20 · added 2/m);
    expect(stdout).toMatch(/^ {2}2 {2}verify {2}skipped .* nothing is unsettled$/m);
    expect(stdout).toContain('  step 1: 20 rows = 2 added + 1 changed + 16 unchanged + 1 quarantined\n');
    expect(stdout).toContain(`next: ${toAdvice('failed', undefined)}\n`);
    expect(stdout).toContain(`grep ${id}\n`);
    const json = await runLvsync(['run', id, '--json'], { cwd, env });
    expect(JSON.parse(json.stdout)).toMatchObject({
      id,
      state: 'failed',
      steps: [{ step: 'pull' }, { state: 'skipped' }],
    });
  });

  test('the plan is held against its parts, its requests are counted per method, and the advice names it', async () => {
    const { store, url } = await setupDatabase();
    const patch = { lvAccountId: '17', changes: {}, sends: {}, operation: 'update', endpoint: 'bulk_update' } as const;
    const patches = ['A', 'B', 'C'].map((account) => ({ ...patch, account }));
    const { runId, changeSetId } = await storePlan(store, {
      tenant: 'acme',
      patches,
      quarantined: ['bad'],
      heldBecause: ['No.'],
    });
    await store.pool.query(
      `insert into sync.chunks (change_set_id, seq, operation, endpoint, size_rows, state, attempts)
       values ($1, 1, 'update', 'bulk_update', 2, 'accepted', 3)`,
      [changeSetId],
    );
    await store.pool.query(`update sync.patches set chunk_seq = 1, verdict = 'confirmed' where seq < 3`);
    const { stdout } = await runLvsync(['run', runId], { cwd: await setupFolder(config), env: { DATABASE_URL: url } });
    expect(stdout).toContain('  plan: 3 patches = 2 confirmed + 1 unsent\n  1 row in sync.quarantine\n');
    expect(stdout).toContain('  bulk_update 3, over all runs of the plan\n');
    expect(stdout).toContain('  bulk_update accepted: 1 chunk with 2 contacts\n');
    expect(stdout).toContain(`next: look today: lvsync show ${changeSetId}, then lvsync approve ${changeSetId}, or`);
  });

  test("another tenant's run is none", async () => {
    const { store, url } = await setupDatabase();
    const id = await storeRun(store, 'acme', 'pull', 'proven', '2026-11-01T02:00:00Z');
    const env = { DATABASE_URL: url };
    const { code, stderr } = await runLvsync(['run', id, '--tenant', 'beta'], { cwd: await setupFolder(config), env });
    expect([code, stderr]).toEqual([2, [`lvsync: There is no run ${id} of tenant beta; lvsync runs lists them.`]]);
  });
});

describe('an id that is not a plan', () => {
  test('of a run leads to its plan, and a slip to the open plan that was meant', async () => {
    const { store, url } = await setupDatabase();
    const { runId, changeSetId } = await storePlan(store, { tenant: 'acme', patches: [] });
    const cwd = await setupFolder(config);
    const show = (id: string) => runLvsync(['show', id], { cwd, env: { DATABASE_URL: url } });
    expect((await show(runId)).stderr).toEqual([`lvsync: ${runId} is a run's id; its plan is ${changeSetId}.`]);
    const slip = `${changeSetId.slice(0, -1)}${changeSetId.endsWith('0') ? '1' : '0'}`;
    expect((await show(slip)).stderr).toEqual([
      `lvsync: There is no plan ${slip} of tenant acme, beta; did you mean ${changeSetId}?`,
    ]);
    expect((await show('0b8f7e5c-4c2f-4a7e-9a51-3f1f0e6c2d11')).stderr[0]).toMatch(
      /; lvsync status lists the open plans\.$/,
    );
  });
});

describe('what a run says', () => {
  test('the advice is what docs/operations.md says of the state', () => {
    const page = readFileSync(path.join(root, 'docs/operations.md'), 'utf8');
    const rows = page.split('## A plan')[0] ?? '';
    for (const [state, words] of Object.entries(runAdvice))
      expect(rows, state).toMatch(
        new RegExp(`^\\| \`${state}\`.*\\| ${words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`, 'm'),
      );
  });

  test.each([
    [3, { added: 1, changed: 2 }, '3 rows = 1 added + 2 changed'],
    [4, { added: 1, changed: 2, unchanged: 0 }, '4 rows ≠ 1 added + 2 changed'],
    [0, { added: 0 }, '0 rows = nothing'],
  ])('a sum of %d from %j', (whole, parts, text) => {
    expect(formatSum(whole, 'rows', parts)).toBe(text);
  });

  test('only state words are coloured, and only where colours are wanted', () => {
    const paint = makeStatePaint({ hasColour: true });
    expect([paint('failed'), paint('it failed'), paint('constructor')]).toEqual([
      '\x1b[31mfailed\x1b[0m',
      'it failed',
      'constructor',
    ]);
    expect(makeStatePaint({})('failed')).toBe('failed');
  });
});
