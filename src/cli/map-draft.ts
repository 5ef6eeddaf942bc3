/**
 * A drafted mapping as a piece of `lvsync.config.ts`. Names of columns come from outside: they are quoted so that they stay text, in the file
 * as on the terminal.
 */
import type { FieldMapping } from '../config.ts';
import type { MappingDraft } from '../open-record.ts';
import { formatVisible } from './print.ts';

/** What of a draft goes into the config. */
export function toFieldMapping({ fields }: Pick<MappingDraft, 'fields'>): FieldMapping {
  const entries = fields.map(({ name, column, lookup }): [string, FieldMapping[string]] => [
    name,
    lookup === undefined ? column : { column, lookup },
  ]);
  return Object.fromEntries(entries);
}

/** The text of a draft. */
export function formatDraft({ label, fields, changedAt, left }: MappingDraft & { readonly label: string }): string {
  const lines = [
    `// Drafted from the columns of ${quote(label)}. Read every line: it decides what is changed in LiveVox.`,
    'mapping: {',
    ...fields.map(formatField),
    '},',
    ...(changedAt === undefined
      ? []
      : [`// changedAt: ${quote(changedAt)}, // check: the row's last change? Needed where newest owns a field.`]),
    ...(left.length === 0 ? [] : [`// Not mapped: ${left.map(quote).join(', ')}`]),
  ];
  return `${lines.join('\n')}\n`;
}

function formatField({ name, column, lookup, doubt }: MappingDraft['fields'][number]): string {
  const value = lookup === undefined ? quote(column) : `{ column: ${quote(column)}, lookup: ${quote(lookup)} }`;
  const comment = doubt === undefined ? '' : ` // check: ${doubt}`;
  return `  ${/^\w+$/.test(name) ? name : quote(name)}: ${value},${comment}`;
}

/** A string of JavaScript, in one line, without a character that would move a terminal's cursor. */
function quote(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${formatVisible(escaped)}'`;
}
