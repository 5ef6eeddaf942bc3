/** `lvsync completion`: each script is read by its own shell where that is installed, and bash completes with it. */
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { listCommands } from '../support/command-tree.ts';
import { setupFolder } from '../support/folder.ts';
import { runLvsync } from '../support/run-lvsync.ts';

const commands = listCommands();

async function writeScript(name: string): Promise<string> {
  const cwd = await setupFolder();
  const { code, stdout } = await runLvsync(['completion', name], { cwd });
  expect(code).toBe(0);
  await writeFile(path.join(cwd, 'script'), stdout);
  return path.join(cwd, 'script');
}

function isInstalled(name: string): boolean {
  const isThere = spawnSync(name, ['-c', 'exit 0']).status === 0;
  if (!isThere) process.stderr.write(`${name} is not installed: its completion script is not parsed here\n`);
  return isThere;
}

test.each(['bash', 'zsh', 'fish'].filter(isInstalled))('%s reads its script without a complaint', async (name) => {
  const { status, stderr } = spawnSync(name, ['-n', await writeScript(name)], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});

test.each(['bash', 'zsh', 'fish'])('the script for %s names every command and every option', async (name) => {
  const { stdout } = await runLvsync(['completion', name], { cwd: await setupFolder() });
  const missing = commands.flatMap((command) => {
    const long = command.options.map(({ flags }) => /--[\w-]+/.exec(flags)?.[0] ?? flags);
    const options = name === 'fish' ? long.map((one) => `-l ${one.slice(2)} `) : long;
    return [command.name, ...options].filter((word) => !stdout.includes(word));
  });
  expect(missing).toEqual([]);
});

describe.skipIf(!isInstalled('bash'))('bash completes', () => {
  let script: string;

  beforeAll(async () => {
    const { stdout } = await runLvsync(['completion', 'bash'], { cwd: '.' });
    script = stdout;
  });

  /** What is offered for the last of the words. */
  function complete(...words: readonly string[]): readonly string[] {
    const call = `COMP_WORDS=(lvsync "$@"); COMP_CWORD=$#; _lvsync; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = spawnSync('bash', ['-c', `${script}\n${call}`, 'bash', ...words], {
      encoding: 'utf8',
      cwd: path.join(import.meta.dirname, '..', '..', 'docs'),
    });
    return stdout.split('\n').filter((line) => line !== '');
  }

  test.each([
    [['pl'], ['plan']],
    [['run'], ['runs', 'run']],
    [['sync', '--d'], ['--dry-run']],
    [['dead', 're'], ['retry']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['plan', '--out', 'valu'], ['values.md']],
    [['replay', 'valu'], ['values.md']],
    [['show', '--account', ''], []],
    [['help', 'doc'], ['doctor']],
    [['status', '--w'], ['--watch']],
  ])('%j with %j', (words, offered) => {
    expect(complete(...words)).toEqual(offered);
  });

  test('the first word may be any command', () => {
    expect(complete('')).toEqual([...commands.map(({ name }) => name), 'help', '--help', '--version']);
  });
});
