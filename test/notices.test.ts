/** What a webhook is told, when, and once: through the pipeline, against a real receiver, database and LiveVox. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { lookAtTenant } from '../jobs/watch-notices.ts';
import { type Clock, systemClock } from '../src/clock.ts';
import { chooseTenant, loadConfig, type NotifyEvent } from '../src/config.ts';
import { type LogFacts, silentLog } from '../src/log.ts';
import { deliverNotices, type NoticeDeps, tellNotices } from '../src/notices.ts';
import { runPull } from '../src/pipeline.ts';
import { silentProgress } from '../src/progress.ts';
import { insertSuppressions, markRunEnded, openRun, type Store, withTransaction } from '../src/store/index.ts';
import { openWorkplace } from '../src/wiring.ts';
import { type Receiver, setupReceiver } from './notify/receiver.ts';
import { setupDatabase } from './support/database.ts';
import { setupFolder } from './support/folder.ts';
import { setupSandbox } from './support/sandbox-admin.ts';
import { storePlan } from './support/stored-plan.ts';

const account = 'Account-4711';
const patch = {
  account,
  operation: 'block',
  endpoint: 'multi_dnd',
  changes: { accountBlock: ['false', 'true'] },
  sends: { accountBlock: 'PERMANENT' },
} as const;

/** No pause between attempts. */
const clock: Clock = { ...systemClock, sleep: async () => {} };

type Setup = NoticeDeps & { readonly store: Store; readonly receiver: Receiver };

async function setup(on?: readonly NotifyEvent[]): Promise<Setup> {
  const receiver = await setupReceiver();
  const { store } = await setupDatabase();
  const { tenant } = await makeConfig(receiver, { on });
  return { store, clock, log: silentLog, tenant, receiver };
}

async function makeConfig(receiver: Receiver, notify: object, env: Record<string, string> = {}) {
  const generic = { url: receiver.url, secretVariable: 'HOOK_KEY', ...notify };
  const nightly = { cron: '30 2 * * *', timeZone: 'UTC' };
  const content = { tenants: { acme: { notify: generic, schedule: { nightly } } } };
  const cwd = await setupFolder({ 'lvsync.config.json': JSON.stringify(content) });
  const config = await loadConfig({ cwd, env: { HOOK_KEY: 'key', LVSYNC_HOME: `${cwd}/home`, ...env } });
  return { config, tenant: chooseTenant(config) };
}

async function endRun(store: Store, state: 'proven' | 'held' | 'failed' | 'not_proven', message: string) {
  const runId = await openRun(store, { tenant: 'acme', kind: 'sync', startedFrom: 'command' });
  await markRunEnded(store.pool, runId, state, message);
  return runId;
}

function listTold({ received }: Receiver): readonly (readonly [string, string])[] {
  return received.map(({ body }) => JSON.parse(body)).map(({ event, message }) => [event, message]);
}

describe('deliverNotices', () => {
  test('tells of runs that ended badly, each once, and of none that is proven', async () => {
    const deps = await setup();
    await endRun(deps.store, 'proven', 'proven');
    const heldId = await endRun(deps.store, 'held', 'held: too many creates.');
    await endRun(deps.store, 'not_proven', 'not proven: 2 differences left');
    expect([await deliverNotices(deps), await deliverNotices(deps)]).toEqual([2, 0]);
    expect(listTold(deps.receiver)).toEqual([
      ['held', 'held: too many creates.'],
      ['not_proven', 'not proven: 2 differences left'],
    ]);
    expect(JSON.parse(deps.receiver.received[0]?.body ?? '')).toMatchObject({ runId: heldId, tenant: 'acme' });
  });

  test('ten processes at once tell each event once', async () => {
    const deps = await setup();
    for (let i = 0; i < 5; i += 1) await endRun(deps.store, 'held', `held ${i}`);
    await Promise.all(Array.from({ length: 10 }, () => deliverNotices(deps)));
    expect([...listTold(deps.receiver)].sort()).toEqual([0, 1, 2, 3, 4].map((i) => ['held', `held ${i}`]));
  });

  test('a failed run is told without its error, an interrupted one as failed', async () => {
    const deps = await setup();
    await endRun(deps.store, 'failed', `duplicate key (${account})`);
    await openRun(deps.store, { tenant: 'acme', kind: 'pull', startedFrom: 'command' });
    await openRun(deps.store, { tenant: 'acme', kind: 'plan', startedFrom: 'command' });
    await deliverNotices(deps);
    expect(listTold(deps.receiver)).toEqual([
      ['failed', 'This sync failed; lvsync status says why.'],
      ['failed', 'The process of this pull died before the pull did; lvsync status has more.'],
    ]);
  });

  test('tells only what it was asked for, and nothing of long ago', async () => {
    const deps = await setup(['failed']);
    await endRun(deps.store, 'held', 'held');
    const old = await endRun(deps.store, 'failed', 'old');
    await deps.store.pool.query(`update sync.runs set ended_at = now() - interval '61 minutes' where id = $1`, [old]);
    expect(await deliverNotices(deps)).toBe(0);
  });

  test('what the receiver did not take is told later, with the same id', async () => {
    const deps = await setup();
    deps.receiver.answers = [500, 500, 500];
    await endRun(deps.store, 'held', 'first');
    await expect(deliverNotices(deps)).rejects.toThrow('took no notice in 3 attempts');
    // Claimed a moment ago: somebody may still be at it.
    expect(await deliverNotices(deps)).toBe(0);
    await deps.store.pool.query(`update sync.notices set claimed_at = now() - interval '3 minutes'`);
    expect(await deliverNotices(deps)).toBe(1);
    expect(new Set(deps.receiver.received.map(({ headers }) => headers['lvsync-notice'])).size).toBe(1);
  });

  test('a stop at risk is told once as long as it waits longest, by counts alone', async () => {
    const deps = await setup();
    const { changeSetId } = await storePlan(deps.store, { tenant: 'acme', patches: [patch] });
    await withTransaction(deps.store, (client) => insertSuppressions(client, { tenant: 'acme', changeSetId }));
    expect(await deliverNotices(deps)).toBe(0);
    await deps.store.pool.query(`update sync.suppressions set asked_at = now() - interval '11 minutes'`);
    expect([await deliverNotices(deps), await deliverNotices(deps)]).toEqual([1, 0]);
    await deps.store.pool.query(`update sync.suppressions set asked_at = now() - interval '30 days'`);
    expect(await deliverNotices(deps)).toBe(1);
    const [atRisk, late] = listTold(deps.receiver);
    expect(atRisk).toEqual([
      'clock_at_risk',
      'Stops near your target or past it: 1 open, 1 at risk, 0 late; by law 0 at risk, 0 late. lvsync stops lists them.',
    ]);
    expect(late?.[1]).toMatch(
      /^Stops near the legal limit or past it: 1 open, 0 at risk, 1 late; by law 0 at risk, 1 late/,
    );
    expect(JSON.stringify(deps.receiver.received)).not.toContain(account);
  });
});

describe('tellNotices', () => {
  test('throws nothing: a webhook that fails and a database that is away are lines in the log', async () => {
    const deps = await setup();
    const warned: (string | undefined)[] = [];
    const log = { ...silentLog, warn: (_: string, facts?: LogFacts) => void warned.push(String(facts?.['reason'])) };
    deps.receiver.answers = [404];
    await endRun(deps.store, 'held', 'held');
    await tellNotices({ ...deps, log });
    await deps.store.pool.query('drop table sync.notices');
    await tellNotices({ ...deps, log });
    expect(warned).toEqual(['The webhook refuses the notice: status 404. Check notify.', 'DatabaseError 42P01']);
  });
});

describe('a worker that looks', () => {
  test('tells of a nightly that did not begin, once', async () => {
    const deps = await setup();
    const now = new Date('2026-11-21T03:31:00Z');
    const watchedSince = new Date('2026-11-20T00:00:00Z');
    const { config } = await makeConfig(deps.receiver, {});
    const parts = { ...deps, tenants: config.tenants, clock: { ...clock, now: () => now } };
    const tenant = chooseTenant(config);
    await lookAtTenant(parts, tenant, watchedSince);
    await lookAtTenant(parts, tenant, watchedSince);
    expect(listTold(deps.receiver)).toEqual([
      ['missed', expect.stringContaining('due at 2026-11-21T02:30:00.000Z has not begun')],
    ]);
  });
});

describe('a run', () => {
  test('that fails tells the webhook before it throws its own error, also when the webhook fails', async () => {
    const [receiver, sandbox, database] = await Promise.all([setupReceiver(404), setupSandbox(), setupDatabase()]);
    const { clientName, userName, accessToken } = sandbox.credentials;
    const env = {
      DATABASE_URL: database.url,
      LIVEVOX_BASE_URL: sandbox.url,
      LIVEVOX_CLIENT_NAME: clientName,
      LIVEVOX_USERNAME: userName,
      LIVEVOX_PASSWORD: 'wrong',
      LIVEVOX_ACCESS_TOKEN: accessToken,
    };
    const { config } = await makeConfig(receiver, {}, env);
    const place = await openWorkplace(config, { log: silentLog, progress: silentProgress });
    onTestFinished(() => place.close());
    await expect(runPull(place.tenant())).rejects.toThrow(/log ?in|password|refused/i);
    expect(listTold(receiver)).toEqual([['failed', 'This pull failed in the step pull; lvsync status says why.']]);
  });
});

describe('notify in the config', () => {
  const problemsOf = async (notify: object, env: Record<string, string> = {}): Promise<string> => {
    const content = JSON.stringify({ tenants: { acme: { notify } } });
    const cwd = await setupFolder({ 'lvsync.config.json': content });
    return loadConfig({ cwd, env }).then(
      () => '',
      (error: Error) => error.message,
    );
  };

  test.each([
    [{ url: 'https://h.example/x?y=1', secretVariable: 'K' }, { K: 'k' }, ''],
    [{ kind: 'slack', urlVariable: 'U' }, { U: 'https://hooks.slack.com/x' }, ''],
    [{ url: 'http://h.example', secretVariable: 'K' }, { K: 'k' }, 'notify.url: must begin with https://'],
    [{ kind: 'slack', urlVariable: 'U' }, { U: 'http://h.example/secret' }, 'U must begin with https://'],
    [{ kind: 'slack', url: 'https://hooks.slack.com/x' }, {}, 'put it into a variable'],
    [{ url: 'https://h.example' }, {}, 'secretVariable is missing'],
    [
      { url: 'https://h.example', secretVariable: 'HOOK_KEY' },
      { HOOK_KEX: 'k' },
      'HOOK_KEY is missing: notify of tenant acme',
    ],
    [{ secretVariable: 'K' }, { K: 'k' }, 'needs one of url and urlVariable'],
    [{ url: 'https://h.example', secretVariable: 'K', on: ['proven'] }, { K: 'k' }, 'notify.on.0'],
  ])('%j with %j', async (notify, env, problem) => {
    const problems = await problemsOf(notify, env);
    if (problem === '') expect(problems).toBe('');
    else expect(problems).toContain(problem);
    expect(problems).not.toContain('/secret');
  });
});
