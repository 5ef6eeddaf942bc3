/**
 * What a plan comes to, for the person who decides on it: counts per operation and field, hazards, the riskiest rows first, what holds it, what it
 * will take, and the command that comes next. The counts are whole and add up; of the rows there are the first few.
 */
import {
  type ChangedField,
  type PlanHead,
  type PlanTotals,
  type Store,
  selectPatches,
  selectPlanHead,
  selectPlanTotals,
  toChangedFields,
} from '../store/index.ts';
import { maskRow } from './plan-rows.ts';
import { formatCount, formatInstant, formatMany, formatTable, formatValue, formatVisible } from './print.ts';

export type PlanSummary = PlanHead &
  PlanTotals & {
    /** Whether `riskiest` hides personal data. */
    readonly masked: boolean;
    /** The changed fields of the riskiest patches. */
    readonly riskiest: readonly ChangedField[];
    /** Patches in `riskiest`. */
    readonly riskiestPatches: number;
    /** The command that comes next; undefined when nothing is to be done. */
    readonly next: string | undefined;
  };

const riskiestPatches = 10;
/** Fields of one patch that the text lists. */
const listedFields = 6;

/** Reads what there is to say of a plan. */
export async function selectPlanSummary(store: Store, changeSetId: string, isMasked: boolean): Promise<PlanSummary> {
  const head = await selectPlanHead(store.pool, changeSetId);
  const totals = await selectPlanTotals(store.pool, changeSetId);
  const patches = [];
  for await (const batch of selectPatches(store, { changeSetId, order: 'risk', limit: riskiestPatches }))
    patches.push(...batch);
  const rows = patches.flatMap(toChangedFields);
  const riskiest = isMasked ? rows.map(maskRow) : rows;
  const next = toNext(head, totals);
  return { ...head, ...totals, masked: isMasked, riskiest, riskiestPatches: patches.length, next };
}

/** What to do with the plan as it stands. */
function toNext({ id, state }: PlanHead, { patches }: PlanTotals): string | undefined {
  if (state === 'held') return `lvsync approve ${id} --by NAME --reason TEXT`;
  if (state === 'approved' || (state === 'planned' && patches > 0)) return `lvsync apply ${id}`;
  return undefined;
}

/** The summary as text; empty for a plan that changes nothing and that nothing holds. */
export function formatPlanSummary(plan: PlanSummary): string {
  if (plan.patches === 0 && plan.holds.length === 0) return '';
  return [
    plan.reverts === null ? '' : `takes back what plan ${plan.reverts} changed\n`,
    `what it would change: ${formatPatches(plan.patches)} on ${formatContacts(plan.contacts)}, ${formatMany(plan.changedFields, 'changed field')}\n`,
    formatTable(plan.operations.map(toOperationCells), '  '),
    formatSection('fields', plan.fields.map(toFieldCells)),
    formatSection(
      'hazards',
      plan.hazards.map(({ hazard, contacts }) => [hazard, formatContacts(contacts)]),
    ),
    formatRiskiest(plan),
    formatForecast(plan),
    formatHolds(plan),
    formatNext(plan),
  ].join('');
}

function formatPatches(count: number): string {
  return formatMany(count, 'patch', 'patches');
}

function formatContacts(count: number): string {
  return formatMany(count, 'contact');
}

function formatSection(title: string, rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? '' : `${title}\n${formatTable(rows, '  ')}`;
}

function toOperationCells({ operation, endpoint, patches, contacts }: PlanTotals['operations'][number]): string[] {
  const via = endpoint === null ? 'no request can carry it' : `by ${endpoint}`;
  return [operation, via, formatPatches(patches), formatContacts(contacts)];
}

function toFieldCells({ field, contacts, changes, notExpressible }: PlanTotals['fields'][number]): string[] {
  const steps = changes > contacts ? `in ${formatCount(changes)} steps` : '';
  const left = notExpressible > 0 ? `and ${formatCount(notExpressible)} that no request can carry` : '';
  return [field, formatContacts(contacts), [steps, left].filter((text) => text !== '').join(' ')];
}

function formatRiskiest({ riskiest, riskiestPatches: shown, patches, masked }: PlanSummary): string {
  if (riskiest.length === 0) return '';
  const masking = masked ? '; personal data is masked' : '';
  const title = `the riskiest: ${formatCount(shown)} of ${formatPatches(patches)}${masking}`;
  const heads = ['risk', 'account', 'operation', 'hazards', 'field', 'from → to'];
  return formatSection(title, [heads, ...groupByPatch(riskiest).flatMap(toPatchLines)]);
}

/** Rows of one patch follow one another. */
function groupByPatch(rows: readonly ChangedField[]): readonly (readonly ChangedField[])[] {
  const groups: ChangedField[][] = [];
  for (const row of rows) {
    const last = groups.at(-1);
    if (last?.[0]?.account === row.account && last[0].operation === row.operation) last.push(row);
    else groups.push([row]);
  }
  return groups;
}

/** A create may have dozens of fields, and the next patch is worth more than the last of them. */
function toPatchLines(rows: readonly ChangedField[]): readonly (readonly string[])[] {
  const lines = rows
    .slice(0, listedFields)
    .map(({ risk, account, operation, hazards, field, from, to }) => [
      String(risk),
      formatVisible(account),
      operation,
      hazards.join(' ') || '-',
      field,
      `${formatValue(from)} → ${formatValue(to)}`,
    ]);
  const more = rows.length - lines.length;
  return more === 0 ? lines : [...lines, ['', '', '', '', `and ${formatMany(more, 'more field', 'more fields')}`]];
}

function formatForecast({ forecast }: PlanSummary): string {
  if (forecast === null || forecast.calls === 0) return '';
  const rows = forecast.endpoints.map(({ endpoint, calls, rows: contacts, minutes, basis }) => [
    endpoint,
    formatMany(calls, 'call'),
    formatMany(contacts, 'row'),
    minutes === null ? 'time unknown: no limit, and nothing measured yet' : `${sayMinutes(minutes)}, ${bases[basis]}`,
  ]);
  const time = forecast.minutes === null ? 'how long is not known' : sayMinutes(forecast.minutes);
  return `it takes ${formatMany(forecast.calls, 'call')}, ${time}, besides the pulls that read back\n${formatTable(rows, '  ')}`;
}

const bases = {
  limit: 'by the configured limit',
  learnt_limit: 'by the limit that LiveVox has taught',
  measured: 'by what earlier calls took',
  unknown: '',
} as const;

function sayMinutes(minutes: number): string {
  return minutes < 1 ? 'less than a minute' : `about ${formatCount(Math.round(minutes))} min`;
}

/** What holds a plan, and who let it through; empty when nothing does. */
export function formatHolds({ holds, approvals, seal, expiresAt }: PlanHead): string {
  return [
    ...holds.map(({ sentence }) => `held: ${formatVisible(sentence)}\n`),
    ...approvals.map(({ by, reason, at }) => `approved by ${formatVisible(by)}, ${at}: ${formatVisible(reason)}\n`),
    seal === null ? '' : `seal ${seal}${expiresAt === null ? '' : `, expires ${formatInstant(expiresAt)}`}\n`,
  ].join('');
}

function formatNext({ next, id, state, holds }: PlanSummary): string {
  if (next === undefined) return '';
  const approvers = Math.max(1, ...holds.map((hold) => hold.approvers));
  const people = state === 'held' && approvers > 1 ? `  (${approvers} different people)` : '';
  return `look:  lvsync show ${id} --out plan.html\nnext:  ${next}${people}\n`;
}
