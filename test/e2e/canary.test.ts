/**
 * Canaries: names, SSNs, dates of birth and phones planted in every input, every failure provoked, at LVSYNC_LOG_LEVEL=debug. What the program lets
 * out besides the database and files that were asked for - answers, stderr with log and stack, queue, metrics, traces, file names, titles of processes, and
 * those columns that say they never hold a contact's data - is searched, and none may be there.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { enqueueNightly } from '../../jobs/nightly.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { setupInstallation, setupQueue, storeKinds } from '../jobs/installation.ts';
import { startWorkerProcess, waitForEndedRuns } from '../jobs/nightly-setup.ts';
import { selectStoredJobs } from '../jobs/stored-jobs.ts';
import { canaries, canarySentence, findCanaries, listNames, readTitle } from '../support/canaries.ts';
import { setupCollector } from '../support/collector.ts';
import { setupDatabase, type TestDatabase } from '../support/database.ts';
import { type Running, setupWorkplace, type Workplace } from '../support/lvsync.ts';
import { runLvsync } from '../support/run-lvsync.ts';
import { addFaults, clearFaults, putContact, setupSandbox } from '../support/sandbox-admin.ts';

const mapping = {
  account: 'id',
  firstName: 'first',
  lastName: 'last',
  ssn: 'ssn',
  dateOfBirth: 'born',
  phone1: 'phone',
  email: 'email',
};
const header = 'id,first,last,ssn,born,phone,email';
const { firstName, lastName, otherName, ssn, otherSsn, dateOfBirth, otherDateOfBirth, phone, otherPhone, email } =
  canaries;
const row = (account: string): string =>
  [account, otherName, lastName, otherSsn, otherDateOfBirth, otherPhone, email].join(',');
const badRows = [
  `B1,${firstName},${lastName},${ssn},${phone},${dateOfBirth},${email}`,
  `B2,"${firstName}" ${lastName},${ssn}`,
  `B3,${firstName}\0,${lastName},${ssn},${dateOfBirth},${phone},${email}`,
];
const record = `${[header, row('X1'), row('X2'), row('X3'), row('N1'), ...badRows].join('\n')}\n`;

const systemsOfRecord = {
  crm: { kind: 'csv', path: 'record.csv', mapping },
  headerless: { kind: 'csv', path: 'headerless.csv', mapping },
  ledger: {
    kind: 'postgres',
    urlVariable: 'LEDGER_URL',
    query: `select 'X1' as id, ('${ssn}'::text)::integer as ssn`,
    mapping: { account: 'id', ssn: 'ssn' },
  },
  code: { kind: 'module', path: 'rows.mjs', mapping },
  broken: { kind: 'module', path: 'broken.mjs', mapping },
};

const guards = { maxCreatesPercent: 100, hazards: { drops_phone: 100, shifts_ordinals: 100 } };

async function plant(sandbox: Sandbox): Promise<void> {
  const fields = { firstName, lastName, ssn, dateOfBirth, phone1: phone, email };
  for (const account of ['X1', 'X2', 'X3']) await putContact(sandbox, account, fields);
}

type Bundle = { readonly sandbox: Sandbox; readonly database: TestDatabase; readonly place: Workplace };

async function setup(): Promise<Bundle> {
  const sandbox = await setupSandbox({ contacts: 5 });
  const database = await setupDatabase();
  const place = await setupWorkplace({
    sandbox,
    databaseUrl: database.url,
    tenant: { systemsOfRecord, guards, pull: { keepDownloadsDays: 1 } },
    env: { LVSYNC_LOG_LEVEL: 'debug', LEDGER_URL: database.url },
  });
  await plant(sandbox);
  await place.write('record.csv', record);
  await place.write('headerless.csv', `${lastName},${row('X1')}\n${otherName},${row('X2')}\n`);
  await place.write('rows.mjs', `export async function* rows() { yield JSON.parse('${firstName}'); }`);
  await place.write('broken.mjs', `throw new Error('no rows here');`);
  return { sandbox, database, place };
}

/** What the record of runs says in columns that never hold a contact's data. */
async function selectWords({ store }: TestDatabase): Promise<string> {
  const { rows } = await store.pool.query<{ words: string }>(
    `select coalesce(string_agg(words, E'\\n'), '') as words from (
       select r::text as words from sync.runs r union all select s::text from sync.run_steps s
       union all select d::text from sync.downloads d union all select w::text from sync.sweeps w
       union all select concat_ws(' ', c.policy, c.holds, c.counts, c.held_because) from sync.change_sets c
       union all select a::text from sync.audit a) w`,
  );
  return rows[0]?.words ?? '';
}

/** From now on every write into the table fails, and Postgres says of which row; the table broken before is mended. */
async function breakTable({ store }: TestDatabase, table: string): Promise<void> {
  await store.pool.query(
    `drop function if exists public.tell cascade;
     create function public.tell() returns trigger language plpgsql as
       $$ begin raise exception '% ${canarySentence}', to_jsonb(new) using errcode = '22P02'; end $$;
     create trigger tell before insert or update on ${table} for each row execute function public.tell()`,
  );
}

/** Where a worker shows its metrics, as its log says. */
function findMetrics({ child }: Running): Promise<string> {
  let log = '';
  return new Promise((resolve) => {
    child.stderr?.on('data', (chunk) => {
      log += String(chunk);
      const url = /"url":"([^"]+)","msg":"metrics.listening"/.exec(log)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
}

async function readPage(url: string): Promise<string> {
  return (await fetch(url)).text();
}

describe('canaries', () => {
  it('none leaves through a command, whatever fails', async () => {
    const { sandbox, database, place } = await setup();
    const seen: [string, string][] = [];
    const run = async (expected: number, ...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await place.start(...args).finished;
      seen.push([args.join(' '), `${stdout}\n${stderr}`]);
      expect([args.join(' '), code, stderr]).toEqual([args.join(' '), expected, stderr]);
      return stdout;
    };
    /** In this process: what only reads the database logs nothing. */
    const look = async (...args: string[]): Promise<void> => {
      const { code, stdout, stderr } = await runLvsync(args, { cwd: place.folder, env: place.env });
      seen.push([args.join(' '), `${stdout}\n${stderr.join('\n')}`]);
      expect([args.join(' '), code, stderr]).toEqual([args.join(' '), 0, stderr]);
    };
    await addFaults(
      sandbox,
      { route: 'bulk-download', kind: 'status', status: 500, body: { code: 500, message: canarySentence }, nth: 1 },
      { route: 'bulk-download', kind: 'truncate', afterBytes: 300, nth: 2 },
      { route: 'bulk-update', kind: 'poison-row', account: 'X2' },
      { route: 'bulk-update', kind: 'status', status: 400, body: { code: 1, message: canarySentence }, nth: 1 },
      { route: 'update-contact', kind: 'status', status: 400, body: { code: 1, message: canarySentence }, nth: 1 },
      { route: 'bulk-create', kind: 'status', status: 500, body: { code: 5, message: canarySentence }, nth: 1 },
    );
    const plan = (await run(0, 'sync', '--source', 'crm', '--json')).match(/"changeSetId": "([^"]+)"/)?.[1] ?? '';
    const { rows: letters } = await database.store.pool.query<{ id: string }>('select id from sync.dead_letters');
    expect(letters.length).toBeGreaterThan(0);
    await look('show', plan);
    for (const ending of ['csv', 'jsonl', 'json', 'html']) {
      await look('show', plan, '--out', `plan.${ending}`);
      seen.push([`plan.${ending}`, await readFile(path.join(place.folder, `plan.${ending}`), 'utf8')]);
    }
    await look('why', 'X1', '--source', 'crm');
    await look('map', '--source', 'crm', '--draft');
    await look('dead', 'list');
    await look('dead', 'show', letters[0]?.id ?? '');
    await run(1, 'plan', '--source', 'ledger');
    await run(1, 'plan', '--source', 'code');
    await run(2, 'plan', '--source', 'headerless');
    await run(2, 'plan', '--source', 'broken');
    await run(1, 'replay', 'headerless.csv');
    await clearFaults(sandbox);
    for (const table of ['mirror.contacts', 'sync.coverage']) {
      await breakTable(database, table);
      await putContact(sandbox, 'X1', { firstName: table });
      await run(1, 'pull', '--full');
    }
    seen.push(['names', await listNames(place.folder)], ['words', await selectWords(database)]);
    expect(seen.map(([what, text]) => [what, findCanaries(text)]).filter(([, found]) => found?.length !== 0)).toEqual(
      [],
    );
  });

  it.each(storeKinds)('none gets into a queue on %s, its log or the title of a worker', async (kind) => {
    const sandbox = await setupSandbox({ contacts: 5 });
    await plant(sandbox);
    const tenant = { systemsOfRecord: { crm: { kind: 'csv', path: 'record.csv', mapping } }, guards };
    const { credentials, url } = sandbox;
    const place = await setupInstallation(kind, {
      content: { tenants: { acme: tenant, beta: tenant } },
      files: { 'record.csv': record },
      env: Object.fromEntries(
        ['ACME', 'BETA'].flatMap((name) => [
          [`LIVEVOX_${name}_BASE_URL`, url],
          [`LIVEVOX_${name}_CLIENT_NAME`, credentials.clientName],
          [`LIVEVOX_${name}_USERNAME`, credentials.userName],
          [`LIVEVOX_${name}_PASSWORD`, credentials.password],
          [`LIVEVOX_${name}_ACCESS_TOKEN`, credentials.accessToken],
        ]),
      ),
    });
    await place.database.store.pool.query(
      `create function public.tell() returns trigger language plpgsql as
         $$ begin if new.tenant = 'beta' then raise exception '${canarySentence}'; end if; return new; end $$;
       create trigger tell before insert on sync.coverage for each row execute function public.tell()`,
    );
    await addFaults(sandbox, {
      route: 'bulk-update',
      kind: 'status',
      status: 500,
      body: { code: 1, message: canarySentence },
      nth: 1,
    });
    const queue = await setupQueue(place);
    const collector = await setupCollector();
    const worker = startWorkerProcess({
      ...place,
      env: {
        ...place.env,
        LVSYNC_LOG_LEVEL: 'debug',
        LVSYNC_METRICS_PORT: '0',
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      },
    });
    const address = findMetrics(worker);
    await enqueueNightly(queue, 'acme');
    await enqueueNightly(queue, 'beta');
    await waitForEndedRuns(place, 1);
    const selectJobs = async (): Promise<string> =>
      (await selectStoredJobs(place, kind)).map(({ text }) => text).join('\n');
    await expect.poll(async () => (await selectJobs()).includes('P0001'), { timeout: 30_000 }).toBe(true);
    const jobs = await selectJobs();
    const title = await readTitle(worker);
    const [metrics, health] = await Promise.all(
      ['metrics', 'readyz'].map(async (page) => readPage(`${await address}/${page}`)),
    );
    expect(metrics).toContain('lvsync_requests_total{');
    worker.child.kill('SIGTERM');
    const { stdout, stderr } = await worker.finished;
    expect(stderr).toContain('job.');
    expect(collector.listSpans().length).toBeGreaterThan(20);
    const seen = {
      jobs,
      title,
      metrics: metrics ?? '',
      health: health ?? '',
      traces: collector.bodies.join('\n'),
      stdout,
      stderr,
      names: await listNames(place.folder),
      words: await selectWords(place.database),
    };
    const found = Object.entries(seen).map(([what, text]) => [what, findCanaries(text)]);
    expect(found.filter(([, canary]) => canary?.length !== 0)).toEqual([]);
  });
});
