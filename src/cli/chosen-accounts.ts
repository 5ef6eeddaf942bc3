/**
 * `--accounts FILE|A,B`: the contacts that a command is limited to, from a file with an account in each line, or as a list. A slip would
 * silently do less than was asked for, so every account has to be known. Messages tell accounts by their place: they are personal data.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ConfigError } from '../errors.ts';
import { type Store, selectUnplanned } from '../store/index.ts';

export type ChosenAccounts = {
  /** Each once, in the order given. */
  readonly accounts: readonly string[];
  /** How a message names them: the file, or the option. */
  readonly label: string;
};

const namedPlaces = 5;

/** The accounts of the option: of the file of that name where there is one, else of the list. @throws ConfigError when there are none */
export async function readChosenAccounts(cwd: string, option: string): Promise<ChosenAccounts> {
  const text = await readText(path.resolve(cwd, option));
  const parts = text === undefined ? option.split(',') : text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  // As accounts are kept on both sides.
  const accounts = [...new Set(parts.map((part) => part.normalize('NFC').trim()).filter((part) => part !== ''))];
  const label = text === undefined ? '--accounts' : path.basename(option);
  if (accounts.length === 0)
    throw new ConfigError(`${label} names no account; give a file with one in each line, or A,B.`);
  return { accounts, label };
}

/** Undefined when there is no such file. */
async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
    if (code === 'ENOENT' || code === 'ENAMETOOLONG' || code === 'ENOTDIR') return undefined;
    throw new ConfigError(
      `--accounts: the file cannot be read (${code ?? 'unknown'}); check its path and permissions.`,
    );
  }
}

/** @throws ConfigError when the plan says nothing of one of them */
export async function assertPlanned(
  store: Store,
  changeSetId: string,
  { accounts, label }: ChosenAccounts,
): Promise<void> {
  const unknown = await selectUnplanned(store.pool, changeSetId, accounts);
  if (unknown.length === 0) return;
  const places = unknown.slice(0, namedPlaces).join(', ');
  const more = unknown.length > namedPlaces ? ' …' : '';
  throw new ConfigError(
    `${unknown.length} of the ${accounts.length} accounts of ${label} are not in plan ${changeSetId} (number ${places}${more} of them); check how they are written.`,
  );
}
