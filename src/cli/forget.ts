/** `lvsync forget`: erases one contact from database and spool for a person who asked for it, and prints the receipt. */
import { chooseTenant } from '../config.ts';
import { ConfigError } from '../errors.ts';
import { forgetContact, type Receipt } from '../forget-contact.ts';
import { exitCodes } from './exit-code.ts';
import { type CommonOptions, printAnswer } from './make-command.ts';
import { formatInstant, formatVisible } from './print.ts';
import type { CommandShell } from './shell.ts';
import { withWorkplace } from './with-workplace.ts';

export type ForgetOptions = CommonOptions & { readonly by: string; readonly reason: string; readonly evenSo?: boolean };

export async function forget(shell: CommandShell, account: string, options: ForgetOptions): Promise<void> {
  const [by, reason] = [options.by.trim(), options.reason.trim()];
  if (by === '' || reason === '') throw new ConfigError('--by and --reason must say who erases, and why.');
  if (account.trim() === '') throw new ConfigError('The account is empty; name the contact.');
  if (reason.includes(account)) {
    throw new ConfigError('--reason names the account, and stays on record; write it without personal data.');
  }
  const { evenSo } = options;
  const needs = {
    credentials: evenSo !== true,
    check: (config: Parameters<typeof chooseTenant>[0]): void => void chooseTenant(config, options.tenant),
  };
  const receipt = await withWorkplace(shell, options, needs, (place) =>
    forgetContact(place.tenant(options.tenant), { account, by, reason, evenSo, signal: shell.signal }),
  );
  await printAnswer(shell, options, receipt, formatReceipt(receipt));
  shell.end(exitCodes.proven);
}

function formatReceipt({ receipt, tenant, account, erasedAt, by, reason, erased, files, notReached }: Receipt): string {
  const rows = Object.entries(erased).map(([place, count]) => `  ${place}: ${count}\n`);
  return [
    `receipt ${receipt}\n`,
    `account ${formatVisible(account)} of tenant ${tenant}, erased ${formatInstant(erasedAt)} by ${formatVisible(by)}: ${formatVisible(reason)}\n`,
    rows.length === 0 ? 'nothing was kept of it\n' : 'rows deleted or emptied:\n',
    ...rows,
    files === 0 ? '' : `kept downloads removed: ${files}\n`,
    'not reached:\n',
    ...notReached.map((sentence) => `  ${sentence}\n`),
  ].join('');
}
