/** `lvsync reconcile`: whether LiveVox, the mirror and the system of record agree now, for some contacts or all. */
import { queueReconcile } from '../../jobs/queue-reconcile.ts';
import { type Config, chooseSource, chooseTenant } from '../config.ts';
import { ConfigError, FatalError } from '../errors.ts';
import { runReconcile, type TenantDeps } from '../pipeline.ts';
import { type Condition, selectAccountsWhere } from '../store/index.ts';
import { readChosenAccounts } from './chosen-accounts.ts';
import { exitCodes } from './exit-code.ts';
import { type CommonOptions, printAnswer } from './make-command.ts';
import type { CommandShell } from './shell.ts';
import { parseWhere } from './where.ts';
import { makeCommandLog, runAndReport, withWorkplace } from './with-workplace.ts';

export type ReconcileOptions = CommonOptions & {
  readonly accounts?: string;
  readonly where?: string;
  readonly source?: string;
  readonly apply?: boolean;
  readonly queue?: boolean;
};

/** Contacts that `--where` may choose. */
const mostChosen = 100_000;

export async function reconcile(shell: CommandShell, options: ReconcileOptions): Promise<void> {
  const chosen = await readChoice(shell, options);
  const check = (config: Config): void => void chooseSource(chooseTenant(config, options.tenant), options.source);
  if (options.queue === true) return enqueue(shell, options, chosen, check);
  const { apply, source } = options;
  await runAndReport(shell, options, { credentials: true, check }, async (deps) => {
    const reconcile = { accounts: await findAccounts(deps, chosen), apply };
    const report = await runReconcile(deps, { reconcile, source, signal: shell.signal });
    if (report === undefined) throw new FatalError('This reconcile has ended already (lvsync status).');
    return report;
  });
}

/** Which contacts were asked for: listed, by a condition, or all. */
type Choice = { readonly accounts?: readonly string[]; readonly where?: Condition };

async function readChoice(shell: CommandShell, { accounts, where }: ReconcileOptions): Promise<Choice> {
  if (accounts !== undefined && where !== undefined) {
    throw new ConfigError('--accounts and --where exclude one another; give one of them.');
  }
  if (where !== undefined) return { where: parseWhere(where) };
  return accounts === undefined ? {} : { accounts: (await readChosenAccounts(shell.cwd, accounts)).accounts };
}

/** The accounts; undefined: all. @throws ConfigError when the condition holds for none, or for more than can be read one by one */
async function findAccounts(
  { store, tenant }: Pick<TenantDeps, 'store' | 'tenant'>,
  { accounts, where }: Choice,
): Promise<readonly string[] | undefined> {
  if (where === undefined) return accounts;
  const found = await selectAccountsWhere(store.pool, { tenant: tenant.name, condition: where, limit: mostChosen + 1 });
  if (found.length === 0)
    throw new ConfigError('--where holds for no contact of the mirror; check it, or run lvsync pull.');
  if (found.length > mostChosen) {
    throw new ConfigError(`--where holds for more than ${mostChosen} contacts; leave it out to reconcile all of them.`);
  }
  return found;
}

async function enqueue(
  shell: CommandShell,
  options: ReconcileOptions,
  chosen: Choice,
  check: (config: Config) => void,
): Promise<void> {
  const job = await withWorkplace(shell, options, { check }, async (place, config) => {
    const deps = place.tenant(options.tenant);
    return queueReconcile(place, config, makeCommandLog(config), {
      tenant: deps.tenant.name,
      accounts: (await findAccounts(deps, chosen)) ?? null,
      apply: options.apply === true,
      systemOfRecord: options.source ?? null,
    });
  });
  await printAnswer(shell, options, { job }, `queued as job ${job}; lvsync status shows what comes of it\n`);
  shell.end(exitCodes.proven);
}
