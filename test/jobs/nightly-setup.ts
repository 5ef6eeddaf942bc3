/**
 * What a nightly needs to be real: for each tenant a sandbox and a CSV that differs from it, and one installation that
 * knows them all. The worker is a process of its own (`lvsync worker`), or runs in the test where no process has to die.
 */
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { runWorker } from '../../jobs/worker.ts';
import { demoRules, writeDemoRecord } from '../../src/cli/demo-record.ts';
import { silentLog } from '../../src/log.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { type Running, startLvsync, startQuickWorker } from '../support/lvsync.ts';
import { fetchAllContacts, setupSandbox } from '../support/sandbox-admin.ts';
import { type Installation, type InstallationOptions, type StoreKind, setupInstallation } from './installation.ts';

type NightlyTenant = { readonly name: string; readonly sandbox: Sandbox; readonly record: string };

export type NightlyPlace = Installation & {
  readonly tenants: readonly NightlyTenant[];
  readonly tenant: NightlyTenant;
};

export type TenantSetup = {
  readonly name: string;
  readonly password?: string;
  readonly guards?: object;
};

export type StoredRun = {
  readonly id: string;
  readonly tenant: string;
  readonly kind: string;
  readonly state: string;
  readonly message: string | null;
  readonly started_at: Date;
  readonly ended_at: Date | null;
};

/** Sandboxes, records and an installation; the first tenant is also `tenant`. */
export async function setupNightly(
  kind: StoreKind,
  setups: readonly TenantSetup[],
  { contacts = 240, ...options }: Pick<InstallationOptions, 'env'> & { readonly contacts?: number } = {},
): Promise<NightlyPlace> {
  const sandboxes = await Promise.all(setups.map(() => setupSandbox({ contacts })));
  const content = { tenants: Object.fromEntries(setups.map((setup) => [setup.name, makeTenantContent(setup)])) };
  const env = Object.assign({}, ...setups.map((setup, index) => makeTenantEnv(setup, sandboxes[index] as Sandbox)));
  const place = await setupInstallation(kind, { content, env: { ...env, ...options.env } });
  const tenants = setups.map(({ name }, index) => {
    return { name, sandbox: sandboxes[index] as Sandbox, record: join(place.folder, `${name}.csv`) };
  });
  await Promise.all(tenants.map(writeRecord));
  return { ...place, tenants, tenant: tenants[0] as NightlyTenant };
}

function makeTenantContent({ name, guards }: TenantSetup): object {
  const source = { kind: 'csv', path: `${name}.csv`, mapping: demoRules };
  return {
    guards: { maxMoreDiallable: 10_000, hazards: { drops_phone: 10_000, shifts_ordinals: 10_000 }, ...guards },
    push: { chunkRows: 60, settleSeconds: 3 },
    systemsOfRecord: { crm: source },
  };
}

function makeTenantEnv({ name, password }: TenantSetup, sandbox: Sandbox): Record<string, string> {
  const { credentials } = sandbox;
  const values = {
    BASE_URL: sandbox.url,
    CLIENT_NAME: credentials.clientName,
    USERNAME: credentials.userName,
    PASSWORD: password ?? credentials.password,
    ACCESS_TOKEN: credentials.accessToken,
  };
  const entries = Object.entries(values);
  return Object.fromEntries(entries.map(([key, value]) => [`LIVEVOX_${name.toUpperCase()}_${key}`, value]));
}

async function writeRecord({ sandbox, record }: NightlyTenant): Promise<void> {
  const contacts = [...(await fetchAllContacts(sandbox))].map(([account, fields]) => ({ account, fields }));
  await writeDemoRecord(
    record,
    (async function* () {
      yield contacts;
    })(),
  );
}

/** Starts `lvsync worker` as a process. */
export function startWorkerProcess(place: Installation): Running {
  return startLvsync(['worker'], { cwd: place.folder, env: toProcessEnv(place) });
}

/** Starts a worker process with shorter waits: 4 seconds instead of 15, and 2 instead of 20. */
export function startImpatientWorker(place: Installation): Running {
  return startQuickWorker({ cwd: place.folder, env: toProcessEnv(place) }, { lockMs: 4_000, graceMs: 2_000 });
}

function toProcessEnv({ folder, env }: Installation): Readonly<Record<string, string>> {
  return { PATH: process.env['PATH'] ?? '', HOME: folder, LVSYNC_LOG_LEVEL: 'info', ...env };
}

/** Runs a worker in this process until the test is over. */
export async function setupWorker(place: Installation): Promise<void> {
  const stop = new AbortController();
  const ended = runWorker(await place.load(), { log: silentLog, signal: stop.signal });
  onTestFinished(async () => {
    stop.abort();
    await ended;
  });
}

export async function selectRuns({ database }: Installation): Promise<readonly StoredRun[]> {
  const { rows } = await database.store.pool.query<StoredRun>(
    'select id, tenant, kind, state, message, started_at, ended_at from sync.runs order by started_at',
  );
  return rows;
}

/** Waits until so many runs have ended, and returns them all. */
export async function waitForEndedRuns(
  place: Installation,
  count: number,
  timeout = 50_000,
): Promise<readonly StoredRun[]> {
  await expect
    .poll(async () => (await selectRuns(place)).filter((run) => run.ended_at !== null).length, { timeout })
    .toBeGreaterThanOrEqual(count);
  return selectRuns(place);
}
