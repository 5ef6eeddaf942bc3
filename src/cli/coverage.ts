/** `lvsync coverage`: which time has been pulled, which is missing, and which downloads of late were not merged. */
import { chooseTenant } from '../config.ts';
import { type CoverageReport, selectCoverageReport } from '../store/index.ts';
import { exitCodes } from './exit-code.ts';
import { type CommonOptions, printAnswer } from './make-command.ts';
import { formatCount, formatInstant, formatTable, formatVisible } from './print.ts';
import type { CommandShell } from './shell.ts';
import { withWorkplace } from './with-workplace.ts';

export type CoverageOptions = CommonOptions & { readonly all?: boolean };

export async function coverage(shell: CommandShell, options: CoverageOptions): Promise<void> {
  const reports = await withWorkplace(shell, options, {}, async ({ store }, config) => {
    const asked = options.tenant === undefined ? config.tenants : [chooseTenant(config, options.tenant)];
    const found: CoverageReport[] = [];
    for (const { name } of asked) found.push(await selectCoverageReport(store.pool, name, options.all === true));
    return found;
  });
  await printAnswer(shell, options, { tenants: reports }, reports.map(formatCoverageReport).join('\n'));
  shell.end(exitCodes.proven);
}

/** The coverage of a tenant as text. */
function formatCoverageReport(report: CoverageReport): string {
  const { tenant, watermark, intervals, gaps } = report;
  return [
    `tenant ${tenant}\n`,
    `  watermark  ${watermark === null ? 'none: no gapless coverage since the beginning yet' : formatInstant(watermark)}\n`,
    ...formatSection('pulled', intervals.map(formatInterval)),
    ...formatSection('gaps', gaps.map(formatInterval)),
    ...formatMerges(report),
    ...formatUnmerged(report),
  ].join('');
}

function formatSection(title: string, rows: readonly (readonly string[])[]): readonly string[] {
  return rows.length === 0 ? [`  ${title}: none\n`] : [`  ${title}\n`, formatTable(rows, '    ')];
}

function formatInterval({ startsAt, endsAt }: { readonly startsAt: Date; readonly endsAt: Date }): readonly string[] {
  return [formatStart(startsAt), '…', formatInstant(endsAt)];
}

function formatStart(startsAt: Date): string {
  return startsAt.getTime() === 0 ? 'the beginning' : formatInstant(startsAt);
}

function formatMerges({ merges }: CoverageReport): readonly string[] {
  if (merges === undefined) return [];
  const rows = merges.map((merge) => [
    ...formatInterval(merge),
    `clock ${formatInstant(merge.serverNow)}`,
    `overlap ${formatCount(merge.overlapMs / 1000)} s`,
    `${formatCount(merge.rows)} rows`,
    `${formatCount(merge.bytes)} bytes`,
    merge.sha256.slice(0, 12),
    `run ${merge.runId}`,
  ]);
  return formatSection('merges', rows);
}

function formatUnmerged({ unmerged }: CoverageReport): readonly string[] {
  if (unmerged.length === 0) return [];
  const rows = unmerged.map(({ askedAt, state, reason, startsAt, endsAt, message }) => [
    formatInstant(askedAt),
    state,
    reason,
    startsAt === null || endsAt === null ? '' : formatInterval({ startsAt, endsAt }).join(' '),
    formatVisible(message ?? ''),
  ]);
  return formatSection('not merged, of the last 7 days', rows);
}
