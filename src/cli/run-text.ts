/** A run as a person reads it: how it stands, its steps, sums that can be checked, its plan, what to do next. */
import type { RunDetail, RunProgress } from '../store/index.ts';
import {
  formatAge,
  formatCount,
  formatCounts,
  formatInstant,
  formatMany,
  formatTable,
  formatVisible,
} from './print.ts';
import type { Shell } from './shell.ts';
import { makeStatePaint } from './state-colour.ts';

type Look = Pick<Shell, 'columns' | 'hasColour'>;

export function formatRun(detail: RunDetail, advice: string, now: Date, { columns, hasColour }: Look): string {
  const look = { columns, paint: makeStatePaint({ hasColour }) };
  return [
    formatTable(toHead(detail, now), '', { paint: look.paint }),
    'steps\n',
    formatTable(
      detail.steps.map((step) => toStepCells(step, now)),
      '  ',
      look,
    ),
    formatSection('sums', listSums(detail)),
    formatSection('requests to LiveVox', listRequests(detail)),
    formatSection('chunks of the plan', listChunks(detail)),
    `next: ${advice}\n`,
    `log:  its lines carry "runId":"${detail.id}"; search for that where stderr goes, as in\n`,
    `      docker compose logs worker | grep ${detail.id}\n`,
  ].join('');
}

function formatSection(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

function toHead(detail: RunDetail, now: Date): readonly (readonly string[])[] {
  const { id, tenant, kind, state, startedFrom, startedAt, endedAt, heartbeatAt, message, plan } = detail;
  const ended =
    endedAt === null
      ? `under way; last sign of life ${formatAge(now.getTime() - heartbeatAt.getTime())} ago`
      : `${formatInstant(endedAt)}, after ${formatAge(endedAt.getTime() - startedAt.getTime())}`;
  return [
    ['run', id],
    ['tenant', tenant],
    ['kind', `${kind}, ${startedFrom === 'job' ? 'from the queue' : 'by hand'}`],
    ['state', state],
    ...(message === null ? [] : [['', formatVisible(message)]]),
    ['began', formatInstant(startedAt)],
    ['ended', ended],
    ...(plan === null ? [] : [['plan', `${plan.id}, ${plan.state}`]]),
  ];
}

function toStepCells(step: RunDetail['steps'][number], now: Date): readonly string[] {
  const { ordinal, startedAt, endedAt, counts, message } = step;
  const took = step.state === 'skipped' ? '' : formatAge((endedAt ?? now).getTime() - startedAt.getTime());
  const told = message === null ? formatCounts(counts) : formatVisible(message);
  return [String(ordinal), step.step, step.state, formatInstant(startedAt), took, told];
}

/** Each as `20 rows = 3 added + 17 unchanged`; with `≠` when it does not come out, which is a mistake of ours. */
function listSums({ steps, plan, quarantined }: RunDetail): readonly string[] {
  const rows = steps.flatMap(({ ordinal, step, counts }) => {
    const { rows: whole, added = 0, changed = 0, unchanged = 0, quarantined: aside = 0 } = counts;
    if (typeof whole !== 'number' || (step !== 'pull' && step !== 'replay')) return [];
    return [`step ${ordinal}: ${formatSum(whole, 'rows', { added, changed, unchanged, quarantined: aside })}`];
  });
  const { confirmed, overtaken, notTaken, altered, refused, leftOut, notExpressible, unread, unsent } =
    plan?.tally ?? noTally;
  const parts = { confirmed, overtaken, notTaken, altered, refused, leftOut, notExpressible, unread, unsent };
  return [
    ...rows,
    ...(plan === null ? [] : [`plan: ${formatSum(plan.patches, 'patches', parts)}`]),
    ...(quarantined === 0 ? [] : [`${formatMany(quarantined, 'row')} in sync.quarantine`]),
  ];
}

const noTally = {
  ...{ confirmed: 0, overtaken: 0, notTaken: 0, altered: 0, refused: 0 },
  ...{ leftOut: 0, notExpressible: 0, unread: 0, unsent: 0 },
};

/** Parts that are nothing are left out. */
export function formatSum(
  whole: number,
  what: string,
  parts: Readonly<Record<string, number | string | null>>,
): string {
  const sum = Object.values(parts).reduce((total: number, part) => total + Number(part), 0);
  const told = formatCounts(parts)
    .split(' · ')
    .map((part) => part.replace(/^(.*) ([\d,]+)$/, '$2 $1'))
    .join(' + ');
  return `${formatCount(whole)} ${what} ${sum === whole ? '=' : '≠'} ${told}`;
}

function listRequests({ downloads, plan }: RunDetail): readonly string[] {
  const asked = downloads.map(({ state, downloads: count }) => `${formatCount(count)} ${state}`);
  const total = downloads.reduce((sum, one) => sum + one.downloads, 0);
  const endpoints = [...new Set(plan?.chunks.map(({ endpoint }) => endpoint))];
  return [
    ...(total === 0 ? [] : [`bulk download ${formatCount(total)} (${asked.join(', ')})`]),
    ...endpoints.map((endpoint) => {
      const own = plan?.chunks.filter((one) => one.endpoint === endpoint) ?? [];
      const requests = own.reduce((sum, one) => sum + one.requests, 0);
      return `${endpoint} ${formatCount(requests)}, over all runs of the plan`;
    }),
  ];
}

function listChunks({ plan }: RunDetail): readonly string[] {
  return (plan?.chunks ?? []).map(
    ({ endpoint, state, chunks, contacts }) =>
      `${endpoint} ${state}: ${formatMany(chunks, 'chunk')} with ${formatMany(contacts, 'contact')}`,
  );
}

/** How far a run has come, in one line: `chunks 12 of 40 answered · downloads 1 of 2 merged`. */
export function formatProgress({ downloads, chunks }: RunProgress): string {
  const [asked, merged] = [downloads, downloads.filter(({ state }) => state === 'merged')].map((list) =>
    list.reduce((sum, one) => sum + one.downloads, 0),
  ) as [number, number];
  const whole = chunks.filter(({ state }) => state !== 'split');
  const answered = whole.filter(({ state }) => state === 'accepted' || state === 'refused');
  const [all, done] = [whole, answered].map((list) => list.reduce((sum, one) => sum + one.chunks, 0)) as [
    number,
    number,
  ];
  return [
    ...(all === 0 ? [] : [`chunks ${formatCount(done)} of ${formatCount(all)} answered`]),
    ...(asked === 0 ? [] : [`downloads ${formatCount(merged)} of ${formatCount(asked)} merged`]),
  ].join(' · ');
}
