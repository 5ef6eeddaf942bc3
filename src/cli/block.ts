/** `lvsync block`: somebody said stop. Blocks contacts, or a number wherever it appears, at once, also while another run is under way. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { findField, toCanonical } from '../contact/index.ts';
import { ConfigError, toMessage } from '../errors.ts';
import { runBlock } from '../pipeline.ts';
import type { CommonOptions } from './make-command.ts';
import type { CommandShell } from './shell.ts';
import { runAndReport } from './with-workplace.ts';

export type BlockOptions = CommonOptions & {
  readonly account?: readonly string[];
  readonly accountsFile?: string;
  readonly number?: readonly string[];
  readonly numbersFile?: string;
  readonly by: string;
  readonly reason: string;
};

export async function block(shell: CommandShell, options: BlockOptions): Promise<void> {
  const request = await toRequest(shell.cwd, options);
  await runAndReport(shell, options, { credentials: true }, (deps) =>
    runBlock(deps, { block: request, signal: shell.signal }),
  );
}

/** @throws ConfigError when nobody is named, or what is no number */
async function toRequest(cwd: string, options: BlockOptions) {
  const accounts = [...(options.account ?? []), ...(await readLines(cwd, options.accountsFile))];
  const numbers = [...(options.number ?? []), ...(await readLines(cwd, options.numbersFile))].map(toNumber);
  if (accounts.length + numbers.length === 0)
    throw new ConfigError('Nobody is named; give --account, --number, --accounts-file or --numbers-file.');
  const [by, reason] = [options.by.trim(), options.reason.trim()];
  if (by === '' || reason === '') throw new ConfigError('--by and --reason must say who blocks, and why.');
  return { accounts: [...new Set(accounts)], numbers: [...new Set(numbers)], by, reason };
}

async function readLines(cwd: string, file: string | undefined): Promise<readonly string[]> {
  if (file === undefined) return [];
  try {
    const lines = (await readFile(path.resolve(cwd, file), 'utf8')).split(/\r?\n/).map((line) => line.trim());
    return lines.filter((line) => line !== '');
  } catch (error) {
    throw new ConfigError(`The file cannot be read: ${toMessage(error)}.`);
  }
}

/** As the mirror's numbers are compared. @throws ConfigError which entry it is, not what it says */
function toNumber(text: string, index: number): string {
  const result = toCanonical(findField('phone1')!, text, { timeZone: 'UTC' });
  if (result.ok && result.value !== null) return result.value;
  throw new ConfigError(`The ${index + 1}. number is none that can be dialled; correct it, nobody was blocked.`);
}
