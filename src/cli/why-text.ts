/** The answer of `lvsync why` as text. */
import { formatCount, formatInstant, formatTable, formatValue, formatVisible } from './print.ts';
import type { WhyAnswer } from './why-answer.ts';

/** The answer first, then what it rests on. */
export function formatWhy(answer: WhyAnswer): string {
  const { account, tenant, systemOfRecord, masked, fields } = answer;
  const masking = masked && fields.length > 0 ? '  personal data is masked, --unmask shows it\n' : '';
  return [
    `contact ${formatVisible(account)} of tenant ${tenant}, system of record ${systemOfRecord}\n`,
    `${formatVisible(answer.answer)}\n`,
    formatTable([
      ['LiveVox', formatMirror(answer)],
      [systemOfRecord, formatReading(answer)],
    ]),
    formatSection('rows that could not be used', answer.quarantined.map(toQuarantinedCells)),
    formatSection('fields', fields.length === 0 ? [] : [fieldHeads, ...fields.map(toFieldCells)]),
    masking,
    formatSection('the last plans', answer.plans.flatMap(toPlanCells)),
  ].join('');
}

function formatSection(title: string, rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? '' : `${title}\n${formatTable(rows, '  ')}`;
}

function formatMirror({ mirror }: WhyAnswer): string {
  if (mirror === null) return 'the mirror does not have it';
  if (mirror.tombstonedAt !== null) return `no longer shows it: marked as gone ${toSecond(mirror.tombstonedAt)}`;
  const changed = mirror.modifyDate === null ? 'at an unknown time' : toSecond(mirror.modifyDate);
  return `id ${mirror.lvAccountId ?? 'unknown'}, changed there ${changed}, read ${toSecond(mirror.mergedAt)}`;
}

function formatReading({ reading }: WhyAnswer): string {
  if (reading === null) return 'no reading is kept';
  const { contact, label, rows, readAt } = reading;
  const which = `${formatVisible(label ?? 'unknown')}, ${formatCount(rows ?? 0)} rows, read ${readAt === null ? 'at an unknown time' : toSecond(readAt)}`;
  if (contact === null) return `does not have it (${which})`;
  const only = contact.restrictsOnly ? ', of which only blocks and withdrawn consents count' : '';
  return `row ${contact.line ?? '?'}${only} (${which})`;
}

function toQuarantinedCells({ at, origin, file, line, reason }: WhyAnswer['quarantined'][number]): readonly string[] {
  return [formatInstant(at), origin, `${formatVisible(file)}:${line ?? '?'}`, formatVisible(reason)];
}

const fieldHeads = ['field', 'owner', 'LiveVox', 'system of record', 'why'];

function toFieldCells({ field, owner, mirror, desired, because }: WhyAnswer['fields'][number]): readonly string[] {
  return [field, owner, formatValue(mirror), formatValue(desired), formatVisible(because)];
}

function toPlanCells({ id, state, createdAt, patches }: WhyAnswer['plans'][number]): readonly (readonly string[])[] {
  const head = [formatInstant(createdAt), id, state];
  if (patches.length === 0) return [[...head, 'changes nothing on it']];
  return patches.map((patch) => {
    const fields = Object.keys(patch.changes).join(' ');
    const hazards = patch.hazards.length === 0 ? '' : ` (${patch.hazards.join(' ')})`;
    const left = patch.leftOutBecause === null ? '' : `: ${formatVisible(patch.leftOutBecause)}`;
    return [...head, `${patch.operation} ${patch.state}, risk ${patch.risk}${hazards}: ${fields}${left}`];
  });
}

function toSecond(iso: string): string {
  return formatInstant(new Date(iso));
}
