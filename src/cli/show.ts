/**
 * `lvsync show PLAN`: every field that a plan would change, from what to what, and what became of it; on the terminal or in a file. Personal data is
 * masked unless asked for. Streams: a plan of any size is shown in constant memory.
 */
import type { ChangedField } from '../store/index.ts';
import { exitCodes } from './exit-code.ts';
import { assertPlanId, findPlan } from './find-plan.ts';
import { formatForecastAgainstFact } from './forecast-against-fact.ts';
import { type CommonOptions, printAnswer } from './make-command.ts';
import { assertPlanFileName, writePlanFile } from './plan-file.ts';
import { type FilterOptions, toPlanFilter } from './plan-filter.ts';
import { toJsonHead, writeJson } from './plan-json.ts';
import { openPlanListing, type PlanListing } from './plan-rows.ts';
import { formatHolds } from './plan-summary.ts';
import { cutToWidth, formatCount, formatInstant, formatMany, formatValue, formatVisible } from './print.ts';
import type { CommandShell } from './shell.ts';
import { assertUnmaskOptions, recordUnmasking, type UnmaskOptions } from './unmask.ts';
import { withWorkplace } from './with-workplace.ts';

export type ShowOptions = CommonOptions & FilterOptions & UnmaskOptions & { readonly out?: string };

export async function show(shell: CommandShell, planId: string, options: ShowOptions): Promise<void> {
  assertPlanId(planId);
  assertUnmaskOptions(options);
  const filter = toPlanFilter(options);
  const { out, json } = options;
  if (out !== undefined) assertPlanFileName(shell.cwd, out);
  await withWorkplace(shell, options, {}, async ({ store }, config) => {
    const { id, tenant } = await findPlan(store, config, planId, options.tenant);
    const unmasking = { tenant, changeSetId: id, command: 'show', options };
    const isMasked = !(await recordUnmasking(store, options, unmasking));
    const input = { changeSetId: id, filter, isMasked, signal: shell.signal };
    if (out !== undefined) {
      const written = await writePlanFile(store, input, shell.cwd, out);
      await printAnswer(shell, options, { ...toJsonHead(written), out }, formatWritten(out, written));
      return;
    }
    const listing = await openPlanListing(store, input);
    await (json === true ? printJson(shell, listing) : printText(shell, listing, options));
  });
  shell.end(exitCodes.proven);
}

/** What stands in a file now, in one line. */
export function formatWritten(out: string, { listed, totals, isMasked, isRiskiest }: PlanListing): string {
  const masked = isMasked ? ', personal data masked' : ', with personal data';
  const cut = listed < totals.changedFields ? ` of ${formatCount(totals.changedFields)}` : '';
  const which = isRiskiest ? ', the riskiest' : '';
  return `${out}: ${formatCount(listed)}${cut} changed ${listed === 1 ? 'field' : 'fields'} written${which}${masked}.\n`;
}

async function printJson(shell: CommandShell, listing: PlanListing): Promise<void> {
  for await (const text of writeJson(listing)) await shell.print(text);
}

async function printText(shell: CommandShell, listing: PlanListing, { hazard }: ShowOptions): Promise<void> {
  await shell.print(formatHead(listing));
  let widths: readonly number[] | undefined;
  for await (const rows of listing.rows) {
    const lines = rows.map(toCells);
    // The rows to come are not known yet: the first batch decides, and a longer cell moves its own line alone.
    if (widths === undefined) {
      widths = toWidths([heads, ...lines]);
      await shell.print(formatLine(heads, widths, shell.columns));
    }
    for (const line of lines) await shell.print(formatLine(line, widths, shell.columns));
  }
  await shell.print(formatFoot(listing));
  if (listing.listed === 0 && hazard !== undefined) await shell.print(await sayHazards(listing));
}

function formatHead({ plan }: PlanListing): string {
  return `plan ${plan.id} of tenant ${plan.tenant}, ${plan.state}, from ${plan.systemOfRecord}, ${formatInstant(plan.createdAt)}\n${formatHolds(plan)}${formatTimes(plan)}`;
}

function formatTimes(plan: PlanListing['plan']): string {
  const told = formatForecastAgainstFact(plan);
  return told === '' ? '' : `${told}\n`;
}

const heads = ['account', 'operation', 'state', 'risk', 'field', 'hazards', 'from → to'];

function toCells(row: ChangedField): readonly string[] {
  const { account, operation, state, risk, field, hazards, from, to } = row;
  const change = `${formatValue(from)} → ${formatValue(to)}`;
  return [formatVisible(account), operation, state, String(risk), field, hazards.join(' ') || '-', change];
}

function toWidths(lines: readonly (readonly string[])[]): readonly number[] {
  return heads.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
}

/** The last cell is cut where the terminal ends; everything before it stays whole. */
function formatLine(cells: readonly string[], widths: readonly number[], columns: number | undefined): string {
  const change = cells.at(-1) ?? '';
  const before = cells.slice(0, -1);
  const start = before.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  const room = columns === undefined ? Number.POSITIVE_INFINITY : Math.max(20, columns - start.length - 2);
  return `${start}  ${cutToWidth(change, room)}\n`;
}

function formatFoot({ listed, totals, isMasked }: PlanListing): string {
  if (listed === 0) return 'It changes nothing here.\n';
  const cut = listed < totals.changedFields ? `the first ${formatCount(listed)} of ` : '';
  const masked = isMasked ? '; personal data is masked, --unmask shows it' : '';
  const { changedFields, patches, contacts } = totals;
  const of = `${formatMany(changedFields, 'changed field')} of ${formatMany(patches, 'patch', 'patches')}`;
  return `${cut}${of} on ${formatMany(contacts, 'contact')}${masked}\n`;
}

/** A hazard nobody has may be a slip of the pen, and must not read like "nothing to see". */
async function sayHazards({ selectWhole }: PlanListing): Promise<string> {
  const { hazards } = await selectWhole();
  const told = hazards.map(({ hazard, patches }) => `${hazard} ${formatCount(patches)}`).join(', ');
  return `hazards of this plan: ${told === '' ? 'none' : told}\n`;
}
