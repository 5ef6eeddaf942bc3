/** `lvsync worker`: runs the queue's workers until it is told to stop. */
import { runWorker } from '../../jobs/worker.ts';
import { makeLog } from '../log.ts';
import { exitCodes } from './exit-code.ts';
import type { CommonOptions } from './make-command.ts';
import type { CommandShell } from './shell.ts';
import { loadCommandConfig } from './with-workplace.ts';

export async function worker(shell: CommandShell, options: CommonOptions): Promise<void> {
  const config = await loadCommandConfig(shell, options, true);
  const ended = await runWorker(config, { log: makeLog(config.logLevel ?? 'info'), signal: shell.signal });
  // A step that heeds no signal keeps the process alive; its job comes back by its lock.
  if (ended === 'abandoned') process.exit(exitCodes.failed);
  shell.end(exitCodes.proven);
}
