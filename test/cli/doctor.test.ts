/** `lvsync doctor`: what it says of a healthy place, that one broken piece hides no other, and where each judgement turns. */
import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { judgeDatabase } from '../../src/cli/doctor/check-database.ts';
import { formatBytes, judgeDisk } from '../../src/cli/doctor/check-home.ts';
import { judgeLimits } from '../../src/cli/doctor/check-limits.ts';
import { judgeLiveVox } from '../../src/cli/doctor/check-livevox.ts';
import { checkNode } from '../../src/cli/doctor/check-node.ts';
import { judgePlans, judgeStops } from '../../src/cli/doctor/check-open.ts';
import { judgeRedis } from '../../src/cli/doctor/check-redis.ts';
import { judgeSchedules } from '../../src/cli/doctor/check-schedule.ts';
import type { Finding } from '../../src/cli/doctor/finding.ts';
import type { Examined } from '../../src/cli/doctor.ts';
import { setupDatabase, setupEmptyDatabase } from '../support/database.ts';
import { setupFolder } from '../support/folder.ts';
import { redisUrl } from '../support/redis.ts';
import { runLvsync } from '../support/run-lvsync.ts';
import { setupSandbox } from '../support/sandbox-admin.ts';
import { storePlan } from '../support/stored-plan.ts';

const levels = (findings: readonly Finding[]): readonly string[] => findings.map(({ level }) => level);

/** check → level → what it says. */
function readAnswer(stdout: string): { healthy: boolean; of: (check: string) => readonly Finding[] } {
  const { healthy, checks } = JSON.parse(stdout) as { healthy: boolean; checks: readonly Examined[] };
  return { healthy, of: (check) => checks.find((one) => one.check === check)?.findings ?? [] };
}

const sourceFolder = {
  'crm.csv': 'id,last\nA1,Smith\nA2,Jones\n',
  'lvsync.config.json': JSON.stringify({
    tenants: {
      main: {
        schedule: { nightly: { cron: '30 2 * * *' } },
        systemsOfRecord: { crm: { kind: 'csv', path: 'crm.csv', mapping: { account: 'id', lastName: 'last' } } },
      },
    },
  }),
};

describe('lvsync doctor', () => {
  test('a place that works: the login is real, the rows are read, and only the schedule is missing', async () => {
    const sandbox = await setupSandbox({ contacts: 3 });
    const { url, store } = await setupDatabase();
    await storePlan(store, { tenant: 'main', patches: [], heldBecause: ['Too many.'] });
    const cwd = await setupFolder(sourceFolder);
    const env = {
      DATABASE_URL: url,
      LIVEVOX_BASE_URL: sandbox.url,
      LIVEVOX_CLIENT_NAME: sandbox.credentials.clientName,
      LIVEVOX_USERNAME: sandbox.credentials.userName,
      LIVEVOX_PASSWORD: sandbox.credentials.password,
      LIVEVOX_ACCESS_TOKEN: sandbox.credentials.accessToken,
    };
    const { code, stdout, stderr } = await runLvsync(['doctor', '--json'], { cwd, env });
    const { healthy, of } = readAnswer(stdout);
    expect([code, healthy, stderr]).toEqual([1, false, []]);
    for (const check of ['node', 'config', 'database', 'redis', 'livevox', 'limits', 'record'])
      expect([check, ...levels(of(check))].filter((level) => level !== 'ok')).toEqual([check]);
    expect(of('record')[0]).toEqual({ level: 'ok', tenant: 'main', says: 'crm: of its first 2 rows 2 can be used' });
    expect(of('schedule')[0]).toMatchObject({ level: 'fail', todo: 'Run lvsync schedule.' });
    expect(of('open')[0]?.says).toMatch(/^Plan \S+ is held: Too many\.$/);
    const text = await runLvsync(['doctor'], { cwd, env });
    expect(text.stdout).toMatch(
      /^FAIL {2}schedule {2}nightly-main is configured and not in the queue\.\n {16}→ Run lvsync schedule\.$/m,
    );
    expect(text.stdout).toMatch(/\n1 to mend, 1 to look at, \d+ well\n$/);
    expect(text.stdout).not.toMatch(/Smith|Jones/);
  });

  test('a broken config hides neither the database nor the disk', async () => {
    const { url } = await setupEmptyDatabase();
    const cwd = await setupFolder({ 'lvsync.config.json': '{"tenants":{"main":{"guard":{}}}}' });
    const { code, stdout } = await runLvsync(['doctor', '--json'], { cwd, env: { DATABASE_URL: url } });
    const { of } = readAnswer(stdout);
    expect(code).toBe(1);
    expect(
      of('config')
        .map(({ says }) => says)
        .join('\n'),
    ).toContain('did you mean guards?');
    expect(of('database').map(({ level }) => level)).toEqual(['ok', 'fail']);
    expect(of('database')[1]?.todo).toBe('Run lvsync migrate.');
    expect(levels(of('home'))).toEqual(['ok']);
    expect(levels([...of('livevox'), ...of('schedule')])).toEqual(['skipped', 'skipped']);
  });

  test('neither an unreachable database nor missing credentials hide the rest, and no password is told', async () => {
    const cwd = await setupFolder(sourceFolder);
    const env = { DATABASE_URL: 'postgresql://me:hunter2@127.0.0.1:1/none', REDIS_URL: 'redis://:hunter3@127.0.0.1:1' };
    const { code, stdout } = await runLvsync(['doctor', '--json'], { cwd, env });
    const { of } = readAnswer(stdout);
    expect(code).toBe(1);
    expect(stdout).not.toMatch(/hunter/);
    expect(of('config')).toHaveLength(5);
    expect(of('database')[0]?.says).toMatch(/^The database at 127\.0\.0\.1:1\/none cannot be used/);
    expect(of('redis')[0]?.says).toMatch(/^The Redis at 127\.0\.0\.1:1 cannot be used/);
    expect(levels(of('livevox'))).toEqual(['skipped']);
    expect(levels(of('record'))).toEqual(['skipped']);
  });

  test('it makes no embedded database, and says who else may read the files', async () => {
    const cwd = await setupFolder();
    const home = path.join(cwd, '.lvsync');
    await mkdir(home);
    await chmod(home, 0o755);
    const { of } = readAnswer((await runLvsync(['doctor', '--json'], { cwd })).stdout);
    expect(of('database')[0]?.says).toContain('not made yet');
    expect(of('home')[1]).toMatchObject({ level: 'warn', todo: `chmod 700 ${home}` });
  });

  test('a tenant that is not there is wrong usage', async () => {
    const { url } = await setupDatabase();
    const { code } = await runLvsync(['doctor', '--tenant', 'no'], {
      cwd: await setupFolder(),
      env: { DATABASE_URL: url },
    });
    expect(code).toBe(2);
  });

  test.skipIf(redisUrl === undefined)('a Redis that answers is judged by what it says of itself', async () => {
    const env = { REDIS_URL: redisUrl ?? '' };
    const { of } = readAnswer((await runLvsync(['doctor', '--json'], { cwd: await setupFolder(), env })).stdout);
    expect(of('redis')[0]?.says).toMatch(/^Redis \d+\.\d+.*maxmemory-policy \w+/);
  });
});

describe('judgements', () => {
  const database = {
    version: '17.2',
    encoding: 'UTF8',
    timeZone: 'UTC',
    maxConnections: 100,
    connections: 3,
    isAutovacuumOn: true,
    bytes: 1e9,
    idleTransactions: 0,
  };

  test.each([
    [{}, ['ok']],
    [{ encoding: 'SQL_ASCII' }, ['ok', 'fail']],
    [{ connections: 90 }, ['ok', 'warn']],
    [{ isAutovacuumOn: false, idleTransactions: 1 }, ['ok', 'warn', 'warn']],
  ])('of a database %j', (facts, expected) => {
    expect(levels(judgeDatabase({ ...database, ...facts }))).toEqual(expected);
  });

  const redis = {
    version: '7.2.4',
    maxmemoryPolicy: 'noeviction',
    maxmemory: 0,
    usedMemory: 5,
    isAofOn: true,
    isRdbOn: false,
  };

  test.each([
    [{}, ['ok']],
    [{ maxmemoryPolicy: 'allkeys-lru' }, ['ok', 'fail']],
    [{ version: '6.0.16' }, ['ok', 'fail']],
    [{ isAofOn: false }, ['ok', 'warn']],
    [{ isAofOn: false, isRdbOn: undefined }, ['ok']],
    [{ maxmemory: 6 }, ['ok', 'warn']],
  ])('of a Redis %j', (facts, expected) => {
    expect(levels(judgeRedis({ ...redis, ...facts }))).toEqual(expected);
  });

  test.each([
    [2_000, 'ok'],
    [-2_001, 'warn'],
    [60_000, 'warn'],
    [60_001, 'fail'],
  ])('of clocks %d ms apart', (skewMs, level) => {
    expect(judgeLiveVox({ skewMs, methods: [] })[1]?.level).toBe(level);
  });

  test('of a role that lacks a method', () => {
    const methods = [
      { method: 'List Agents', outcome: 'forbidden' },
      { method: 'List Contact Group', outcome: 'failed', message: 'It broke: try again.' },
    ] as const;
    const [, , ...found] = judgeLiveVox({ skewMs: 0, methods });
    expect(found.map(({ level, says }) => [level, says])).toEqual([
      ['warn', "The user's role does not allow List Agents (HTTP 403)."],
      ['fail', 'It broke: try again.'],
    ]);
  });

  test.each([
    [3e9, 1e9, 'ok'],
    [2.9e9, 1e9, 'warn'],
    [0.9e9, 1e9, 'fail'],
    [1e9, 0, 'warn'],
    [50e6, 0, 'fail'],
  ])('of a disk with %d bytes free and a largest download of %d', (free, largest, level) => {
    expect(judgeDisk('/h', free, largest).level).toBe(level);
  });

  const now = new Date('2026-11-20T06:00:00Z');
  const at = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000);

  test.each([
    ['as_configured', at(60), 'ok'],
    ['as_configured', at(-1), 'ok'],
    ['as_configured', at(-3), 'fail'],
    ['as_configured', undefined, 'fail'],
    ['missing', undefined, 'fail'],
    ['different', at(60), 'fail'],
    ['extra', at(60), 'warn'],
  ] as const)('of a schedule %s due %s', (state, nextAt, level) => {
    expect(judgeSchedules([{ name: 'nightly-a', state, nextAt }], now)[0]?.level).toBe(level);
  });

  test('of limits: one that is set above what LiveVox has taught', () => {
    const learnt = { Login: { starts: 5, perMs: 60_000 } };
    expect(levels(judgeLimits({ Login: [{ starts: 10, perMs: 60_000 }] }, learnt))).toEqual(['ok', 'warn']);
    expect(levels(judgeLimits({ Login: [{ starts: 5, perMs: 60_000 }] }, learnt))).toEqual(['ok']);
    expect(judgeLimits({}, {})[0]?.says).toMatch(/^none configured/);
  });

  test('of what waits for a person', () => {
    expect(judgePlans([{ id: 'p', state: 'planned', heldBecause: [] }])).toEqual([]);
    const none = { late: 0, legalLate: 0, atRisk: 0, legalAtRisk: 0 };
    expect(judgeStops(none)).toEqual([]);
    expect(levels(judgeStops({ ...none, late: 1, atRisk: 2 }))).toEqual(['fail', 'warn']);
  });

  test('of Node', () => {
    expect(levels([...checkNode('20.18.3'), ...checkNode('20.19.0'), ...checkNode('24.1.0')])).toEqual([
      'fail',
      'ok',
      'ok',
    ]);
  });

  test.each([
    [999, '999 bytes'],
    [1_500_000, '1.5 MB'],
    [250e9, '250 GB'],
  ])('%d bytes read as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});
