/** `lvsync status`: how fresh the mirror is, which time has been pulled, what is open, and how the last runs ended. */
import type { Command } from 'commander';
import type { QueueCounts } from '../../jobs/queue-counts.ts';
import { systemClock } from '../clock.ts';
import { chooseTenant } from '../config.ts';
import { selectStatus, type TenantStatus } from '../store/index.ts';
import { exitCodes } from './exit-code.ts';
import { formatForecastAgainstFact } from './forecast-against-fact.ts';
import { type CommonOptions, makeCommand, printAnswer } from './make-command.ts';
import { formatAge, formatCount, formatCounts, formatInstant, formatTable } from './print.ts';
import type { CommandShell } from './shell.ts';
import { makeCommandLog, withWorkplace } from './with-workplace.ts';

export type StatusAnswer = {
  readonly at: Date;
  readonly tenants: readonly TenantStatus[];
  /** Queue → state → jobs; empty while no worker or schedule has made a queue. */
  readonly queues: QueueCounts;
};

export function makeStatusCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'status',
    summary: 'last runs, coverage, open plans, queue counts, freshness of the mirror',
    example: 'lvsync status --json',
  }).action((options: CommonOptions) => status(shell, options));
}

async function status(shell: CommandShell, options: CommonOptions): Promise<void> {
  const answer = await withWorkplace(shell, options, {}, async (place, config): Promise<StatusAnswer> => {
    const asked = options.tenant === undefined ? config.tenants : [chooseTenant(config, options.tenant)];
    const tenants: TenantStatus[] = [];
    for (const { name } of asked) tenants.push(await selectStatus(place.store.pool, name));
    // Loaded when needed: no other command pays for the queue's libraries.
    const { selectQueueCounts } = await import('../../jobs/queue-counts.ts');
    const queues = await selectQueueCounts(config, place.databaseUrl, makeCommandLog(config));
    return { at: systemClock.now(), tenants, queues };
  });
  await printAnswer(shell, options, answer, formatStatus(answer));
  shell.end(exitCodes.proven);
}

/** The status as text. */
export function formatStatus({ at, tenants, queues }: StatusAnswer): string {
  return `${tenants.map((tenant) => formatTenant(tenant, at)).join('\n')}${formatQueues(queues)}`;
}

function formatTenant(status: TenantStatus, now: Date): string {
  return [
    `tenant ${status.tenant}\n`,
    formatTable(
      [
        ['mirror', formatMirror(status, now)],
        ['coverage', formatCoverage(status)],
      ],
      '  ',
    ),
    ...formatPlans(status),
    ...formatRuns(status),
  ].join('');
}

function formatMirror({ mirror, coverage }: TenantStatus, now: Date): string {
  const gone = mirror.tombstones > 0 ? `, ${formatCount(mirror.tombstones)} no longer in LiveVox` : '';
  const { mergedAt } = coverage;
  const fresh = mergedAt === null ? 'never pulled' : `pulled ${formatAge(now.getTime() - mergedAt.getTime())} ago`;
  return `${formatCount(mirror.contacts)} contacts${gone}; ${fresh}`;
}

function formatCoverage({ coverage: { intervals, watermark } }: TenantStatus): string {
  if (intervals.length === 0) return 'none';
  const told = intervals.slice(-5).map(({ startsAt, endsAt }) => `${formatStart(startsAt)} … ${formatInstant(endsAt)}`);
  const gapless = watermark === null ? 'no full pull yet' : `watermark ${formatInstant(watermark)}`;
  return `${told.join(', ')}; ${gapless}`;
}

/** A sweep covers everything since LiveVox began to count. */
function formatStart(startsAt: Date): string {
  return startsAt.getTime() === 0 ? 'the beginning' : formatInstant(startsAt);
}

function formatPlans({ openPlans }: TenantStatus): readonly string[] {
  if (openPlans.length === 0) return ['  no open plans\n'];
  const rows = openPlans.map((plan) => [
    formatInstant(plan.createdAt),
    plan.id,
    plan.state,
    `${formatCount(plan.patches)} patches from ${plan.systemOfRecord}`,
    formatForecastAgainstFact(plan),
    plan.heldBecause.join(' '),
  ]);
  return ['  open plans\n', formatTable(rows, '    ')];
}

function formatRuns({ lastRuns }: TenantStatus): readonly string[] {
  if (lastRuns.length === 0) return ['  no runs yet\n'];
  const rows = lastRuns.map((run) => [formatInstant(run.startedAt), run.kind, run.state, run.message ?? '']);
  return ['  last runs\n', formatTable(rows, '    ')];
}

function formatQueues(queues: QueueCounts): string {
  const rows = Object.entries(queues).map(([name, counts]) => [name, formatCounts(counts)]);
  return rows.length === 0 ? '' : `\nqueues\n${formatTable(rows, '  ')}`;
}
