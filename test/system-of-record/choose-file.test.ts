/** Which file of a folder or pattern is read: the newest that is complete, and never one on its way. */
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError, RetriableError } from '../../src/errors.ts';
import { chooseFile } from '../../src/system-of-record/choose-file.ts';
import { setupFolder } from '../support/folder.ts';
import { csvSource, open } from './open-record.ts';

const now = new Date('2026-11-21T06:00:00Z');
const hourAgo = 3_600;

/** A folder with files, each as old as so many seconds. */
async function setup(ages: Readonly<Record<string, number>>): Promise<string> {
  const folder = await setupFolder();
  for (const [name, age] of Object.entries(ages)) {
    const path = join(folder, name);
    const modified = now.getTime() / 1000 - age;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, '');
    await utimes(path, modified, modified);
  }
  return folder;
}

type Options = Partial<Parameters<typeof chooseFile>[0]>;

async function choose(folder: string, pattern: string, options: Options = {}): Promise<readonly [string, number]> {
  const choice = { newestBy: 'name', settleMs: 60_000, ...options } as const;
  const { path, passedOver } = await chooseFile({ path: join(folder, pattern), ...choice }, now);
  return [path.slice(folder.length + 1), passedOver];
}

describe('chooseFile', () => {
  test('a file that is named is taken as it is, however young', async () => {
    expect(await choose(await setup({ 'contacts.csv': 0 }), 'contacts.csv')).toEqual(['contacts.csv', 0]);
  });

  test('a name with a star in it is a name before it is a pattern', async () => {
    expect(await choose(await setup({ 'a*.csv': 0, 'ab.csv': hourAgo }), 'a*.csv')).toEqual(['a*.csv', 0]);
  });

  test('of a pattern the last by name is taken, digits read as numbers', async () => {
    const folder = await setup({
      'contacts-9.csv': hourAgo,
      'contacts-10.csv': 2 * hourAgo,
      'contacts-11.txt': hourAgo,
      'others-12.csv': hourAgo,
    });
    expect(await choose(folder, 'contacts-*.csv')).toEqual(['contacts-10.csv', 0]);
    expect(await choose(folder, 'contacts-?.csv')).toEqual(['contacts-9.csv', 0]);
    expect(await choose(folder, 'contacts-*.csv', { newestBy: 'modified' })).toEqual(['contacts-9.csv', 0]);
  });

  test('a pattern may name folders, and the day of the folder counts', async () => {
    const folder = await setup({
      '2026-11-20/contacts.csv': hourAgo,
      '2026-11-21/contacts.csv': 2 * hourAgo,
      '2026-11-22/other.csv': hourAgo,
      notes: hourAgo,
    });
    expect(await choose(folder, '2026-*/contacts.csv')).toEqual(['2026-11-21/contacts.csv', 0]);
    expect(await choose(folder, '*/contacts.csv')).toEqual(['2026-11-21/contacts.csv', 0]);
  });

  test('the other characters of a pattern mean themselves', async () => {
    const folder = await setup({ 'a+(1).csv': hourAgo, aa1xcsv: hourAgo });
    expect(await choose(folder, 'a+(?).*')).toEqual(['a+(1).csv', 0]);
  });

  test('of a folder the newest is taken; hidden files, folders and files on their way are not', async () => {
    const folder = await setup({
      'drops/a.csv': hourAgo,
      'drops/.b.csv': hourAgo,
      'drops/c.csv.part': hourAgo,
      'drops/d.csv.TMP': hourAgo,
      'drops/e.csv/inner.csv': hourAgo,
    });
    expect(await choose(folder, 'drops')).toEqual(['drops/a.csv', 0]);
  });

  test('a file that changed less than settleSeconds ago is passed over for an older one', async () => {
    const folder = await setup({ 'c-1.csv': hourAgo, 'c-2.csv': 60, 'c-3.csv': 59, 'c-4.csv': -30 });
    expect(await choose(folder, 'c-*.csv')).toEqual(['c-2.csv', 2]);
    expect(await choose(folder, 'c-*.csv', { settleMs: 61_000 })).toEqual(['c-1.csv', 3]);
  });

  test('when only young files are there, it is worth trying again', async () => {
    const folder = await setup({ 'c-1.csv': 5 });
    await expect(choose(folder, 'c-*.csv')).rejects.toThrow(
      new RetriableError(
        `The system of record ${folder}/c-*.csv has no complete file: nothing there has stood unchanged for 60 seconds (settleSeconds). Run again when it is written.`,
      ),
    );
  });

  test('with a marker only the marker counts, and one of a former file does not', async () => {
    const folder = await setup({
      'c-1.csv': hourAgo,
      'c-1.csv.done': hourAgo,
      'c-2.csv': 5,
      'c-2.csv.done': 5,
      'c-3.csv': 5,
      'c-3.csv.done': 6,
      'c-4.csv': hourAgo,
    });
    expect(await choose(folder, 'c-*', { completeWhen: '.done' })).toEqual(['c-2.csv', 2]);
    expect(await choose(folder, 'c-1.csv', { completeWhen: '.done' })).toEqual(['c-1.csv', 0]);
    await expect(choose(folder, 'c-4.csv', { completeWhen: '.done' })).rejects.toThrow(
      'its marker (completeWhen: ".done") is missing or older than the file',
    );
  });

  test('nothing that matches is told in one sentence', async () => {
    const folder = await setup({ 'a.csv': hourAgo });
    for (const pattern of ['b-*.csv', 'none/b-*.csv']) {
      await expect(choose(folder, pattern)).rejects.toThrow(
        new ConfigError(
          `The system of record ${folder}/${pattern} has no file; check its path and that files arrive there.`,
        ),
      );
    }
  });
});

test('an opened system of record is called by the file that was chosen, and stays with it', async () => {
  const folder = await setup({ 'c-1.csv': 10 * hourAgo });
  await writeFile(join(folder, 'c-1.csv'), 'acct\nA-1\n');
  const record = await open(csvSource(join(folder, 'c-*.csv'), { account: 'acct' }, { settleMs: 0 }));
  await writeFile(join(folder, 'c-2.csv'), 'acct\nA-2\n');
  const accounts = [];
  for await (const row of record.rows()) accounts.push(row.account);
  expect([record.label, accounts, record.filesPassedOver, record.isComplete]).toEqual(['c-1.csv', ['A-1'], 0, false]);
});
