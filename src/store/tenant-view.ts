/**
 * The definition of a tenant's own view of its contacts: core columns under their names, custom fields under the client's labels and typed
 * as defined, daily blocks as in force. Pure. Labels are the client's words, so they reach the SQL as quoted identifiers only.
 */
import { createHash } from 'node:crypto';
import pg from 'pg';
import { contactFields } from '../contact/index.ts';
import type { CustomField } from './merge-custom-fields.ts';

export type LabelledField = Pick<CustomField, 'field' | 'label' | 'dataType'>;

export type TenantView = {
  /** Name in the schema `mirror`, unquoted. */
  readonly name: string;
  /** The select that it shows. */
  readonly query: string;
  /** Column → what an analyst reads about it; a core column that is missing here has the words of mirror.contacts. */
  readonly comments: ReadonlyMap<string, string>;
  /** Changes with any of this. */
  readonly sha256: string;
};

/** Postgres cuts longer names off. */
const maxNameBytes = 63;

const coreColumns = contactFields.filter(({ custom }) => !custom).map(({ column }) => column);
const mirrorColumns = ['first_seen_at', 'merged_at', 'tombstoned_at'] as const;

/** Tenant names have hyphens and no underscores, so no two tenants share a view. */
export function toTenantView(tenant: string, definitions: readonly LabelledField[]): TenantView {
  const fields = [...definitions].sort((left, right) => toNumber(left) - toNumber(right));
  const names = toColumnNames(fields);
  const custom = fields.map((field, index) => ({ ...field, name: names[index] ?? field.field }));
  const columns = [
    ...[...coreColumns, ...mirrorColumns].map(toCoreColumn),
    ...custom.map(({ field, dataType, name }) => `${toTyped(field.toLowerCase(), dataType)} as ${quote(name)}`),
  ];
  const query = `select ${columns.join(',\n       ')}
  from mirror.contacts m
  left join mirror.tenants t on t.tenant = m.tenant
 where m.tenant = ${pg.escapeLiteral(tenant)}`;
  const comments = new Map([
    ...coreColumns
      .filter(isDaily)
      .map((column): [string, string] => [
        column,
        "Whether the daily do-not-dial block holds now: only on the client's own day it was read.",
      ]),
    ...custom.map(({ field, label, dataType, name }): [string, string] => [name, toComment(field, label, dataType)]),
  ]);
  const sha256 = createHash('sha256')
    .update(JSON.stringify([query, [...comments]]))
    .digest('hex');
  return { name: `${tenant.replaceAll('-', '_')}_contacts`, query, comments, sha256 };
}

/**
 * The labels as column names, in the order of the fields: without control characters, at most 63 bytes. A label that repeats, or is the name
 * of a core column, is followed by its field (`Score COL3`), in whatever case it is written; an empty one gives way to it.
 */
export function toColumnNames(fields: readonly LabelledField[]): readonly string[] {
  const core = [...coreColumns, ...mirrorColumns];
  const words = fields.map(({ field, label }) => toPlain(label) || field);
  const names = words.map((word) => cut(word, maxNameBytes));
  for (;;) {
    const taken = new Map<string, number>(core.map((name) => [name, 1]));
    for (const name of names) taken.set(name.toLowerCase(), (taken.get(name.toLowerCase()) ?? 0) + 1);
    let isUnique = true;
    for (const [index, { field }] of fields.entries()) {
      const suffixed = `${cut(words[index] ?? '', maxNameBytes - field.length - 1)} ${field}`;
      if (names[index] === suffixed || (taken.get((names[index] ?? '').toLowerCase()) ?? 0) < 2) continue;
      names[index] = suffixed;
      isUnique = false;
    }
    if (isUnique) return names;
  }
}

function toPlain(label: string): string {
  return label
    .toWellFormed()
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
}

/** Whole characters only. */
function cut(text: string, maxBytes: number): string {
  let kept = '';
  for (const character of text) {
    if (Buffer.byteLength(kept + character) > maxBytes) break;
    kept += character;
  }
  return kept.trim();
}

function toCoreColumn(column: string): string {
  if (!isDaily(column)) return `m.${column}`;
  return `m.${column} and mirror.is_daily_in_force(m.merged_at, t.time_zone, now()) as ${column}`;
}

function toTyped(column: string, dataType: string): string {
  switch (dataType) {
    case 'NUMBER':
      return `mirror.to_numeric(m.${column})`;
    case 'DATE':
      return `mirror.to_date(m.${column})`;
    case 'BOOLEAN':
      return `mirror.to_boolean(m.${column})`;
    default:
      return `m.${column}`;
  }
}

function toComment(field: string, label: string, dataType: string): string {
  const typed = dataType === 'STRING' || dataType === 'LIST' ? '' : ' What is none of that type shows as null.';
  return `Custom field ${field}, labelled "${toPlain(label)}", of type ${dataType}.${typed}`;
}

function isDaily(column: string): boolean {
  return column.endsWith('_block_daily');
}

/** COL2 comes before COL10. */
function toNumber({ field }: LabelledField): number {
  return Number(field.replace(/\D/g, ''));
}

function quote(name: string): string {
  return pg.escapeIdentifier(name);
}
