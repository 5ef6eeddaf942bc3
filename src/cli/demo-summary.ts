/** The summary of a demo: what was different, what was sent, what was refused and why, and what is left. */
import type { RunReport } from '../pipeline.ts';
import type { QuarantinedSummary } from '../store/index.ts';
import type { DemoCounts } from './demo-record.ts';
import { formatCount, formatTable } from './print.ts';
import { formatRequests, formatSteps } from './report.ts';

/** What the demo did, as --json prints it. */
export type DemoReport = {
  readonly contacts: number;
  readonly prepared: DemoCounts;
  readonly sync: RunReport;
  readonly refused: QuarantinedSummary;
  /** The plan made on the state that the sync left. */
  readonly second: RunReport;
  readonly seconds: number;
  readonly sandbox?: { readonly url: string; readonly record: string };
};

export function formatDemo(report: DemoReport): string {
  const { sync, second, refused } = report;
  const left = second.differencesLeft ?? 0;
  const prepared = Object.entries(report.prepared).map(([what, count]) => [what, formatCount(count)]);
  const rows = refused.first.map(({ line, reason }) => [`line ${line ?? '?'}`, reason]);
  return [
    `\nLiveVox had ${formatCount(report.contacts)} contacts; the system of record differed in:\n`,
    formatTable(prepared, '  '),
    '\nThe run, step by step:\n',
    formatSteps(sync),
    `${formatRequests(sync.requests)}\n`,
    `Rows refused (${refused.rows}), kept in sync.quarantine with their raw text:\n`,
    formatTable(rows, '  '),
    `\nPlanned once more on the state it left: ${formatCount(left)} ${left === 1 ? 'difference' : 'differences'}.\n`,
    `${sync.message}, in ${report.seconds} s\n`,
  ].join('');
}
