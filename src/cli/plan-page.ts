/**
 * A plan as one HTML page for a reviewer without our tools: it asks nothing of any network (its policy forbids it), runs no script but its own
 * filter, and everything from outside is escaped. Rows stand in the page itself, so that it reads and prints without its script.
 */
import { createHash } from 'node:crypto';
import type { ChangedField, PlanHead, PlanTotals } from '../store/index.ts';
import { pageScript, pageStyle } from './plan-page-assets.ts';
import type { PlanListing } from './plan-rows.ts';
import { formatCount, formatInstant, formatValue, formatVisible } from './print.ts';

/** Most rows of one page: more than this, browsers find hard. */
export const maxPageRows = 100_000;

const columns = ['account', 'operation', 'state', 'risk', 'hazards', 'field', 'from', 'to'] as const;

/** The texts of the page, a batch at a time. */
export async function* writePage(listing: PlanListing): AsyncGenerator<string> {
  yield toHead(listing);
  yield `${toWhole(await listing.selectWhole())}${toFilters()}`;
  yield `<table><thead><tr>${columns.map((column) => `<th>${column}</th>`).join('')}</tr></thead><tbody>\n`;
  for await (const batch of listing.rows) yield batch.map(toRow).join('');
  yield `</tbody></table>\n<script>${pageScript}</script>\n</body></html>\n`;
}

function toHead(listing: PlanListing): string {
  const { plan } = listing;
  const title = `Plan ${plan.id} of tenant ${plan.tenant}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${toPolicy()}">
<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${pageStyle}</style></head><body>
<h1>${escapeHtml(title)}</h1>
<dl>${toFacts(listing)
    .map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`)
    .join('')}</dl>
${toHolds(plan)}`;
}

/** Nothing may be loaded, and nothing may run but the script and style whose hashes these are. */
function toPolicy(): string {
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return `default-src 'none'; script-src ${hash(pageScript)}; style-src ${hash(pageStyle)}; base-uri 'none'; form-action 'none'`;
}

function toFacts({ plan, isMasked, totals, listed, isRiskiest }: PlanListing): readonly (readonly [string, string])[] {
  const instant = (at: Date | null): string => (at === null ? 'none' : formatInstant(at));
  const rows = `${formatCount(listed)} of ${formatCount(totals.changedFields)} changed fields`;
  return [
    ['state', plan.state],
    ['system of record', plan.systemOfRecord],
    ['made', instant(plan.createdAt)],
    ['expires', instant(plan.expiresAt)],
    ['seal', plan.seal ?? 'none'],
    ['patches', `${formatCount(totals.patches)} on ${formatCount(totals.contacts)} contacts`],
    ['rows', isRiskiest ? `${rows}: the riskiest; the other exports hold all` : rows],
    ['personal data', isMasked ? 'masked' : 'shown whole'],
    ...plan.approvals.map(
      ({ by, reason, at }) => ['approved', `${formatVisible(by)}, ${at}: ${formatVisible(reason)}`] as const,
    ),
  ];
}

function toHolds({ holds }: PlanHead): string {
  if (holds.length === 0) return '';
  const items = holds.map(
    ({ sentence, approvers }) => `<li>${escapeHtml(`${sentence} Approvals needed: ${approvers}.`)}</li>`,
  );
  return `<h2>Held</h2><ul>${items.join('')}</ul>\n`;
}

/** Counts of the whole plan, that the reviewer sees what a filter or a limit has left out. */
function toWhole({ operations, fields, hazards }: PlanTotals): string {
  const lists = [
    ['Patches of the whole plan', operations.map((one) => [one.operation, one.endpoint ?? 'no request', one.patches])],
    ['Contacts by field', fields.map((one) => [one.field, one.contacts])],
    ['Contacts by hazard', hazards.map((one) => [one.hazard, one.contacts])],
  ] as const;
  return lists.map(([title, rows]) => toList(title, rows)).join('');
}

function toList(title: string, rows: readonly (readonly (string | number)[])[]): string {
  if (rows.length === 0) return '';
  const toText = (cell: string | number): string => (typeof cell === 'number' ? formatCount(cell) : cell);
  const items = rows.map((cells) => `<li>${escapeHtml(cells.map(toText).join(' · '))}</li>`);
  return `<details open><summary>${escapeHtml(title)}</summary><ul>${items.join('')}</ul></details>\n`;
}

/** Filled and read by the script; hidden until it runs. */
function toFilters(): string {
  return `<form id="filters" hidden>
<label>text <input id="text" type="search"></label>
<label>operation <select id="operation"><option value="">all</option></select></label>
<label>field <select id="field"><option value="">all</option></select></label>
<label>risk from <input id="risk" type="number" min="0" max="100" value="0"></label>
<output id="shown"></output></form>
`;
}

function toRow(row: ChangedField): string {
  const { account, operation, state, risk, hazards, field, from, to } = row;
  const cells = [
    formatVisible(account),
    operation,
    state,
    String(risk),
    hazards.join(' '),
    field,
    formatValue(from),
    formatValue(to),
  ];
  return `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>\n`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => entities[char] ?? '');
}
