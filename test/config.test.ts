/** Configuration: what is accepted, and that everything wrong is said at once, with the nearest name, and without secrets. */
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { chooseSource, chooseTenant, type LoadConfigOptions, loadConfig, makeSecret } from '../src/config.ts';
import { ConfigError } from '../src/errors.ts';
import { vendorMethods } from '../src/livevox/index.ts';
import { setupFolder } from './support/folder.ts';

const complete = {
  LIVEVOX_ENVIRONMENT: 'NA4',
  LIVEVOX_CLIENT_NAME: 'ACME01',
  LIVEVOX_USERNAME: 'api',
  LIVEVOX_PASSWORD: 'p$ss "word"',
  LIVEVOX_ACCESS_TOKEN: 'token',
};

async function problemsOf(options: LoadConfigOptions): Promise<readonly string[]> {
  const error = await loadConfig(options).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ConfigError)) throw new Error(`expected a ConfigError, got ${String(error)}`);
  return error.problems;
}

function toJson(tenants: unknown): Record<string, string> {
  return { 'lvsync.config.json': JSON.stringify({ tenants }) };
}

const mapping = { account: 'acct', lastName: 'name' };

describe('loadConfig', () => {
  test('the environment alone is enough for one tenant', async () => {
    const cwd = await setupFolder();
    const config = await loadConfig({ cwd, env: complete, demandCredentials: true });
    const tenant = chooseTenant(config);
    expect(config).toMatchObject({
      home: join(cwd, '.lvsync'),
      databaseUrl: undefined,
      redisUrl: undefined,
      logLevel: undefined,
    });
    expect(tenant).toMatchObject({
      name: 'default',
      baseUrl: 'https://api.na4.livevox.com',
      timeZone: 'America/New_York',
      requestTimeoutMs: 60_000,
      inFlight: {},
      pull: { overlapMinutes: 15, attempts: 3 },
      push: { chunkRows: 500, identifyBy: 'both', createActive: true, settleMs: 30_000 },
      guards: { maxMoreDiallable: 100, maxCreates: 100_000, maxUpdates: 100_000 },
      systemsOfRecord: {},
      schedule: {},
    });
    expect(tenant.credentials.password.reveal()).toBe('p$ss "word"');
  });

  test.each([
    ['NA3', 'https://api.livevox.com'],
    ['NA5', 'https://api.na5.livevox.com'],
    ['NA6', 'https://api.na6.livevox.com'],
  ])('%s answers at %s', async (environment, url) => {
    const config = await loadConfig({
      cwd: await setupFolder(),
      env: { ...complete, LIVEVOX_ENVIRONMENT: environment },
    });
    expect(chooseTenant(config).baseUrl).toBe(url);
  });

  test('.env is read, the real environment wins over it, and neither is changed', async () => {
    const cwd = await setupFolder({
      '.env': "LIVEVOX_USERNAME=from-file\nLIVEVOX_PASSWORD='a$b # c'\nLVSYNC_LOG_LEVEL=debug\n",
    });
    const env = {
      LIVEVOX_USERNAME: 'from-shell',
      LVSYNC_LOG_LEVEL: '',
      LIVEVOX_CLIENT_NAME: 'c',
      LIVEVOX_ACCESS_TOKEN: 't',
      LIVEVOX_ENVIRONMENT: 'NA3',
    };
    const config = await loadConfig({ cwd, env });
    const { credentials } = chooseTenant(config);
    expect([credentials.userName, credentials.password.reveal(), config.logLevel]).toEqual([
      'from-shell',
      'a$b # c',
      'debug',
    ]);
    expect(Object.keys(env)).toHaveLength(5);
    expect(process.env['LIVEVOX_PASSWORD']).toBeUndefined();
  });

  test.each([
    [
      'lvsync.config.ts',
      `import { defineConfig } from 'livevox-sync';\nexport default defineConfig({ tenants: { acme: { timeZone: 'America/Chicago' as const } } });`,
    ],
    ['lvsync.config.mjs', `export default { tenants: { acme: { timeZone: 'America/Chicago' } } };`],
    ['lvsync.config.json', `{ "tenants": { "acme": { "timeZone": "America/Chicago" } } }`],
    ['lvsync.config.yaml', 'tenants:\n  acme:\n    timeZone: America/Chicago\n'],
  ])('%s is found in the working folder', async (name, text) => {
    const cwd = await setupFolder({ [name]: text });
    const config = await loadConfig({ cwd, env: {} });
    expect(config.tenants.map((tenant) => [tenant.name, tenant.timeZone])).toEqual([['acme', 'America/Chicago']]);
  });

  test('a named file is read instead, and its paths are relative to its own folder', async () => {
    const elsewhere = await setupFolder({
      'other.json': JSON.stringify({
        tenants: { acme: { systemsOfRecord: { crm: { kind: 'csv', path: 'crm.csv', mapping } } } },
      }),
    });
    const config = await loadConfig({ cwd: await setupFolder(), env: {}, configFile: join(elsewhere, 'other.json') });
    expect(chooseSource(chooseTenant(config))).toEqual({
      name: 'crm',
      source: {
        kind: 'csv',
        path: join(elsewhere, 'crm.csv'),
        newestBy: 'name',
        settleMs: 60_000,
        encoding: 'utf-8',
        delimiter: ',',
        quote: '"',
        header: true,
        mapping,
        complete: false,
        onAbsence: 'nothing',
      },
    });
  });

  test('a named file that is missing, and a file with a mistake in its syntax, are said in one sentence', async () => {
    const cwd = await setupFolder({ 'lvsync.config.ts': 'export default {' });
    expect(await problemsOf({ cwd, env: {}, configFile: 'no.ts' })).toEqual([
      'The configuration file no.ts does not exist; check --config.',
    ]);
    const [problem, ...others] = await problemsOf({ cwd, env: {} });
    expect(problem).toMatch(/^lvsync\.config cannot be read: /);
    expect(others).toEqual([]);
  });

  test('all problems are reported at once, misspelt names with the nearest known one', async () => {
    const source = { kind: 'csv', path: 'a.csv', mapping: { lastname: 'n', lvAccountId: 'i', favouriteColour: 'c' } };
    const cwd = await setupFolder(
      toJson({
        acme: { timezone: 'UTC', timeZone: 'Mars/Base', pull: { attempts: 0 }, systemsOfRecord: { crm: source } },
      }),
    );
    const env = {
      LIVEVOX_PASWORD: 'x',
      LVSYNC_HOEM: 'x',
      LIVEVOX_ENVIRONMENT: 'NA9',
      DATABASE_URL: 'mysql://u:hunter2@h/d',
    };
    const problems = await problemsOf({ cwd, env, demandCredentials: true });
    expect(problems).toEqual([
      'lvsync.config.json: tenants.acme.timeZone: must be an IANA time zone such as America/New_York.',
      'lvsync.config.json: tenants.acme.pull.attempts: must be more than 0.',
      'lvsync.config.json: tenants.acme.systemsOfRecord.crm.mapping.lastname: LiveVox has no such field; did you mean lastName?',
      'lvsync.config.json: tenants.acme.systemsOfRecord.crm.mapping.lvAccountId: LiveVox fills this field itself; it cannot be written.',
      'lvsync.config.json: tenants.acme.systemsOfRecord.crm.mapping.favouriteColour: LiveVox has no such field.',
      'lvsync.config.json: tenants.acme.systemsOfRecord.crm.mapping: account must be mapped: it is the key of a contact.',
      'lvsync.config.json: tenants.acme: timezone is not a known key; did you mean timeZone?',
      'DATABASE_URL must begin with postgresql://.',
      'LIVEVOX_ENVIRONMENT must be NA3, NA4, NA5 or NA6.',
      'LIVEVOX_PASWORD is not a known variable; did you mean LIVEVOX_PASSWORD?',
      'LVSYNC_HOEM is not a known variable; did you mean LVSYNC_HOME?',
      'Tenant acme has no address; set LIVEVOX_ENVIRONMENT (NA3 to NA6) or LIVEVOX_BASE_URL.',
      'LIVEVOX_CLIENT_NAME is missing; set it in the environment or in .env.',
      'LIVEVOX_USERNAME is missing; set it in the environment or in .env.',
      'LIVEVOX_PASSWORD is missing; set it in the environment or in .env.',
      'LIVEVOX_ACCESS_TOKEN is missing; set it in the environment or in .env.',
    ]);
    expect(problems.join()).not.toContain('hunter2');
  });

  test('a secret in the file is refused with its variable, and not repeated', async () => {
    const cwd = await setupFolder(toJson({ acme: { password: 'hunter2', baseUrl: 'https://u:hunter2@h' } }));
    const problems = await problemsOf({ cwd, env: {} });
    expect(problems).toEqual([
      'lvsync.config.json: tenants.acme.baseUrl: must not hold a user or a password.',
      'lvsync.config.json: tenants.acme: password does not belong in a file; set LIVEVOX_PASSWORD in the environment or in .env.',
    ]);
  });

  test.each([
    ['http://127.0.0.1:8080', undefined],
    ['http://localhost:8080/', undefined],
    ['https://api.example.com', undefined],
    ['http://api.example.com', 'must begin with https:// (plain http is for this machine only).'],
    ['http://127.0.0.1.example.com', 'must begin with https:// (plain http is for this machine only).'],
    ['ftp://127.0.0.1', 'must begin with https:// (plain http is for this machine only).'],
    ['api.livevox.com', 'must be an address such as https://api.livevox.com.'],
  ])('the address %s: %s', async (url, problem) => {
    const { LIVEVOX_ENVIRONMENT: _, ...others } = complete;
    const options = { cwd: await setupFolder(), env: { ...others, LIVEVOX_BASE_URL: url } };
    if (problem === undefined) expect(chooseTenant(await loadConfig(options)).baseUrl).toBe(url.replace(/\/$/, ''));
    else expect(await problemsOf(options)).toEqual([`LIVEVOX_BASE_URL ${problem}`]);
  });

  test('two addresses are one too many, in the environment as in the file', async () => {
    const cwd = await setupFolder(toJson({ acme: { environment: 'NA3', baseUrl: 'https://h' } }));
    expect(await problemsOf({ cwd, env: { LIVEVOX_ENVIRONMENT: 'NA3', LIVEVOX_BASE_URL: 'https://h' } })).toEqual([
      'lvsync.config.json: tenants.acme: environment and baseUrl exclude one another; keep one.',
      'LIVEVOX_ENVIRONMENT and LIVEVOX_BASE_URL exclude one another; set one.',
    ]);
  });

  test('the address in the environment wins over the one in the file', async () => {
    const cwd = await setupFolder(toJson({ acme: { environment: 'NA3' } }));
    const config = await loadConfig({
      cwd,
      env: { ...complete, LIVEVOX_ENVIRONMENT: '', LIVEVOX_BASE_URL: 'http://127.0.0.1:1' },
    });
    expect(chooseTenant(config).baseUrl).toBe('http://127.0.0.1:1');
  });

  test('several tenants have variables of their own, and a nameless one is refused', async () => {
    const cwd = await setupFolder(toJson({ acme: { environment: 'NA3' }, 'beta-eu': { environment: 'NA4' } }));
    const named = Object.entries(complete).filter(([name]) => name !== 'LIVEVOX_ENVIRONMENT');
    const of = (tenant: string): Record<string, string> =>
      Object.fromEntries(
        named.map(([name, value]) => [name.replace('LIVEVOX_', `LIVEVOX_${tenant}_`), `${tenant} ${value}`]),
      );
    const config = await loadConfig({ cwd, env: { ...of('ACME'), ...of('BETA_EU') }, demandCredentials: true });
    expect(config.tenants.map((tenant) => tenant.credentials.clientName)).toEqual(['ACME ACME01', 'BETA_EU ACME01']);
    expect(await problemsOf({ cwd, env: { ...of('ACME'), LIVEVOX_PASSWORD: 'x' } })).toEqual([
      'LIVEVOX_PASSWORD does not say which tenant it is for; set LIVEVOX_ACME_PASSWORD or LIVEVOX_BETA_EU_PASSWORD.',
    ]);
    expect(await problemsOf({ cwd, env: of('ACME'), demandCredentials: true })).toHaveLength(4);
    await expect(loadConfig({ cwd, env: of('ACME'), demandCredentials: true, tenant: 'acme' })).resolves.toBeDefined();
  });

  test('credentials may be missing until somebody reads them', async () => {
    const config = await loadConfig({ cwd: await setupFolder(), env: { LIVEVOX_ENVIRONMENT: 'NA3' } });
    expect(() => chooseTenant(config).credentials).toThrow(/LIVEVOX_CLIENT_NAME is missing/);
  });

  test.each(['postgres', 'mysql'])("a %s query's connection string comes from the variable it names", async (kind) => {
    const source = { kind, urlVariable: 'CRM_URL', query: 'select 1', mapping };
    const cwd = await setupFolder(toJson({ acme: { systemsOfRecord: { crm: source } } }));
    const config = await loadConfig({ cwd, env: { CRM_URL: 'scheme://h/crm' } });
    const chosen = chooseSource(chooseTenant(config), 'crm').source;
    expect('url' in chosen && chosen.url.reveal()).toBe('scheme://h/crm');
    expect(chosen.kind).toBe(kind);
    expect(await problemsOf({ cwd, env: { CRM_ULR: 'x' } })).toEqual([
      'CRM_URL is missing: system of record crm of tenant acme needs it; did you mean CRM_ULR?',
    ]);
  });

  test('the configuration is frozen', async () => {
    const config = await loadConfig({ cwd: await setupFolder(), env: complete });
    expect(() => Object.assign(chooseTenant(config).guards, { maxCreates: 1e9 })).toThrow(TypeError);
  });
});

describe('systems of record', () => {
  async function problemsOfSource(source: unknown): Promise<readonly string[]> {
    const found = await problemsOf({
      cwd: await setupFolder(toJson({ acme: { systemsOfRecord: { crm: source } } })),
      env: {},
    });
    return found.map((problem) => problem.replace('lvsync.config.json: tenants.acme.systemsOfRecord.crm', '…'));
  }

  test('what can be told wrong without opening a file is told at once', async () => {
    const csv = { kind: 'csv', path: 'a.csv', mapping };
    expect(await problemsOfSource({ ...csv, header: false, delimiter: '"' })).toEqual([
      '….delimiter: must be neither a line break nor the quote.',
      '….mapping.account: must be the number of a column, from 1, because header is false.',
      '….mapping.lastName: must be the number of a column, from 1, because header is false.',
    ]);
    expect(await problemsOfSource({ ...csv, encodign: 'utf-8' })).toEqual([
      '…: encodign is not a known key; did you mean encoding?',
    ]);
    expect(await problemsOfSource({ ...csv, completeWhen: '/done' })).toEqual([
      '….completeWhen: must be the ending of a file name, such as .done.',
    ]);
    expect(await problemsOfSource({ kind: 'ndjson', path: 'a', mapping, delimiter: ';' })).toEqual([
      '…: delimiter is not a known key.',
    ]);
    expect(await problemsOfSource({ kind: 'module', mapping })).toEqual(['…: needs either path or rows.']);
    expect(await problemsOfSource({ kind: 'module', path: 'a.ts', rows: 'rows', mapping })).toContain(
      '….rows: must be a function.',
    );
  });

  const moduleConfig = (source: string): string =>
    `export default { tenants: { acme: { systemsOfRecord: { crm: { kind: 'module', ${source}, mapping: { account: 'id' } } } } } };`;

  async function loadModule(cwd: string) {
    const { source } = chooseSource(chooseTenant(await loadConfig({ cwd, env: {} })));
    if (source.kind !== 'module') throw new Error(`expected a module, got ${source.kind}`);
    return source;
  }

  async function giveRows(source: Awaited<ReturnType<typeof loadModule>>): Promise<readonly unknown[]> {
    const given = [];
    const rows = await source.load();
    for await (const row of rows({ signal: new AbortController().signal, timeZone: 'UTC' })) given.push(row);
    return given;
  }

  test('a module of one’s own may be TypeScript, and is loaded when its rows are asked for', async () => {
    const cwd = await setupFolder({
      'lvsync.config.ts': moduleConfig(`path: './crm.ts', complete: true`),
      'crm.ts': `import { type RecordRows } from 'livevox-sync';
export const rows: RecordRows = async function* ({ timeZone }) { yield { id: timeZone as string }; };`,
    });
    const source = await loadModule(cwd);
    expect([source.label, source.complete]).toEqual(['crm.ts', true]);
    expect(await giveRows(source)).toEqual([{ id: 'UTC' }]);
  });

  test('the function may stand in the configuration itself', async () => {
    const cwd = await setupFolder({
      'lvsync.config.mjs': moduleConfig(`rows: async function* () { yield { id: 'A-1' }; }`),
    });
    const source = await loadModule(cwd);
    expect([source.label, await giveRows(source)]).toEqual(['crm', [{ id: 'A-1' }]]);
  });

  test.each([
    ['none.mjs', undefined, /^The module of the system of record .*none\.mjs does not exist; check its path\.$/],
    [
      'crm.mjs',
      'export const row = 1;',
      /crm\.mjs exports no function called rows; write "export async function\* rows/,
    ],
    ['crm.mjs', 'throw new Error("no key\\nsecond line");', /^The module of .*crm\.mjs cannot be loaded: no key$/],
  ])('a module %s that cannot be used is told in one sentence', async (name, text, message) => {
    const files = text === undefined ? {} : { [name]: text };
    const source = await loadModule(
      await setupFolder({ 'lvsync.config.mjs': moduleConfig(`path: './${name}'`), ...files }),
    );
    const error = await source.load().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).message).toMatch(message);
  });
});

describe('inFlight and limits', () => {
  test('names no method that the client does not have', async () => {
    const cwd = await setupFolder(
      toJson({
        acme: {
          inFlight: { 'Bulk Update Contact': 2, 'Bulk Create Contacts': 2 },
          limits: { 'List Custom Fields': { starts: 5, perSeconds: 60 } },
        },
      }),
    );
    const known = vendorMethods.map(({ name }) => name);
    expect(await problemsOf({ cwd, env: {}, vendorMethods: known })).toEqual([
      'lvsync.config.json: tenants.acme.inFlight.Bulk Create Contacts: LiveVox has no such API method; did you mean Bulk Create Contact?',
      'lvsync.config.json: tenants.acme.limits.List Custom Fields: LiveVox has no such API method; did you mean List Custom Field?',
    ]);
  });

  test('a method may have several limits, in seconds in the file and milliseconds in the program', async () => {
    const cwd = await setupFolder(
      toJson({
        acme: {
          limits: {
            'Bulk Update Contact': { starts: 60, perSeconds: 60 },
            'List Contact': [
              { starts: 2, perSeconds: 0.5 },
              { starts: 1000, perSeconds: 3600 },
            ],
          },
        },
      }),
    );
    expect(chooseTenant(await loadConfig({ cwd, env: {} })).limits).toEqual({
      'Bulk Update Contact': [{ starts: 60, perMs: 60_000 }],
      'List Contact': [
        { starts: 2, perMs: 500 },
        { starts: 1000, perMs: 3_600_000 },
      ],
    });
  });

  test.each([{ starts: 0, perSeconds: 1 }, { starts: 1001, perSeconds: 1 }, { starts: 1, perSeconds: 0 }, []])(
    'a limit of %j is refused',
    async (limit) => {
      const cwd = await setupFolder(toJson({ acme: { limits: { Login: limit } } }));
      expect(await problemsOf({ cwd, env: {} })).toHaveLength(1);
    },
  );
});

describe('chooseTenant', () => {
  test('with several configured a name is demanded, and a wrong one answered with the nearest', async () => {
    const config = await loadConfig({ cwd: await setupFolder(toJson({ acme: {}, beta: {} })), env: {} });
    expect(() => chooseTenant(config)).toThrow('Several tenants are configured; choose one with --tenant: acme, beta.');
    expect(() => chooseTenant(config, 'acne')).toThrow(
      'No tenant is called acne; did you mean acme? Configured: acme, beta.',
    );
  });
});

describe('chooseSource', () => {
  test('says so when there is none, and demands a name when there are several', async () => {
    const csv = { kind: 'csv', path: 'a.csv', mapping };
    const config = await loadConfig({
      cwd: await setupFolder(toJson({ none: {}, two: { systemsOfRecord: { crm: csv, erp: csv } } })),
      env: {},
    });
    expect(() => chooseSource(chooseTenant(config, 'none'))).toThrow('Tenant none has no system of record');
    expect(() => chooseSource(chooseTenant(config, 'two'))).toThrow('choose one with --source: crm, erp.');
    expect(chooseSource(chooseTenant(config, 'two'), 'erp').name).toBe('erp');
    expect(() => chooseSource(chooseTenant(config, 'two'), 'constructor')).toThrow(
      'has no system of record called constructor',
    );
  });
});

describe('makeSecret', () => {
  test('no way of printing gives it away', () => {
    const secret = makeSecret('hunter2');
    const printed = [
      `${secret}`,
      JSON.stringify({ secret }),
      inspect({ secret }, { depth: 9, showHidden: true }),
      Object.values(secret).join(),
    ];
    expect(printed.join('\n')).not.toContain('hunter2');
    expect([printed[0], printed[1]]).toEqual(['[secret]', '{"secret":"[secret]"}']);
    expect(secret.reveal()).toBe('hunter2');
  });
});
