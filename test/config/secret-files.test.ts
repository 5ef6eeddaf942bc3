/** Secrets from files: which variables may name one, what of the file counts, and that neither path nor content is ever said. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { chooseSource, chooseTenant, type Environment, loadConfig, loadPlaces } from '../../src/config.ts';
import { ConfigError } from '../../src/errors.ts';
import { setupFolder } from '../support/folder.ts';

const secret = 'hunter2 #$"';
const plain = { LIVEVOX_ENVIRONMENT: 'NA4', LIVEVOX_CLIENT_NAME: 'c', LIVEVOX_USERNAME: 'u' };

async function problemsOf(cwd: string, env: Environment): Promise<readonly string[]> {
  const error: unknown = await loadConfig({ cwd, env }).catch((thrown: unknown) => thrown);
  if (!(error instanceof ConfigError)) throw new Error(`expected a ConfigError, got ${String(error)}`);
  return error.problems;
}

describe('secrets from files', () => {
  test('every secret variable may name a file, absolute or relative to the working folder', async () => {
    const source = { kind: 'postgres', urlVariable: 'CRM_URL', query: 'select 1', mapping: { account: 'a' } };
    const cwd = await setupFolder({
      'lvsync.config.json': JSON.stringify({
        tenants: {
          acme: { systemsOfRecord: { crm: source }, notify: { url: 'https://h', secretVariable: 'HOOK_KEY' } },
        },
      }),
      password: `${secret}\n`,
      token: 'token\r\n',
      database: 'postgresql://h/d\n',
      redis: 'rediss://h',
      crm: 'postgresql://crm/d\n',
      hook: 'key\n',
    });
    const env = {
      ...plain,
      LIVEVOX_ACME_PASSWORD_FILE: 'password',
      LIVEVOX_ACCESS_TOKEN_FILE: join(cwd, 'token'),
      DATABASE_URL_FILE: 'database',
      REDIS_URL_FILE: 'redis',
      CRM_URL_FILE: 'crm',
      HOOK_KEY_FILE: 'hook',
    };
    const config = await loadConfig({ cwd, env, demandCredentials: true });
    const tenant = chooseTenant(config);
    const crm = chooseSource(tenant).source;
    expect({
      password: tenant.credentials.password.reveal(),
      token: tenant.credentials.accessToken.reveal(),
      database: config.databaseUrl?.reveal(),
      redis: config.redisUrl?.reveal(),
      crm: 'url' in crm && crm.url.reveal(),
      hook: tenant.notify?.secret?.reveal(),
    }).toEqual({
      password: secret,
      token: 'token',
      database: 'postgresql://h/d',
      redis: 'rediss://h',
      crm: 'postgresql://crm/d',
      hook: 'key',
    });
  });

  test('the places are known from files also where the configuration has problems', async () => {
    const cwd = await setupFolder({ 'lvsync.config.json': '{ "tenant": {} }', database: 'postgresql://h/d\n' });
    const env = { DATABASE_URL_FILE: 'database', REDIS_URL_FILE: 'missing' };
    await expect(loadConfig({ cwd, env })).rejects.toThrow(ConfigError);
    const { databaseUrl, redisUrl } = await loadPlaces({ cwd, env });
    expect([databaseUrl?.reveal(), redisUrl]).toEqual(['postgresql://h/d', undefined]);
  });

  test.each([
    [`${secret}\n\n`, `${secret}\n`],
    [` ${secret} `, ` ${secret} `],
    ['a\nb', 'a\nb'],
    ['x'.repeat(65_536), 'x'.repeat(65_536)],
  ])('of a file, one line break at the end is cut and nothing else (%#)', async (content, expected) => {
    const cwd = await setupFolder({ secret: content });
    const env = { ...plain, LIVEVOX_ACCESS_TOKEN: 't', LIVEVOX_PASSWORD_FILE: 'secret' };
    const { credentials } = chooseTenant(await loadConfig({ cwd, env }));
    expect(credentials.password.reveal()).toBe(expected);
  });

  test.each([
    ['', 'the file it names is empty; write the secret into it.'],
    ['\n', 'the file it names is empty; write the secret into it.'],
    [`${secret}${'x'.repeat(65_536)}`, 'the file it names is larger than 64 KiB; it is no secret.'],
    [`${secret}\0`, 'the file it names is not text in UTF-8.'],
  ])('a file that is no secret is a problem (%#)', async (content, problem) => {
    const cwd = await setupFolder({ secret: content });
    const problems = await problemsOf(cwd, { ...plain, LIVEVOX_PASSWORD_FILE: 'secret' });
    expect(problems).toEqual([`LIVEVOX_PASSWORD_FILE: ${problem}`]);
    expect(problems.join()).not.toContain('hunter2');
  });

  test('a file that is not there, or is a folder, is a problem that does not repeat what the variable says', async () => {
    const cwd = await setupFolder();
    expect(await problemsOf(cwd, { ...plain, LIVEVOX_PASSWORD_FILE: 'hunter2', REDIS_URL_FILE: '.' })).toEqual([
      'LIVEVOX_PASSWORD_FILE: the file it names cannot be read (ENOENT); check the path and who may read it.',
      'REDIS_URL_FILE: the file it names cannot be read (EISDIR); check the path and who may read it.',
    ]);
  });

  test('a variable and its file exclude one another', async () => {
    const cwd = await setupFolder({ secret });
    expect(await problemsOf(cwd, { ...plain, LIVEVOX_PASSWORD: 'x', LIVEVOX_PASSWORD_FILE: 'secret' })).toEqual([
      'LIVEVOX_PASSWORD and LIVEVOX_PASSWORD_FILE exclude one another; set one.',
    ]);
  });

  test('what is in a file is checked as what is in a variable', async () => {
    const cwd = await setupFolder({ secret: 'mysql://u:hunter2@h/d' });
    expect(await problemsOf(cwd, { DATABASE_URL_FILE: 'secret' })).toEqual([
      'DATABASE_URL must begin with postgresql://.',
    ]);
  });

  test('only secrets may; a misspelt name and one without its tenant are said', async () => {
    const tenants = { acme: {}, beta: {} };
    const cwd = await setupFolder({ secret, 'lvsync.config.json': JSON.stringify({ tenants }) });
    const env = {
      LIVEVOX_ACME_USERNAME_FILE: 'secret',
      LIVEVOX_ACME_PASWORD_FILE: 'secret',
      LIVEVOX_PASSWORD_FILE: 'secret',
    };
    expect(await problemsOf(cwd, env)).toEqual([
      expect.stringMatching(/^LIVEVOX_ACME_USERNAME_FILE is not a known variable/),
      'LIVEVOX_ACME_PASWORD_FILE is not a known variable; did you mean LIVEVOX_ACME_PASSWORD_FILE?',
      'LIVEVOX_PASSWORD_FILE does not say which tenant it is for; set LIVEVOX_ACME_PASSWORD_FILE or LIVEVOX_BETA_PASSWORD_FILE.',
    ]);
  });
});
