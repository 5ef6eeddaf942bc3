/** `lvsync status`: how fresh the mirror is, which time has been pulled, what is open, and how the last runs ended. */
import { type QueueCounts, selectQueueCounts } from '../../jobs/queue-counts.ts';
import { findMissedNight } from '../../jobs/schedule.ts';
import { systemClock } from '../clock.ts';
import { type Config, chooseTenant, type TenantConfig } from '../config.ts';
import {
  type RunDetail,
  type RunProgress,
  type Store,
  selectLastRunStart,
  selectRunDetail,
  selectRuns,
  selectStatus,
  type TenantStatus,
} from '../store/index.ts';
import type { Workplace } from '../wiring.ts';
import { exitCodes } from './exit-code.ts';
import { formatForecastAgainstFact } from './forecast-against-fact.ts';
import { type CommonOptions, printAnswer } from './make-command.ts';
import { formatAge, formatCount, formatCounts, formatInstant, formatTable, type TableLook } from './print.ts';
import { formatProgress } from './run-text.ts';
import type { CommandShell, Shell } from './shell.ts';
import { makeStatePaint } from './state-colour.ts';
import { makeCommandLog, withWorkplace } from './with-workplace.ts';

export type StatusOptions = CommonOptions & {
  /** Again every two seconds until the signal comes. */
  readonly watch?: boolean;
};

export type RunningRun = Pick<RunDetail, 'id' | 'tenant' | 'kind' | 'startedAt' | 'heartbeatAt'> &
  RunProgress & {
    /** null: between two steps. */
    readonly step: { readonly step: string; readonly startedAt: Date } | null;
  };

export type StatusAnswer = {
  readonly at: Date;
  readonly tenants: readonly TenantAnswer[];
  /** Runs under way, and how far they have come. */
  readonly running: readonly RunningRun[];
  /** Queue → state → jobs; empty while no worker or schedule has made a queue. */
  readonly queues: QueueCounts;
};

type TenantAnswer = TenantStatus & {
  /** When a nightly was due that nothing has been run for since. */
  readonly missedNight?: Date | undefined;
};

/** Tenant → its mirror as counted last, and when. */
type Counts = Map<string, { readonly at: number; readonly mirror: TenantStatus['mirror'] }>;

type Look = Pick<Shell, 'columns' | 'hasColour'>;

const watchEveryMs = 2_000;
/** Counting reads the whole mirror. */
const countEveryMs = 60_000;
/** The heartbeat comes every ten seconds. */
const silentAfterMs = 60_000;

export async function status(shell: CommandShell, options: StatusOptions): Promise<void> {
  await withWorkplace(shell, options, {}, async (place, config) => {
    const counts: Counts = new Map();
    const read = (): Promise<StatusAnswer> => readStatus(place, config, options.tenant, counts);
    if (options.watch === true) return watch(shell, read);
    const answer = await read();
    await printAnswer(shell, options, answer, formatStatus(answer, shell));
  });
  shell.end(exitCodes.proven);
}

async function readStatus(
  place: Workplace,
  config: Config,
  tenant: string | undefined,
  counts: Counts,
): Promise<StatusAnswer> {
  const { pool } = place.store;
  const asked = tenant === undefined ? config.tenants : [chooseTenant(config, tenant)];
  const tenants: TenantAnswer[] = [];
  for (const one of asked) tenants.push(await selectTenant(place.store, one, counts));
  const names = asked.map(({ name }) => name);
  const found = await selectRuns(pool, { tenants: names, states: ['running'], limit: names.length * 2 });
  const running: RunningRun[] = [];
  for (const { id } of found) {
    const run = await selectRunDetail(pool, names, id);
    if (run !== undefined) running.push(toRunning(run));
  }
  const queues = await selectQueueCounts(config, place.databaseUrl, makeCommandLog(config));
  return { at: systemClock.now(), tenants, running, queues };
}

async function selectTenant({ pool }: Store, { name, schedule }: TenantConfig, counts: Counts): Promise<TenantAnswer> {
  const lastStart = await selectLastRunStart(pool, name, 'sync');
  const missedNight = findMissedNight(schedule, lastStart ?? null, systemClock.now());
  const now = systemClock.now().getTime();
  const counted = counts.get(name);
  const isFresh = counted !== undefined && now - counted.at < countEveryMs;
  const status = await selectStatus(pool, name, isFresh ? counted.mirror : undefined);
  if (!isFresh) counts.set(name, { at: now, mirror: status.mirror });
  return { ...status, missedNight };
}

/** Until the signal comes, which is how it ends well. In place on a terminal, else one block after the other. */
async function watch(shell: Shell, read: () => Promise<StatusAnswer>): Promise<void> {
  const show = shell.repaint ?? ((text: string): Promise<void> => shell.print(`${text}\n`));
  if (shell.repaint !== undefined) await shell.print('\x1b[2J');
  while (!shell.signal.aborted) {
    const answer = await read();
    await show(
      `${formatInstant(answer.at)}, every ${watchEveryMs / 1000} s until Ctrl-C\n${formatStatus(answer, shell)}`,
    );
    await systemClock.sleep(watchEveryMs, shell.signal).catch(() => {});
  }
}

function toRunning(run: RunDetail): RunningRun {
  const { id, tenant, kind, startedAt, heartbeatAt, steps, downloads, plan } = run;
  const step = steps.find(({ state }) => state === 'running') ?? null;
  return {
    id,
    tenant,
    kind,
    startedAt,
    heartbeatAt,
    step: step === null ? null : { step: step.step, startedAt: step.startedAt },
    downloads,
    chunks: plan?.chunks ?? [],
  };
}

/** The status as text. */
export function formatStatus({ at, tenants, running, queues }: StatusAnswer, shell: Look = {}): string {
  const { columns } = shell;
  const look = { columns, paint: makeStatePaint(shell) };
  const told = tenants.map((tenant) => {
    const own = running.filter((run) => run.tenant === tenant.tenant);
    return formatTenant(tenant, own, at, look);
  });
  return `${told.join('\n')}${formatQueues(queues)}`;
}

function formatTenant(status: TenantAnswer, running: readonly RunningRun[], now: Date, look: TableLook): string {
  return [
    `tenant ${status.tenant}\n`,
    formatTable(
      [['mirror', formatMirror(status, now)], ['coverage', formatCoverage(status)], ...formatMissed(status)],
      '  ',
      look,
    ),
    ...running.map((run) => formatRunning(run, now)),
    ...formatPlans(status, look),
    ...formatRuns(status, look),
  ].join('');
}

/** `now: sync, push for 3 min · chunks 12 of 40 answered`, and when it has shown no life of late, that. */
function formatRunning(run: RunningRun, now: Date): string {
  const { kind, step, startedAt, heartbeatAt } = run;
  const since = formatAge(now.getTime() - (step ?? { startedAt }).startedAt.getTime());
  const silentMs = now.getTime() - heartbeatAt.getTime();
  const silent = silentMs > silentAfterMs ? `no sign of life for ${formatAge(silentMs)}` : '';
  const told = [`${kind}, ${step?.step ?? 'between two steps'} for ${since}`, formatProgress(run), silent];
  return `  now: ${told.filter((part) => part !== '').join(' · ')}\n`;
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

function formatMissed({ missedNight }: TenantAnswer): readonly (readonly string[])[] {
  if (missedNight === undefined) return [];
  return [['missed', `the nightly of ${formatInstant(missedNight)} has not been run; lvsync sync does it now`]];
}

/** A sweep covers everything since LiveVox began to count. */
function formatStart(startsAt: Date): string {
  return startsAt.getTime() === 0 ? 'the beginning' : formatInstant(startsAt);
}

function formatPlans({ openPlans }: TenantStatus, look: TableLook): readonly string[] {
  if (openPlans.length === 0) return ['  no open plans\n'];
  const rows = openPlans.map((plan) => [
    formatInstant(plan.createdAt),
    plan.id,
    plan.state,
    `${formatCount(plan.patches)} patches from ${plan.systemOfRecord}`,
    formatForecastAgainstFact(plan),
    plan.heldBecause.join(' '),
  ]);
  return ['  open plans\n', formatTable(rows, '    ', look)];
}

function formatRuns({ lastRuns }: TenantStatus, look: TableLook): readonly string[] {
  if (lastRuns.length === 0) return ['  no runs yet\n'];
  const rows = lastRuns.map((run) => [formatInstant(run.startedAt), run.kind, run.state, run.message ?? '']);
  return ['  last runs\n', formatTable(rows, '    ', look)];
}

function formatQueues(queues: QueueCounts): string {
  const rows = Object.entries(queues).map(([name, counts]) => [name, formatCounts(counts)]);
  return rows.length === 0 ? '' : `\nqueues\n${formatTable(rows, '  ')}`;
}
