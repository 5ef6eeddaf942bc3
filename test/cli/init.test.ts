/** `lvsync init`: what it writes loads, what is there stays. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { chooseSource, chooseTenant, loadConfig } from '../../src/config.ts';
import { setupFolder } from '../support/folder.ts';
import { runLvsync } from '../support/run-lvsync.ts';

describe('lvsync init', () => {
  test('what it writes loads, and with the credentials filled in validates', async () => {
    const cwd = await setupFolder();
    expect(await runLvsync(['init'], { cwd })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('lvsync migrate'),
    });
    const dotenv = join(cwd, '.env');
    const skeleton = await readFile(dotenv, 'utf8');
    await writeFile(dotenv, skeleton.replace(/^(LIVEVOX_(?!ENVIRONMENT)\w+)=$/gm, '$1=filled'));
    const tenant = chooseTenant(await loadConfig({ cwd, env: {}, demandCredentials: true }));
    expect([tenant.name, tenant.baseUrl, tenant.credentials.clientName]).toEqual([
      'main',
      'https://api.livevox.com',
      'filled',
    ]);
    expect(chooseSource(tenant).source.mapping).toMatchObject({ account: 'account' });
    expect(tenant.schedule.nightly).toMatchObject({ cron: '30 2 * * *', timeZone: 'America/New_York' });
  });

  test('unfilled, it says what is missing', async () => {
    const cwd = await setupFolder();
    await runLvsync(['init', '--tenant', 'acme'], { cwd });
    const { code, stderr } = await runLvsync(['pull'], { cwd });
    expect([code, stderr.length]).toEqual([2, 4]);
  });

  test('the file for secrets is its owner’s alone', async () => {
    const cwd = await setupFolder();
    await runLvsync(['init'], { cwd });
    expect((await stat(join(cwd, '.env'))).mode & 0o777).toBe(0o600);
  });

  test.each(['.env', 'lvsync.config.ts'])('with a %s there, it writes nothing and exits 2', async (name) => {
    const cwd = await setupFolder({ [name]: 'mine' });
    const { code, stderr } = await runLvsync(['init'], { cwd });
    expect([code, stderr]).toEqual([2, [`lvsync: ${name} exists already; it is left as it is.`]]);
    expect(await readFile(join(cwd, name), 'utf8')).toBe('mine');
    const other = name === '.env' ? 'lvsync.config.ts' : '.env';
    await expect(stat(join(cwd, other))).rejects.toThrow('ENOENT');
  });
});
