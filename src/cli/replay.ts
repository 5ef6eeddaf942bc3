/** `lvsync replay FILE|RUN`: a download that is kept is loaded once more, without LiveVox. */
import path from 'node:path';
import type { Command } from 'commander';
import { runReplay } from '../pipeline.ts';
import { type CommonOptions, makeCommand } from './make-command.ts';
import type { CommandShell } from './shell.ts';
import { runAndReport } from './with-workplace.ts';

const runIdForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function makeReplayCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'replay',
    summary: 'load a download again: a file, or what a run has kept',
    example: 'lvsync replay ./contacts.csv.gz',
  })
    .argument('<what>', 'path of a file, plain or gzip, or the id of a run')
    .action((what: string, options: CommonOptions) => {
      const replayed = runIdForm.test(what) ? what : path.resolve(shell.cwd, what);
      return runAndReport(shell, options, {}, (deps) => runReplay(deps, { replayed, signal: shell.signal }));
    });
}
