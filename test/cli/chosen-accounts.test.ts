import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readChosenAccounts } from '../../src/cli/chosen-accounts.ts';
import { ConfigError } from '../../src/errors.ts';
import { setupFolder } from '../support/folder.ts';

test('a list, each account once and as accounts are kept', async () => {
  expect(await readChosenAccounts(await setupFolder(), ' A1,B 2 ,,A1,e\u0301')).toEqual({
    accounts: ['A1', 'B 2', '\u00e9'],
    label: '--accounts',
  });
});

test('a file of that name goes before a list, whatever its ends of lines', async () => {
  const folder = await setupFolder();
  await writeFile(path.join(folder, 'a,b'), '\ufeffA1\r\nB,2\n\nC3\r');
  expect(await readChosenAccounts(folder, 'a,b')).toEqual({ accounts: ['A1', 'B,2', 'C3'], label: 'a,b' });
});

test('nothing chosen, or a folder, is a wrong usage', async () => {
  const folder = await setupFolder();
  await mkdir(path.join(folder, 'sub'));
  await expect(readChosenAccounts(folder, ' , ')).rejects.toThrow(ConfigError);
  await expect(readChosenAccounts(folder, 'sub')).rejects.toThrow('EISDIR');
});
