/** `lvsync coverage` and `lvsync replay` as commands. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openRun } from '../../src/store/index.ts';
import { toCsv } from '../pull/download-source.ts';
import { setupDatabase } from '../support/database.ts';
import { setupFolder } from '../support/folder.ts';
import { type LvsyncResult, runLvsync } from '../support/run-lvsync.ts';

type Setup = {
  readonly cwd: string;
  readonly runId: string;
  readonly run: (...argv: string[]) => Promise<LvsyncResult>;
};

async function setup(): Promise<Setup> {
  const { store, url } = await setupDatabase();
  const runId = await openRun(store, { tenant: 'acme', kind: 'pull', startedFrom: 'command' });
  await store.pool.query(
    `insert into sync.coverage (tenant, run_id, starts_at, ends_at, server_now, overlap_ms, rows, bytes, sha256, merged_at)
     select 'acme', $1, s::timestamptz, e::timestamptz, e::timestamptz, 900000, 1200, 34567, repeat('ab', 32), e::timestamptz
       from (values ('1970-01-01Z', '2026-11-01Z'), ('2026-11-01Z', '2026-11-02Z'), ('2026-11-05Z', '2026-11-06Z')) as v (s, e)`,
    [runId],
  );
  await store.pool.query(
    `insert into sync.downloads (tenant, run_id, reason, covers_from, covers_until, server_now, overlap_ms, state, asked_at, ended_at, message)
     values ('acme', $1, 'gap', '2026-11-02Z', '2026-11-05Z', now(), 0, 'failed', now(), now(), 'The download broke off.'),
            ('acme', $1, 'gap', '2026-11-02Z', '2026-11-05Z', now(), 0, 'failed', now() - interval '8 days', now(), 'Long ago.')`,
    [runId],
  );
  const cwd = await setupFolder({
    'lvsync.config.json': '{"tenants":{"acme":{}}}',
    'one.csv': toCsv([{ account: 'A1' }]),
  });
  const env = { DATABASE_URL: url, LVSYNC_HOME: join(cwd, 'home') };
  return { cwd, runId, run: (...argv) => runLvsync(argv, { cwd, env }) };
}

describe('lvsync coverage', () => {
  test('a person reads what was pulled, what is missing, and why', async () => {
    const { run } = await setup();
    const { code, stdout } = await run('coverage');
    expect(code).toBe(0);
    expect(stdout.replace(/^( {4})20\S+( {2}failed)/m, '$1NOW$2')).toBe(`tenant acme
  watermark  2026-11-02T00:00:00Z
  pulled
    the beginning         …  2026-11-02T00:00:00Z
    2026-11-05T00:00:00Z  …  2026-11-06T00:00:00Z
  gaps
    2026-11-02T00:00:00Z  …  2026-11-05T00:00:00Z
  not merged, of the last 7 days
    NOW  failed  gap  2026-11-02T00:00:00Z … 2026-11-05T00:00:00Z  The download broke off.
`);
  });

  test('--all adds the merges one by one, --json says the same to a program', async () => {
    const { run, runId } = await setup();
    const { stdout } = await run('coverage', '--all');
    expect(stdout).toContain(
      `2026-11-01T00:00:00Z  …  2026-11-02T00:00:00Z  clock 2026-11-02T00:00:00Z  overlap 900 s  1,200 rows  34,567 bytes  abababababab  run ${runId}\n`,
    );
    const json = JSON.parse((await run('coverage', '--all', '--json')).stdout);
    expect(json.tenants[0]).toMatchObject({
      tenant: 'acme',
      watermark: '2026-11-02T00:00:00.000Z',
      gaps: [{ startsAt: '2026-11-02T00:00:00.000Z', endsAt: '2026-11-05T00:00:00.000Z' }],
      unmerged: [{ state: 'failed', reason: 'gap', message: 'The download broke off.' }],
    });
    expect(json.tenants[0].merges).toHaveLength(3);
    expect(JSON.parse((await run('coverage', '--json')).stdout).tenants[0].merges).toBeUndefined();
  });
});

describe('lvsync replay', () => {
  test('loads a file without credentials, and says what came of it', async () => {
    const { run } = await setup();
    const { code, stdout } = await run('replay', 'one.csv');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^replay {2}windows 1 · rows 1 · added 1 · bytes/);
    expect(stdout).toContain('proven: every row pulled is accounted for');
  });

  test('what is not there is wrong usage; a run that kept nothing has failed', async () => {
    const { run, runId } = await setup();
    expect(await run('replay', 'none.csv')).toMatchObject({ code: 2 });
    expect(await run('replay', '00000000-0000-4000-8000-000000000001')).toMatchObject({ code: 2 });
    expect(await run('replay', runId)).toMatchObject({ code: 1 });
  });
});
