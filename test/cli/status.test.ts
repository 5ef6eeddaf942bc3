/** `lvsync status`: freshness, coverage, open plans and last runs. */
import { describe, expect, test } from 'vitest';
import { formatStatus, type StatusAnswer } from '../../src/cli/status.ts';
import { setupDatabase } from '../support/database.ts';
import { setupFolder } from '../support/folder.ts';
import { runLvsync } from '../support/run-lvsync.ts';
import { storePlan } from '../support/stored-plan.ts';

const at = (text: string): Date => new Date(text);

const answer: StatusAnswer = {
  at: at('2026-11-20T06:00:00Z'),
  running: [],
  tenants: [
    {
      tenant: 'acme',
      mirror: { contacts: 20_000, tombstones: 12, lastChangedAt: at('2026-11-20T02:31:00Z') },
      coverage: {
        intervals: [{ startsAt: at('1970-01-01T00:00:00Z'), endsAt: at('2026-11-20T02:30:00Z') }],
        watermark: at('2026-11-20T02:30:00Z'),
        mergedAt: at('2026-11-20T03:00:00Z'),
      },
      openPlans: [
        {
          id: 'p1',
          state: 'held',
          systemOfRecord: 'crm',
          createdAt: at('2026-11-20T02:32:00Z'),
          patches: 1_500,
          heldBecause: ['Too many.'],
          forecast: { calls: 3, minutes: 2, endpoints: [] },
          fact: null,
        },
      ],
      lastRuns: [
        {
          id: 'r1',
          kind: 'sync',
          state: 'held',
          startedAt: at('2026-11-20T02:30:00Z'),
          endedAt: at('2026-11-20T02:33:00Z'),
          message: 'held: Too many.',
        },
      ],
    },
    {
      tenant: 'beta',
      mirror: { contacts: 0, tombstones: 0, lastChangedAt: null },
      coverage: { intervals: [], watermark: null, mergedAt: null },
      openPlans: [],
      lastRuns: [],
    },
  ],
  queues: { pull: { waiting: 1, active: 2, failed: 0 }, push: { waiting: 0 } },
};

describe('formatStatus', () => {
  test('a person reads how fresh the mirror is, what is open, and how it went', () => {
    expect(formatStatus(answer)).toBe(`tenant acme
  mirror    20,000 contacts, 12 no longer in LiveVox; pulled 3 h ago
  coverage  the beginning … 2026-11-20T02:30:00Z; watermark 2026-11-20T02:30:00Z
  open plans
    2026-11-20T02:32:00Z  p1  held  1,500 patches from crm  forecast 3 calls in 2 min  Too many.
  last runs
    2026-11-20T02:30:00Z  sync  held  held: Too many.

tenant beta
  mirror    0 contacts; never pulled
  coverage  none
  no open plans
  no runs yet

queues
  pull  waiting 1 · active 2
  push  nothing
`);
  });
});

describe('a run under way', () => {
  const run = {
    ...({ id: 'r2', tenant: 'beta', kind: 'sync', startedAt: at('2026-11-20T05:00:00Z') } as const),
    heartbeatAt: at('2026-11-20T05:59:55Z'),
    step: { step: 'push', startedAt: at('2026-11-20T05:57:00Z') },
    downloads: [
      { state: 'asked', downloads: 1, bytes: 0 },
      { state: 'merged', downloads: 2, bytes: 9 },
    ],
    chunks: [
      { endpoint: 'bulk_update', state: 'accepted', chunks: 11, contacts: 5_500, requests: 12 },
      { endpoint: 'bulk_update', state: 'planned', chunks: 28, contacts: 14_000, requests: 0 },
      { endpoint: 'multi_dnd', state: 'refused', chunks: 1, contacts: 1, requests: 1 },
      { endpoint: 'multi_dnd', state: 'split', chunks: 1, contacts: 2, requests: 1 },
    ],
  };

  test('says which step, and how far; what was split counts as its parts', () => {
    expect(formatStatus({ ...answer, running: [run] })).toContain(
      '  now: sync, push for 3 min · chunks 12 of 40 answered · downloads 2 of 3 merged\n',
    );
  });

  test('that shows no life is told as such', () => {
    const silent = { ...run, step: null, downloads: [], chunks: [], heartbeatAt: at('2026-11-20T05:50:00Z') };
    expect(formatStatus({ ...answer, running: [silent] })).toContain(
      '  now: sync, between two steps for 60 min · no sign of life for 10 min\n',
    );
  });
});

describe('lvsync status', () => {
  test('--watch shows it again until it is stopped, in place where that can be, and ends with 0', async () => {
    const { url } = await setupDatabase();
    const cwd = await setupFolder({ 'lvsync.config.json': '{"tenants":{"acme":{}}}' });
    const stop = new AbortController();
    const painted: string[] = [];
    const repaint = async (text: string): Promise<void> => {
      painted.push(text);
      if (painted.length === 2) stop.abort(new Error('Stopped by SIGINT.'));
    };
    const env = { DATABASE_URL: url };
    const { code, stderr } = await runLvsync(['status', '--watch'], { cwd, env, signal: stop.signal, repaint });
    expect([code, stderr, painted.length]).toEqual([0, [], 2]);
    expect(painted[1]).toMatch(/^\S+Z, every 2 s until Ctrl-C\ntenant acme\n/);
  });

  test('with --json a program reads the same', async () => {
    const { store, url } = await setupDatabase();
    const { changeSetId, runId } = await storePlan(store, { tenant: 'acme', patches: [], heldBecause: ['Too many.'] });
    await store.pool.query(
      `insert into sync.coverage (tenant, run_id, starts_at, ends_at, server_now, overlap_ms, rows, bytes, sha256, merged_at)
       select 'acme', $1, to_timestamp(s), to_timestamp(e), now(), 0, 0, 0, '', now()
         from (values (0, 100), (50, 200), (300, 400)) as v (s, e)`,
      [runId],
    );
    const cwd = await setupFolder({ 'lvsync.config.json': '{"tenants":{"acme":{},"beta":{}}}' });
    const { code, stdout, stderr } = await runLvsync(['status', '--json'], { cwd, env: { DATABASE_URL: url } });
    expect([code, stderr]).toEqual([0, []]);
    expect(JSON.parse(stdout)).toMatchObject({
      running: [],
      tenants: [
        {
          tenant: 'acme',
          mirror: { contacts: 0, tombstones: 0, lastChangedAt: null },
          coverage: {
            intervals: [
              { startsAt: '1970-01-01T00:00:00.000Z', endsAt: '1970-01-01T00:03:20.000Z' },
              { startsAt: '1970-01-01T00:05:00.000Z', endsAt: '1970-01-01T00:06:40.000Z' },
            ],
            watermark: '1970-01-01T00:03:20.000Z',
          },
          openPlans: [
            { id: changeSetId, state: 'held', systemOfRecord: 'crm', patches: 0, heldBecause: ['Too many.'] },
          ],
          lastRuns: [{ id: runId, kind: 'plan', state: 'held', message: 'planned' }],
        },
        { tenant: 'beta', openPlans: [], lastRuns: [] },
      ],
      queues: {},
    });
  });

  test('--tenant chooses one', async () => {
    const { url } = await setupDatabase();
    const cwd = await setupFolder({ 'lvsync.config.json': '{"tenants":{"acme":{},"beta":{}}}' });
    const { stdout } = await runLvsync(['status', '--tenant', 'beta'], { cwd, env: { DATABASE_URL: url } });
    expect(stdout).toMatch(/^tenant beta\n/);
    expect(stdout).not.toContain('acme');
  });
});
