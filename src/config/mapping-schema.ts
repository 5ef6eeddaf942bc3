/**
 * The mapping of a system of record in the shape of `lvsync.config.ts`: LiveVox field → column, function, constant, and what is done with
 * the value. Everything that can be told wrong without asking LiveVox or opening the source is told here, all of it at once; labels of
 * custom fields, names of groups and logins of agents are looked up when the source is opened.
 */
import { z } from 'zod';
import { contactFields, findField, isBlockOrConsent, owners } from '../contact/index.ts';
import type { CellFunction, FieldMapping, FieldRule } from './config.ts';
import { formatNearest } from './nearest.ts';
import { strict } from './strict-object.ts';

type Issue = (path: readonly string[], message: string) => void;
type Context = { readonly addIssue: (issue: { code: 'custom'; path: string[]; message: string }) => void };

const writableNames = contactFields.filter((field) => field.writable).map((field) => field.name);

/** What `lookup` finds, and the field it is for. */
const lookupFields = { 'contact-group': 'groupId', agent: 'agentId' } as const;

/** Checks that have more to say of an object in which something else is wrong already; what they are given may then be of any kind. */
export const evenIfBroken = { when: ({ value }: { readonly value: unknown }): boolean => isObject(value) };

const column = z.string().min(1);
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const rule = strict({
  column: column
    .optional()
    .describe('The column that the field is read from; a plain text instead of a rule says just this.'),
  columns: z
    .array(column)
    .min(1)
    .optional()
    .describe('The columns that the function in value is given, by name; only with value.'),
  value: z
    .custom<CellFunction>(
      (given) => typeof given === 'function',
      'must be a function; only a configuration in TypeScript or JavaScript can hold one.',
    )
    .optional()
    .describe('A function from the cells of those columns to the value; what it throws costs the row.'),
  constant: scalar.optional().describe('The same value for every contact; null for none.'),
  values: z
    .record(z.string(), scalar)
    .optional()
    .describe('What each text of the source stands for, letter by letter; null for no value.'),
  otherwise: z
    .enum(['keep', 'quarantine'])
    .optional()
    .describe(
      'What becomes of a text that values does not name: kept as it is, or its row is quarantined, which is the default.',
    ),
  lookup: z
    .enum(['contact-group', 'agent'])
    .optional()
    .describe('The value is the name of a contact group, or the login of an agent, and becomes its id.'),
  owner: z
    .enum(owners)
    .optional()
    .describe(
      'Whose value counts; most-restrictive for blocks and consents where nothing is said, record for all others.',
    ),
}).superRefine((value, context) => checkRule(value, toIssue(context)), evenIfBroken);

/** A mapping; optional, because `lvsync map` drafts one. */
export const mapping = z
  .record(
    z.string(),
    z.union([column, rule], { error: "must be the name of a column, or a rule such as { column: 'name' }." }),
  )
  .superRefine((value, context) => checkFields(value, toIssue(context)), evenIfBroken)
  .optional()
  .describe(
    'LiveVox field to column of the system of record, or to a rule; account is mandatory, read-only fields are refused.',
  );

type SourceLike = {
  readonly mapping?: FieldMapping | undefined;
  readonly header?: unknown;
  readonly changedAt?: string | undefined;
  readonly complete: boolean;
  readonly onAbsence: 'nothing' | 'deactivate' | 'delete';
};

/** What a mapping and the keys beside it say of one another: a step of the schema of every kind of source. */
export function checkSource(source: SourceLike, context: Context): void {
  const issue = toIssue(context);
  if (source.onAbsence !== 'nothing' && !source.complete)
    issue(['onAbsence'], 'needs complete: true, because only then a contact that is missing is gone.');
  const { changedAt, header } = source;
  if (header === false && changedAt !== undefined) checkNumber(changedAt, ['changedAt'], issue);
  for (const [name, given] of Object.entries(isObject(source.mapping) ? source.mapping : {})) {
    const { owner, column: one, columns = [] } = toRule(given);
    if (owner === 'newest' && changedAt === undefined)
      issue(['mapping', name, 'owner'], 'newest needs changedAt: the column that says when a row was last changed.');
    if (header !== false) continue;
    for (const each of one === undefined ? [columns].flat() : [one]) checkNumber(each, ['mapping', name], issue);
  }
}

function checkNumber(name: string, path: readonly string[], issue: Issue): void {
  if (!/^[1-9]\d*$/.test(name)) issue(path, 'must be the number of a column, from 1, because header is false.');
}

function checkFields(value: Readonly<Record<string, unknown>>, issue: Issue): void {
  for (const [name, given] of Object.entries(value)) {
    const problem = findNameProblem(name);
    if (problem === undefined) checkRuleOfField(name, toRule(given), issue);
    else issue([name], problem);
  }
  if (value['account'] === undefined) issue([], 'account must be mapped: it is the key of a contact.');
}

/** What is wrong with the name of a field; undefined when nothing is. */
function findNameProblem(name: string): string | undefined {
  if (name.startsWith('custom:'))
    return name.slice('custom:'.length).trim() === '' ? 'needs a label behind custom:.' : undefined;
  const field = findField(name);
  if (field?.writable === true) return undefined;
  if (field !== undefined) return 'LiveVox fills this field itself; it cannot be written.';
  if (/^phone\d+(?:\D|$)/.test(name) && !/^phone(?:[1-9]|10)(?!\d)/.test(name))
    return 'a contact has the phones 1 to 10 in LiveVox.';
  if (/^COL\d+$/i.test(name) && !name.startsWith('COL'))
    return `LiveVox has no such field; did you mean ${name.toUpperCase()}?`;
  if (/^COL\d+$/.test(name)) return 'the custom fields are COL1 to COL100.';
  if (name === 'country')
    return 'LiveVox shows only a number of the country (countryId), so that it can be neither compared nor read back; it cannot be mapped.';
  return `LiveVox has no such field${formatNearest(name, writableNames)}`;
}

/** What does not go with this field. */
function checkRuleOfField(name: string, { owner, lookup, constant }: FieldRule, issue: Issue): void {
  if (name === 'account') {
    if (owner !== undefined) issue([name, 'owner'], 'account is the key of a contact; nobody owns it.');
    if (constant !== undefined) issue([name, 'constant'], 'account is the key of a contact; it needs a column.');
  }
  const field = findField(name);
  const isRestricting = field !== undefined && (isBlockOrConsent(field) || name === 'active');
  if (owner === 'most-restrictive' && !isRestricting)
    issue([name, 'owner'], 'most-restrictive is for blocks, consents and active only.');
  if (lookup !== undefined && Object.hasOwn(lookupFields, lookup) && name !== lookupFields[lookup])
    issue([name, 'lookup'], `${lookup} gives an id for ${lookupFields[lookup]} only.`);
}

/** Which of the keys of a rule go together. */
function checkRule(given: FieldRule, issue: Issue): void {
  const { columns, value, constant, values, otherwise, lookup } = given;
  const isComputed = columns !== undefined || value !== undefined;
  const origins = [given.column !== undefined, isComputed, constant !== undefined].filter(Boolean).length;
  if (origins !== 1) issue([], 'needs one of column, columns with value, and constant.');
  if (isComputed && columns === undefined) issue(['columns'], 'must name the columns that value is given.');
  if (isComputed && value === undefined)
    issue(['value'], 'must be the function of those columns; a single column is given as column.');
  if (constant !== undefined && (values !== undefined || lookup !== undefined))
    issue(['constant'], 'is the value itself; values and lookup do not go with it.');
  if (otherwise !== undefined && values === undefined)
    issue(['otherwise'], 'says what becomes of a text that values does not name; there is no values.');
  checkTexts(values, issue);
}

/** Two texts that are one when trimmed could not be told apart. */
function checkTexts(values: FieldRule['values'], issue: Issue): void {
  const texts = Object.keys(isObject(values) ? values : {});
  for (const text of texts.filter((one) => one !== one.trim()))
    issue(['values'], `${JSON.stringify(text)} has spaces around it; texts are compared without.`);
}

/** A rule, whatever was written; of what is no rule, nothing. */
function toRule(given: unknown): FieldRule {
  if (typeof given === 'string') return { column: given };
  return isObject(given) ? (given as FieldRule) : {};
}

function toIssue(context: Context): Issue {
  return (path, message) => context.addIssue({ code: 'custom', path: [...path], message });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
