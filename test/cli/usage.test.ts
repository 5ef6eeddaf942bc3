/**
 * What a person reads who got the usage or the configuration wrong: exit code 2, nothing on stdout, and one sentence for each problem that says what,
 * where, and what to do. Nothing is started before: none of these has a database.
 */
import { describe, expect, test } from 'vitest';
import { setupFolder } from '../support/folder.ts';
import { runLvsync } from '../support/run-lvsync.ts';

const help = 'lvsync --help lists the commands and their options.';
const plan = '0b8f7e5c-4c2f-4a7e-9a51-3f1f0e6c2d11';

describe('wrong usage', () => {
  test.each<[argv: string[], sentence: string]>([
    [['plann'], `unknown command 'plann' (did you mean plan?); ${help}`],
    [['pul', '--full'], `unknown command 'pul' (did you mean pull?); ${help}`],
    [['pull', '--ful'], `unknown option '--ful' (did you mean --full?); ${help}`],
    [['pull', 'everything'], `too many arguments for 'pull'. Expected 0 arguments but got 1.; ${help}`],
    [
      ['pull', '--full', '--since', '2026-01-01'],
      `option '--full' cannot be used with option '--since <iso>'; ${help}`,
    ],
    [['show'], `missing required argument 'plan'; ${help}`],
    [['plan', '--out'], `option '--out <file>' argument missing; ${help}`],
    [['sync', '--dryrun'], `unknown option '--dryrun' (did you mean --dry-run?); ${help}`],
    [
      ['dead', 'lst'],
      `command-argument value 'lst' is invalid for argument 'action'. Allowed choices are list, show, retry, drop.; ${help}`,
    ],
    [['help', 'plann'], `unknown command 'plann' (did you mean plan?); ${help}`],
    [['approve', plan], `required option '--by <name>' not specified; ${help}`],
    [['show', '4711'], "4711 is no plan's id; lvsync plan prints it, and lvsync status lists the open plans."],
    [['run', '4711'], "4711 is no run's id; lvsync runs lists them."],
    [['revert', '4711'], '4711 is the id of neither a run nor a plan; lvsync runs lists the runs.'],
    [['replay', 'no.csv.gz'], 'no.csv.gz is neither a file nor the id of a run; lvsync runs lists the runs.'],
    [['pull', '--since', 'yesterday'], '--since yesterday is no date; write 2026-11-01 or 2026-11-01T12:00:00Z.'],
    [['pull', '--since', '2026-02-01', '--until', '2026-01-01'], '--since is later than --until; swap them.'],
    [['plan', '--out', 'plan.xlsx'], '--out plan.xlsx must end in .csv, .jsonl, .json or .html.'],
    [['sandbox', '--port', 'high'], '--port high must be a whole number from 0 to 65535.'],
    [['map', '--rows', '51'], '--rows 51 must be a whole number from 0 to 50.'],
    [['show', plan, '--risk', '101'], '--risk must be a whole number from 0 to 100.'],
    [
      ['show', plan, '--state', 'not_takn'],
      '--state not_takn must be some of planned, claimed, sent, accepted, refused, in_doubt, split, left_out, not_expressible, confirmed, not_taken, altered, overtaken, with commas; did you mean not_taken?',
    ],
    [['show', plan, '--field', 'lastNam'], '--field lastNam: LiveVox has no such field; did you mean lastName?'],
    [
      ['show', plan, '--operation', 'creates'],
      '--operation creates must be one of block, create, update, deactivate, delete, lift, not_expressible; did you mean create?',
    ],
    [
      ['runs', '--state', 'faild'],
      '--state: "faild" is not one of running, proven, not_proven, held, failed, interrupted; did you mean failed?',
    ],
    [
      ['runs', '--kind', 'synch'],
      '--kind: "synch" is not one of pull, plan, apply, sync, replay, sweep, revert, block, reconcile; did you mean sync?',
    ],
    [['runs', '--limit', '0'], '--limit must be a whole number from 1.'],
    [['runs', '--since', 'monday'], '--since monday is no date; write 2026-11-01 or 2026-11-01T12:00:00Z.'],
    [['stops', '--limit', 'many'], '--limit must be a whole number from 1.'],
    [['dead', 'show'], 'lvsync dead show takes one number of a dead letter.'],
    [['dead', 'drop', '17', '--by', 'Ann'], 'lvsync dead drop needs --reason: why it may stay as it is.'],
    [['dead', 'list', '17'], 'lvsync dead list takes no number; lvsync dead show 17 shows that one.'],
    [['why', '4711', '--by', 'Ann'], '--by says who looks at personal data; it needs --unmask.'],
    [
      ['block', '--by', 'Ann', '--reason', 'x'],
      'Nobody is named; give --account, --number, --accounts-file or --numbers-file.',
    ],
    [
      ['block', '--number', '12', '--by', 'Ann', '--reason', 'x'],
      'The 1. number is none that can be dialled; correct it, nobody was blocked.',
    ],
    [
      ['reconcile', '--accounts', 'A', '--where', 'active'],
      '--accounts and --where exclude one another; give one of them.',
    ],
    [['sweep', '--slice', 'x'], '--slice x must be a whole number from 0.'],
    [['sweep', '--max-vanished-percent', '101'], '--max-vanished-percent 101 must be a number from 0 to 100.'],
    [['status', '--config', 'no.ts'], 'The configuration file no.ts does not exist; check --config.'],
    [['status', '--tenant', 'acme'], 'No tenant is called acme. Configured: default.'],
    [['init', '--tenant', 'Acme'], '--tenant must be lower-case letters, digits and hyphens, beginning with a letter.'],
  ])('lvsync %j', async (argv, sentence) => {
    const result = await runLvsync(argv, { cwd: await setupFolder() });
    expect(result).toEqual({ code: 2, stdout: '', stderr: [`lvsync: ${sentence}`] });
  });
});

type Wrong = {
  /** `tenants` of the config file. @default one tenant, main, without a problem */
  readonly tenants?: unknown;
  readonly env?: Readonly<Record<string, string>>;
  /** @default status */
  readonly argv?: readonly string[];
};

const path = 'lvsync.config.json: tenants.main';

describe('wrong configuration', () => {
  test.each<[wrong: Wrong, ...sentences: string[]]>([
    [{ tenants: { main: { guard: {} } } }, `${path}: guard is not a known key; did you mean guards?`],
    [{ tenants: {} }, 'lvsync.config.json: tenants: must name at least one tenant.'],
    [
      { tenants: { Main: {} } },
      'lvsync.config.json: tenants.Main: must be lower-case letters, digits and hyphens, beginning with a letter.',
    ],
    [
      { tenants: { main: { timeZone: 'Mars/Olympus' } } },
      `${path}.timeZone: must be an IANA time zone such as America/New_York.`,
    ],
    [{ tenants: { main: { environment: 'NA9' } } }, `${path}.environment: must be one of NA3, NA4, NA5, NA6.`],
    [{ tenants: { main: { push: { chunkRows: 0 } } } }, `${path}.push.chunkRows: must be more than 0.`],
    [
      { tenants: { main: { schedule: { nightly: { cron: 'at night' } } } } },
      `${path}.schedule.nightly.cron: must have five or six fields, e.g. "30 2 * * *" for half past two every night.`,
    ],
    [
      { tenants: { main: { limits: { Logn: { starts: 1, perSeconds: 1 } } } } },
      `${path}.limits.Logn: LiveVox has no such API method; did you mean Login?`,
    ],
    [
      { tenants: { main: { systemsOfRecord: { crm: { kind: 'cvs', path: 'a.csv' } } } } },
      `${path}.systemsOfRecord.crm.kind: must be one of csv, ndjson, postgres, mysql, module; did you mean csv?`,
    ],
    [
      {
        tenants: { main: { systemsOfRecord: { crm: { kind: 'csv', path: 'a.csv', mapping: { acount: 'id' } } } } },
        argv: ['plan'],
      },
      `${path}.systemsOfRecord.crm.mapping.acount: LiveVox has no such field; did you mean account?`,
      `${path}.systemsOfRecord.crm.mapping: account must be mapped: it is the key of a contact.`,
    ],
    [
      { tenants: { main: { systemsOfRecord: { crm: { kind: 'csv', path: 'a.csv' } } } }, argv: ['plan'] },
      'The system of record crm of tenant main has no mapping; lvsync map --source crm drafts one.',
    ],
    [
      {
        tenants: { main: { systemsOfRecord: { crm: { kind: 'csv', path: 'a.csv' } } } },
        argv: ['plan', '--source', 'cmr'],
      },
      'Tenant main has no system of record called cmr; did you mean crm? Configured: crm.',
    ],
    [
      { argv: ['plan'] },
      'Tenant main has no system of record; add one under systemsOfRecord in lvsync.config.ts (lvsync init writes a skeleton).',
    ],
    [
      { tenants: { acme: {}, beta: {} }, argv: ['plan'] },
      'Several tenants are configured; choose one with --tenant: acme, beta.',
    ],
    [
      { tenants: { acme: {}, beta: {} }, argv: ['status', '--tenant', 'acm'] },
      'No tenant is called acm; did you mean acme? Configured: acme, beta.',
    ],
    [
      { tenants: { main: { password: 'hunter2' } } },
      `${path}: password does not belong in a file; set LIVEVOX_PASSWORD in the environment or in .env.`,
    ],
    [{ env: { LIVEVOX_PASWORD: 'x' } }, 'LIVEVOX_PASWORD is not a known variable; did you mean LIVEVOX_PASSWORD?'],
    [{ env: { LVSYNC_HOM: 'x' } }, 'LVSYNC_HOM is not a known variable; did you mean LVSYNC_HOME?'],
    [{ env: { DATABASE_URL: 'mysql://x' } }, 'DATABASE_URL must begin with postgresql://.'],
    [
      { env: { REDIS_URL: 'http://x' } },
      'REDIS_URL must begin with redis:// or rediss:// (or redis-sentinel://, redis-cluster://).',
    ],
    [{ env: { LVSYNC_LOG_LEVEL: 'loud' } }, 'LVSYNC_LOG_LEVEL must be one of debug, info, warn, error, silent.'],
    [
      { env: { LIVEVOX_BASE_URL: 'http://api.livevox.com' } },
      'LIVEVOX_BASE_URL must begin with https:// (plain http is for this machine only).',
    ],
    [
      { env: { LIVEVOX_BASE_URL: 'https://api.livevox.com', LIVEVOX_ENVIRONMENT: 'NA3' } },
      'LIVEVOX_ENVIRONMENT and LIVEVOX_BASE_URL exclude one another; set one.',
    ],
  ])('%j', async ({ tenants = { main: {} }, env, argv = ['status'] }, ...sentences) => {
    const cwd = await setupFolder({ 'lvsync.config.json': JSON.stringify({ tenants }) });
    const result = await runLvsync(argv, { cwd, env });
    expect(result).toEqual({ code: 2, stdout: '', stderr: sentences.map((sentence) => `lvsync: ${sentence}`) });
  });

  test('a file that has no tenants is told what is missing, and what its key was meant to be', async () => {
    const cwd = await setupFolder({ 'lvsync.config.json': '{"tenant":{"main":{}}}' });
    const { code, stderr } = await runLvsync(['status'], { cwd });
    expect([code, stderr]).toEqual([
      2,
      [
        'lvsync: lvsync.config.json: tenants: is missing; it must be an object { … }.',
        'lvsync: lvsync.config.json: tenant is not a known key; did you mean tenants?',
      ],
    ]);
  });

  test('a mistake in the syntax of the file is told with its place', async () => {
    const cwd = await setupFolder({ 'lvsync.config.json': '{"tenants":{"main":' });
    const { code, stderr } = await runLvsync(['status'], { cwd });
    expect(code).toBe(2);
    expect(stderr[0]).toMatch(
      /^lvsync: lvsync\.config cannot be read: \S+lvsync\.config\.json: .*; mend its syntax\.$/,
    );
  });
});
