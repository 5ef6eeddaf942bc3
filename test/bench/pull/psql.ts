/** The other side of the pairs: psql's own `\copy`, alone or with `insert … on conflict`, and pgloader. Each is one process. */
import { accessSync, constants, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { contactFields } from '../../../src/contact/index.ts';
import { timeZone } from './made-up-contacts.ts';
import { columns } from './place.ts';
import { runProcess } from './processes.ts';

/** `last` is the last statement's own time, as psql's `\timing` tells it. */
export type PsqlRun = { readonly seconds: number; readonly last: number };

const dataColumns = contactFields.filter((field) => field.name !== 'account').map((field) => field.column);
const listOf = (prefix: string): string => dataColumns.map((column) => `${prefix}${column}`).join(', ');

export const stageTable = 'theirs.stage';

/** An unlogged table with the columns of a contact. */
export const makeStageSql = `create unlogged table ${stageTable} with (autovacuum_enabled = false) as
  select ${columns} from mirror.contacts with no data;`;

const toCopy = (table: string, file: string): string =>
  `\\copy ${table} (${columns}) from '${file}' (format csv, header)`;

const onConflictSql = `insert into theirs.contacts as m (account, ${listOf('')})
  select account, ${listOf('')} from ${stageTable}
  on conflict (tenant, account) do update
    set ${dataColumns.map((column) => `${column} = excluded.${column}`).join(', ')}, merged_at = excluded.merged_at
  where (${listOf('m.')}) is distinct from (${listOf('excluded.')});`;

/** `\copy` into a new unlogged table. */
export const landingScript = (file: string): string => `${makeStageSql}\n${toCopy(stageTable, file)}\n`;

/** `\copy` into the table with its key. */
export const firstLoadScript = (file: string): string => `${toCopy('theirs.contacts', file)}\n`;

/** `\copy` into a new unlogged table, then `insert … on conflict do update` of what differs. */
export const incrementScript = (file: string): string => `${landingScript(file)}${onConflictSql}\n`;

export async function runPsql(folder: string, url: string, script: string): Promise<PsqlRun> {
  const path = join(folder, 'theirs.sql');
  writeFileSync(path, `\\timing on\n${script}`);
  const args = ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', url, '-f', path];
  const options = `-c datestyle=ISO,MDY -c timezone=${timeZone}`;
  const { seconds, output } = await runProcess('psql', args, { PGOPTIONS: options });
  const times = [...output.matchAll(/^Time: ([\d.]+) ms/gm)].map((match) => Number(match[1]) / 1000);
  return { seconds, last: times.at(-1) ?? Number.NaN };
}

/** Loads into the stage table, which must be there. */
export async function runPgloader(folder: string, url: string, file: string): Promise<number> {
  const path = join(folder, 'theirs.load');
  const fields = contactFields.map((field) => `${field.column} [null if blanks]`).join(', ');
  writeFileSync(
    path,
    `load csv from '${file}' having fields (${fields})
     into ${toPgloaderUrl(url)} target table ${stageTable} (${columns})
     with skip header = 1, fields optionally enclosed by '"', fields escaped by double-quote, fields terminated by ','
     set datestyle to 'ISO, MDY', timezone to '${timeZone}';\n`,
  );
  const { seconds } = await runProcess('pgloader', ['--root-dir', join(folder, 'pgloader'), path]);
  return seconds;
}

/** pgloader writes the folder of a socket into the place of the host. */
function toPgloaderUrl(url: string): string {
  const { username, password, hostname, port, pathname, searchParams } = new URL(url);
  const socket = searchParams.get('host');
  const host = socket === null ? hostname : `unix:${socket}`;
  return `pgsql://${username}${password === '' ? '' : `:${password}`}@${host}:${port || '5432'}${pathname}`;
}

export function isOnPath(program: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
