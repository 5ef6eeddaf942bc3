/** Reconciles against the sandbox: what is found, why, and what becomes of it; and how they stand beside a nightly. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { silentLog } from '../../src/log.ts';
import {
  openNightly,
  type ReconcileOptions,
  type RunReport,
  runReconcile,
  runSync,
  type TenantDeps,
} from '../../src/pipeline.ts';
import { silentProgress } from '../../src/progress.ts';
import { holdTenant } from '../../src/store/index.ts';
import { openWorkplace } from '../../src/wiring.ts';
import { type NightlyPlace, setupNightly } from '../jobs/nightly-setup.ts';
import { compareWithRecord } from '../support/record-differences.ts';
import { fetchLog, putContact } from '../support/sandbox-admin.ts';

type House = { readonly place: NightlyPlace; readonly deps: TenantDeps; readonly accounts: readonly string[] };

/** A tenant that is in step with its system of record, and what works for it. */
async function setup(): Promise<House> {
  const place = await setupNightly('postgres', [{ name: 'acme' }]);
  const workplace = await openWorkplace(await place.load(), { log: silentLog, progress: silentProgress });
  onTestFinished(() => workplace.close());
  const deps = workplace.tenant('acme');
  expect((await runSync(deps)).state).toBe('proven');
  const { rows } = await place.database.store.pool.query<{ account: string }>(
    `select account from mirror.contacts order by modify_date, account limit 40`,
  );
  return { place, deps, accounts: rows.map(({ account }) => account) };
}

async function look(deps: TenantDeps, reconcile: ReconcileOptions): Promise<RunReport> {
  return (await runReconcile(deps, { reconcile })) as RunReport;
}

function toCounts({ steps }: RunReport, step: string): Readonly<Record<string, unknown>> {
  return steps.find((one) => one.step === step)?.counts ?? {};
}

async function selectOne(place: NightlyPlace, sql: string, account: string): Promise<Record<string, unknown>> {
  return (await place.database.store.pool.query<Record<string, unknown>>(sql, [account])).rows[0] ?? {};
}

describe('runReconcile', () => {
  test('a few contacts: right at first; then what moved is told with its cause and repaired, with its history', async () => {
    const { place, deps, accounts } = await setup();
    const [silent = '', gone = '', same = ''] = accounts;
    const right = await look(deps, { accounts: [silent, gone, same] });
    expect([right.state, right.message]).toEqual([
      'proven',
      expect.stringContaining('right: 3 contacts looked at; LiveVox and the mirror differed in 0'),
    ]);
    const { at } = await selectOne(place, 'select modify_date as at from mirror.contacts where account = $1', silent);
    await putContact(place.tenant.sandbox, silent, { city: 'Silentville', modifyDate: (at as Date).toISOString() });
    await putContact(place.tenant.sandbox, 'LATE', { firstName: 'Nora', modifyDate: '2020-02-02T10:00:00Z' });
    const url = `${place.tenant.sandbox.url}/sandbox/contacts/${encodeURIComponent(gone)}`;
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(204);

    const report = await look(deps, { accounts: [silent, gone, same, 'LATE', 'NOBODY'] });
    expect(toCounts(report, 'reconcile')).toMatchObject({
      reading: 'search',
      accounts: 5,
      same: 1,
      unknown: 1,
      silentChange: 1,
      lateCommit: 1,
      vanished: 1,
      drifted: 3,
      repaired: 2,
      driftPerTenThousand: 6_000,
    });
    expect([report.state, report.message]).toEqual([
      'not_proven',
      expect.stringContaining('1 committed late, 1 changed in silence, 1 purged), 2 repaired'),
    ]);
    const mirror = 'select city, first_name from mirror.contacts where account = $1';
    expect(await selectOne(place, mirror, silent)).toMatchObject({ city: 'Silentville' });
    expect(await selectOne(place, mirror, 'LATE')).toMatchObject({ first_name: 'Nora' });
    const versions =
      'select count(*)::int as kept from mirror.contact_versions where account = $1 and city is not null';
    expect(Number((await selectOne(place, versions, silent))['kept'])).toBeGreaterThan(0);
    // A look plans nothing: no change set was made for it.
    expect(report.changeSetId).toBeUndefined();
  });

  test('with --apply only the chosen contact is sent, and the rest of the differences stay', async () => {
    const { place, deps, accounts } = await setup();
    const [chosen = '', other = ''] = accounts;
    for (const account of [chosen, other]) await putContact(place.tenant.sandbox, account, { city: 'Elsewhere' });
    const report = await look(deps, { accounts: [chosen], apply: true });
    expect([report.state, report.tally?.confirmed]).toEqual(['proven', 1]);
    const { differences } = await compareWithRecord(place.tenant.sandbox, place.tenant.record);
    expect(differences.length).toBe(1);
    expect(JSON.stringify(differences)).toContain(other);
  });

  test('all of them: a sweep, then a plan that is stored and not sent', async () => {
    const { place, deps, accounts } = await setup();
    await putContact(place.tenant.sandbox, accounts[0] ?? '', { city: 'Elsewhere' });
    const writes = (await fetchLog(place.tenant.sandbox, 'bulk-update')).length;
    const report = await look(deps, {});
    expect(report.steps.map(({ step }) => step)).toEqual(['pull', 'verify', 'sweep', 'diff']);
    expect([report.state, report.differencesLeft]).toEqual(['not_proven', 1]);
    expect(report.changeSetId).toBeDefined();
    expect(await fetchLog(place.tenant.sandbox, 'bulk-update')).toHaveLength(writes);
  });

  test('a look stands between two steps of a nightly, and its plan stays the one that counts; what would send waits', async () => {
    const { place, deps, accounts } = await setup();
    await openNightly(deps, 'a-nightly');
    const chosen = accounts.slice(0, 2);
    expect((await look(deps, { accounts: chosen })).state).toBe('proven');
    await expect(look(deps, { accounts: chosen, apply: true })).rejects.toThrow(/A scheduled run of tenant acme/);
    await expect(look(deps, {})).rejects.toThrow(/A scheduled run of tenant acme/);
    const { rows } = await place.database.store.pool.query(`select state from sync.runs where dedup_key = 'a-nightly'`);
    expect(rows).toEqual([{ state: 'running' }]);
  });

  test('while a step is at work the look waits, and is the next to get the tenant', async () => {
    const { deps, accounts } = await setup();
    const step = await holdTenant(deps.store, 'acme', { clock: systemClock, waitMs: 0 });
    const order: string[] = [];
    const looked = look(deps, { accounts: accounts.slice(0, 1) }).then(() => order.push('look'));
    await expect
      .poll(async () => {
        const { rows } = await deps.store.pool.query(
          `select from pg_locks where locktype = 'advisory' and not granted`,
        );
        return rows.length;
      })
      .toBe(1);
    const next = holdTenant(deps.store, 'acme', { clock: systemClock, waitMs: 30_000 }).then(async (lock) => {
      order.push('step');
      await lock.release();
    });
    await step.release();
    await Promise.all([looked, next]);
    expect(order).toEqual(['look', 'step']);
  });
});
