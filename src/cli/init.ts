/**
 * `lvsync init`: writes a commented config file and `.env` to fill in, and never overwrites either: both are written with a flag
 * that fails when the file exists. `.env` will hold secrets, so only its owner may read it.
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { ConfigError } from '../errors.ts';
import { exitCodes } from './exit-code.ts';
import { type CommonOptions, printAnswer } from './make-command.ts';
import type { CommandShell } from './shell.ts';
import { formatConfigSkeleton, formatDotenvSkeleton } from './skeleton.ts';

export async function init(shell: CommandShell, options: CommonOptions): Promise<void> {
  const files = [
    {
      path: resolve(shell.cwd, options.config ?? 'lvsync.config.ts'),
      text: formatConfigSkeleton(toTenantName(options)),
      mode: 0o644,
    },
    { path: resolve(shell.cwd, '.env'), text: formatDotenvSkeleton(), mode: 0o600 },
  ];
  const names = files.map(({ path }) => relative(shell.cwd, path));
  const existing = names.filter((name) => existsSync(resolve(shell.cwd, name)));
  if (existing.length > 0)
    throw new ConfigError(existing.map((name) => `${name} exists already; it is left as it is.`));
  for (const { path, text, mode } of files) await writeFile(path, text, { flag: 'wx', mode });
  await printAnswer(shell, options, { written: names }, formatNext(names));
  shell.end(exitCodes.proven);
}

function toTenantName({ tenant = 'main' }: CommonOptions): string {
  if (/^[a-z][a-z0-9-]{0,39}$/.test(tenant)) return tenant;
  throw new ConfigError('--tenant must be lower-case letters, digits and hyphens, beginning with a letter.');
}

function formatNext([config, dotenv]: readonly string[]): string {
  return `Written: ${config} and ${dotenv}

Next:
  1. Fill in the credentials in ${dotenv}. Keep it out of version control.
  2. In ${config}, name your system of record and map its columns.
  3. lvsync migrate     prepares the database
  4. lvsync pull --full brings the contacts from LiveVox
  5. lvsync plan        shows what would change; nothing is sent before lvsync apply or lvsync sync
`;
}
