/** `lvsync replay FILE|RUN`: a download that is kept is loaded once more, without LiveVox. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ConfigError } from '../errors.ts';
import { runReplay } from '../pipeline.ts';
import type { CommonOptions } from './make-command.ts';
import type { CommandShell } from './shell.ts';
import { runAndReport } from './with-workplace.ts';

const runIdForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export async function replay(shell: CommandShell, what: string, options: CommonOptions): Promise<void> {
  const replayed = runIdForm.test(what) ? what : path.resolve(shell.cwd, what);
  if (replayed !== what && !existsSync(replayed))
    throw new ConfigError(`${what} is neither a file nor the id of a run; lvsync runs lists the runs.`);
  await runAndReport(shell, options, {}, (deps) => runReplay(deps, { replayed, signal: shell.signal }));
}
