/**
 * The mapping of the config and what is known of the client → fields with all that reading a row needs, compiled once: which LiveVox
 * field, from which columns, by which rule, held against what. All problems are reported at once. Labels of custom fields are compared
 * letter by letter, spaces around them aside.
 */
import type { FieldRule, MappedSourceConfig } from '../config.ts';
import {
  type ContactField,
  customDataTypes,
  findField,
  type Owner,
  toCanonical,
  toDefaultOwner,
} from '../contact/index.ts';
import { ConfigError } from '../errors.ts';
import { compileRule, listColumns, type ReaderMaker } from './compile-rule.ts';
import { type Check, type FieldOptions, type KnownValues, makeCheck, toPlainText } from './known-values.ts';
import { suggest } from './suggest.ts';

export type ResolvedField = {
  /** Its key in the mapping: the field's name, or `custom:` and the label. */
  readonly name: string;
  readonly field: ContactField;
  readonly columns: readonly string[];
  readonly owner: Owner;
  readonly options: FieldOptions;
  /** undefined: the cell of its one column as it is. */
  readonly makeReader?: ReaderMaker | undefined;
  readonly check?: Check | undefined;
};

export type ResolvedMapping = {
  /** `account` among them. */
  readonly fields: readonly ResolvedField[];
  /** When the row was last changed. */
  readonly changedAt?: ResolvedField | undefined;
  /** Is told the names of the source's columns as they become known, by somebody who looks for them. */
  readonly onColumns?: (names: readonly string[]) => void;
};

/** A source as its reader takes it. */
export type Resolved<Source> = Omit<Source, 'mapping'> & { readonly mapping: ResolvedMapping };

type Context = { readonly timeZone: string; readonly known: KnownValues };

const customPrefix = 'custom:';

/** @throws ConfigError when a label is unknown or stands twice, a field is mapped twice or no field, or a constant cannot be one. */
export function resolveMapping(
  { mapping, changedAt }: Pick<MappedSourceConfig, 'mapping' | 'changedAt'>,
  context: Context,
): ResolvedMapping {
  const problems: string[] = [];
  const fields = Object.entries(mapping).flatMap(([name, given]) => {
    const found = findMappedField(name, context.known);
    if (typeof found === 'string') problems.push(found);
    return typeof found === 'string' ? [] : [resolveField(name, found, given, context)];
  });
  problems.push(...findRepeated(fields), ...fields.flatMap(findConstantProblem));
  if (mapping.account === undefined) problems.push('The mapping has no "account": map it to the key column.');
  if (problems.length > 0) throw new ConfigError(problems);
  return { fields, changedAt: changedAt === undefined ? undefined : resolveChangedAt(changedAt, context) };
}

function resolveField(
  name: string,
  field: ContactField,
  given: string | FieldRule,
  { timeZone, known }: Context,
): ResolvedField {
  const rule = typeof given === 'string' ? { column: given } : given;
  const custom = known.customFields.find((one) => one.field === field.name);
  const options = { timeZone, dataType: customDataTypes.find((type) => type === custom?.dataType) };
  return {
    name,
    field,
    columns: listColumns(rule),
    owner: rule.owner ?? toDefaultOwner(field.name),
    options,
    makeReader: compileRule(rule, known),
    check: makeCheck(field, known, options),
  };
}

/** Read as LiveVox's own time of change is. */
function resolveChangedAt(column: string, { timeZone }: Context): ResolvedField {
  return {
    name: 'changedAt',
    field: findField('modifyDate')!,
    columns: [column],
    owner: 'record',
    options: { timeZone },
  };
}

/** The field that a key of the mapping means, or what is wrong with the key. */
function findMappedField(name: string, known: KnownValues): ContactField | string {
  const field = name.startsWith(customPrefix) ? findByLabel(name, known) : findField(name);
  if (typeof field === 'string') return field;
  return field?.writable === true
    ? field
    : `The mapping names "${name}", which is no LiveVox field that can be written.`;
}

function findByLabel(name: string, { customFields }: KnownValues): ContactField | string | undefined {
  const label = toPlainText(name.slice(customPrefix.length));
  const found = customFields.filter((one) => toPlainText(one.label) === label).map((one) => one.field);
  if (found.length === 1) return findField(found[0]!);
  if (found.length > 1)
    return `The mapping names "${name}", but ${found.join(' and ')} have that label; map one of them by its name.`;
  if (customFields.length === 0)
    return `The mapping names "${name}", but the client's custom fields have not been read yet; run lvsync pull first.`;
  const labels = customFields.map((one) => toPlainText(one.label));
  return `The mapping names "${name}", but no custom field of the client has that label${suggest(label, labels)}.`;
}

/** A custom field can be named by its label and by its name. */
function findRepeated(fields: readonly ResolvedField[]): readonly string[] {
  const names = new Set(fields.map(({ field }) => field.name));
  return [...names].flatMap((fieldName) => {
    const keys = fields.filter(({ field }) => field.name === fieldName).map(({ name }) => `"${name}"`);
    return keys.length === 1
      ? []
      : [`The mapping names ${fieldName} more than once, as ${keys.join(' and ')}; keep one.`];
  });
}

/** A constant is the same for every row: better told once than in each of them. */
function findConstantProblem({ name, field, columns, options, makeReader, check }: ResolvedField): readonly string[] {
  if (columns.length > 0 || makeReader === undefined) return [];
  const cell = makeReader([])([]);
  const read =
    typeof cell === 'object' && cell !== null
      ? { ok: false as const, reason: cell.problem }
      : toCanonical(field, cell ?? '', options);
  const reason = read.ok ? check?.(read.value) : read.reason;
  return reason === undefined ? [] : [`The constant that the mapping gives ${name} cannot be used: ${reason}.`];
}
