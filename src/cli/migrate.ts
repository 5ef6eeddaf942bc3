/** `lvsync migrate`: brings the database's schema up to date, and its roles where asked; safe from two processes at once. */
import { ConfigError } from '../errors.ts';
import { type DatabaseRoles, grantRoles } from '../store/index.ts';
import { defaultRolePrefix } from './commands/shared-options.ts';
import { exitCodes } from './exit-code.ts';
import { type CommonOptions, printAnswer } from './make-command.ts';
import type { CommandShell } from './shell.ts';
import { withWorkplace } from './with-workplace.ts';

export type MigrateOptions = CommonOptions & { readonly roles?: boolean; readonly rolePrefix?: string };

export async function migrate(shell: CommandShell, options: MigrateOptions): Promise<void> {
  const prefix = toPrefix(options);
  const done = await withWorkplace(shell, options, { migrations: 'apply' }, async ({ store, applied }) => ({
    applied,
    roles: prefix === undefined ? undefined : await grantRoles(store, prefix),
  }));
  await printAnswer(shell, options, { upToDate: true, ...done }, formatDone(done.applied, done.roles));
  shell.end(exitCodes.proven);
}

/** Undefined: no roles are wanted. @throws ConfigError for what no role can begin with */
function toPrefix({ roles, rolePrefix }: MigrateOptions): string | undefined {
  if (rolePrefix !== undefined && roles !== true) throw new ConfigError('--role-prefix needs --roles.');
  if (roles !== true) return undefined;
  const prefix = rolePrefix ?? defaultRolePrefix;
  if (/^(?!pg_)[a-z][a-z0-9_]{0,39}$/.test(prefix)) return prefix;
  throw new ConfigError(
    '--role-prefix takes up to 40 lower-case letters, digits and underscores, a letter first and not pg_.',
  );
}

function formatDone(applied: readonly string[], roles: DatabaseRoles | undefined): string {
  const list = applied.length === 0 ? '' : `Applied ${applied.join(', ')}. `;
  const made = roles === undefined ? '' : `The roles ${Object.values(roles).join(', ')} have what they need.\n`;
  return `${list}The database is up to date.\n${made}`;
}
