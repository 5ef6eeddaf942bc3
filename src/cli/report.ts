/**
 * What a run came to, for a person and for a program: its report, the rows it could not use, the differences that no request
 * can carry. Everything but the report itself is cut off after a few rows; the counts are whole.
 */
import type { RunReport } from '../pipeline.ts';
import {
  type ChangedField,
  type QuarantinedSummary,
  type Store,
  selectPatches,
  selectQuarantined,
  toChangedFields,
} from '../store/index.ts';
import { formatCount, formatCounts, formatTable, formatValue, formatVisible } from './print.ts';

export type RunAnswer = RunReport & {
  /** Rows that could not be used, with the reasons. */
  readonly quarantined: QuarantinedSummary;
  /** Differences that no request can carry; the first of them. */
  readonly notExpressible: readonly ChangedField[];
};

const listedRows = 20;

/** Adds to a report what the database knows besides. */
export async function toRunAnswer(store: Store, report: RunReport): Promise<RunAnswer> {
  const quarantined = await selectQuarantined(store.pool, report.runId, listedRows);
  const notExpressible = await selectNotExpressible(store, report);
  return { ...report, quarantined, notExpressible };
}

async function selectNotExpressible(store: Store, report: RunReport): Promise<readonly ChangedField[]> {
  if (report.changeSetId === undefined || (report.tally?.notExpressible ?? 0) === 0) return [];
  for await (const patches of selectPatches(store, { changeSetId: report.changeSetId, operation: 'not_expressible' })) {
    return patches.slice(0, listedRows).flatMap(toChangedFields);
  }
  return [];
}

/** The lines a person reads at the end of a run. */
export function formatRunAnswer(answer: RunAnswer): string {
  const { quarantined } = answer;
  return `${formatSteps(answer)}${formatQuarantined(quarantined)}${formatNotExpressible(answer)}${formatRequests(answer.requests)}${formatEnd(answer)}`;
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

function formatEnd(report: RunReport): string {
  const plan = report.changeSetId === undefined ? '' : `plan ${report.changeSetId}\n`;
  return `run ${report.runId} of tenant ${report.tenant}\n${plan}${report.message}\n`;
}
