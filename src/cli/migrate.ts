/** `lvsync migrate`: brings the database's schema up to date; safe from two processes at once. */
import { exitCodes } from './exit-code.ts';
import { type CommonOptions, printAnswer } from './make-command.ts';
import type { CommandShell } from './shell.ts';
import { withWorkplace } from './with-workplace.ts';

export async function migrate(shell: CommandShell, options: CommonOptions): Promise<void> {
  const applied = await withWorkplace(shell, options, { migrations: 'apply' }, async (place) => place.applied);
  const list = applied.length === 0 ? '' : `Applied ${applied.join(', ')}. `;
  await printAnswer(shell, options, { upToDate: true, applied }, `${list}The database is up to date.\n`);
  shell.end(exitCodes.proven);
}
