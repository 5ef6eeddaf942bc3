/** `lvsync runs`: the runs of the tenants, the latest first. */
import { systemClock } from '../clock.ts';
import { chooseTenant } from '../config.ts';
import { ConfigError } from '../errors.ts';
import { type ListedRun, type RunFilter, runKinds, runStates, selectRuns } from '../store/index.ts';
import { defaultRuns } from './commands/shared-options.ts';
import { exitCodes } from './exit-code.ts';
import { type CommonOptions, printAnswer } from './make-command.ts';
import { parseMomentOption } from './moment-option.ts';
import { toKnownWords } from './option-list.ts';
import { formatAge, formatInstant, formatTable, formatVisible } from './print.ts';
import type { CommandShell, Shell } from './shell.ts';
import { makeStatePaint } from './state-colour.ts';
import { withWorkplace } from './with-workplace.ts';

export type RunsOptions = CommonOptions & {
  readonly state?: string;
  readonly kind?: string;
  readonly since?: string;
  readonly limit?: string;
};

export async function runs(shell: CommandShell, options: RunsOptions): Promise<void> {
  const choice = toChoice(options);
  const found = await withWorkplace(shell, options, {}, async ({ store }, config) => {
    const asked = options.tenant === undefined ? config.tenants : [chooseTenant(config, options.tenant)];
    // A moment without a zone is in the tenant's; of several, in that of the first.
    const since = parseMomentOption('--since', options.since, asked[0]?.timeZone ?? 'UTC');
    return selectRuns(store.pool, { ...choice, since, tenants: asked.map(({ name }) => name) });
  });
  await printAnswer(shell, options, { runs: found }, formatRuns(found, systemClock.now(), shell));
  shell.end(exitCodes.proven);
}

/** Checked before a database is opened. @throws ConfigError for a slip in an option */
function toChoice({ state, kind, since, limit }: RunsOptions): Pick<RunFilter, 'states' | 'kinds' | 'limit'> {
  parseMomentOption('--since', since, 'UTC');
  const states = toKnownWords('--state', state, runStates);
  const kinds = toKnownWords('--kind', kind, runKinds);
  if (limit !== undefined && !/^[1-9]\d{0,5}$/.test(limit))
    throw new ConfigError('--limit must be a whole number from 1.');
  return { states, kinds, limit: limit === undefined ? defaultRuns : Number(limit) };
}

/** A line for each run; cut where the terminal ends. */
export function formatRuns(
  found: readonly ListedRun[],
  now: Date,
  { columns, hasColour }: Pick<Shell, 'columns' | 'hasColour'>,
): string {
  if (found.length === 0) return 'No run fits.\n';
  const rows = found.map(({ id, tenant, kind, state, startedFrom, startedAt, endedAt, message }) => [
    formatInstant(startedAt),
    tenant,
    kind,
    state,
    formatAge((endedAt ?? now).getTime() - startedAt.getTime()),
    startedFrom,
    id,
    formatVisible(message ?? ''),
  ]);
  return formatTable(rows, '', { columns, paint: makeStatePaint({ hasColour }) });
}
