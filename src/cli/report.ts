/**
 * What a run came to, for a person and for a program: its report, the rows it could not use, the differences that no request
 * can carry, and the plan where nothing of it has been sent yet. Lists of rows are cut off after a few; the counts are whole. Personal data is masked.
 */
import type { RunReport } from '../pipeline.ts';
import {
  type ChangedField,
  type PlanHead,
  type QuarantinedSummary,
  type Store,
  selectPatches,
  selectPlanHead,
  selectQuarantined,
  toChangedFields,
} from '../store/index.ts';
import { formatForecastAgainstFact } from './forecast-against-fact.ts';
import { maskRow } from './plan-rows.ts';
import { formatPlanSummary, type PlanSummary, selectPlanSummary } from './plan-summary.ts';
import { formatCount, formatCounts, formatTable, formatValue, formatVisible } from './print.ts';
import { formatUnproven, selectUnproven, type UnprovenPatch } from './unproven.ts';

export type RunAnswer = RunReport & {
  /** Rows that could not be used, with the reasons. */
  readonly quarantined: QuarantinedSummary;
  /** Differences that no request can carry; the first of them. */
  readonly notExpressible: readonly ChangedField[];
  /** What keeps the run from being proven; the first of it. */
  readonly unproven: readonly UnprovenPatch[];
  /** The plan that the run made, while nothing of it has been sent. */
  readonly plan?: PlanSummary;
  /** Of the plan that the run has pushed: what it was expected to take, and has taken so far. */
  readonly forecast?: PlanHead['forecast'];
  readonly fact?: PlanHead['fact'];
  /** State of the plan that the run has pushed. */
  readonly planState?: PlanHead['state'];
};

export type RunAnswerOptions = {
  /** @default true */
  readonly isMasked?: boolean;
};

const listedRows = 20;

/** Adds to a report what the database knows besides. */
export async function toRunAnswer(
  store: Store,
  report: RunReport,
  { isMasked = true }: RunAnswerOptions = {},
): Promise<RunAnswer> {
  const quarantined = await selectQuarantined(store.pool, report.runId, listedRows);
  const notExpressible = await selectNotExpressible(store, report, isMasked);
  const unproven = await selectUnproven(store, report, listedRows);
  const answer = { ...report, quarantined, notExpressible, unproven };
  if (report.changeSetId === undefined) return answer;
  if (hasSent(report)) {
    const { forecast, fact, state } = await selectPlanHead(store.pool, report.changeSetId);
    return { ...answer, forecast, fact, planState: state };
  }
  return { ...answer, plan: await selectPlanSummary(store, report.changeSetId, isMasked) };
}

/** Whether the run has pushed its plan; a plan that is only made is told in full. */
function hasSent({ steps }: RunReport): boolean {
  return steps.some(({ step, state }) => step === 'push' && state !== 'skipped');
}

async function selectNotExpressible(
  store: Store,
  report: RunReport,
  isMasked: boolean,
): Promise<readonly ChangedField[]> {
  const { changeSetId, tally } = report;
  if (changeSetId === undefined || (tally?.notExpressible ?? 0) === 0) return [];
  const filter = { changeSetId, operation: 'not_expressible', limit: listedRows } as const;
  for await (const patches of selectPatches(store, filter)) {
    const rows = patches.flatMap(toChangedFields);
    return isMasked ? rows.map(maskRow) : rows;
  }
  return [];
}

/** The lines a person reads at the end of a run. */
export function formatRunAnswer(answer: RunAnswer): string {
  const { quarantined, plan } = answer;
  return [
    formatSteps(answer),
    formatQuarantined(quarantined),
    formatNotExpressible(answer),
    plan === undefined ? '' : formatPlanSummary(plan),
    formatRequests(answer.requests),
    formatUnproven(answer.unproven),
    formatTimes(answer),
    formatEnd(answer),
  ].join('');
}

/** A line per step that ran. */
export function formatSteps(report: RunReport): string {
  const ran = report.steps.filter((step) => step.state !== 'skipped');
  return formatTable(ran.map((step) => [step.step, formatCounts(step.counts)]));
}

/** How many for each reason, then the first of them one by one; empty when every row could be used. */
function formatQuarantined({ rows, reasons, first }: QuarantinedSummary): string {
  if (rows === 0) return '';
  const counted = reasons.map((one) => [`${formatCount(one.rows)} ×`, formatVisible(one.reason)]);
  const listed = first.map((row) => [`${formatVisible(row.file)}:${row.line ?? '?'}`, formatVisible(row.reason)]);
  const more = rows > first.length ? '  …\n' : '';
  return [
    `rows that could not be used: ${formatCount(rows)} (raw text in sync.quarantine)\n`,
    formatTable(counted, '  '),
    formatTable(listed, '    '),
    more,
  ].join('');
}

function formatNotExpressible({ notExpressible, tally }: RunAnswer): string {
  if (notExpressible.length === 0) return '';
  const lines = notExpressible.map(({ account, field, from, to }) => [
    formatVisible(account),
    field,
    `${formatValue(from)} → ${formatValue(to)}`,
  ]);
  return `differences that LiveVox cannot express: ${formatCount(tally?.notExpressible ?? 0)}\n${formatTable(lines, '  ')}`;
}

/** What LiveVox was asked, per API method. */
export function formatRequests(requests: RunReport['requests']): string {
  const made = Object.entries(requests).filter(([, count]) => count > 0);
  const told = made.map(([method, count]) => `${method} ${formatCount(count)}`);
  return told.length === 0 ? '' : `requests to LiveVox: ${told.join(' · ')}\n`;
}

function formatTimes({ forecast = null, fact = null, planState = '' }: RunAnswer): string {
  const told = formatForecastAgainstFact({ forecast, fact, state: planState });
  return told === '' ? '' : `${told}\n`;
}

function formatEnd(report: RunReport): string {
  const plan = report.changeSetId === undefined ? '' : `plan ${report.changeSetId}\n`;
  return `run ${report.runId} of tenant ${report.tenant}\n${plan}${report.message}\n`;
}
