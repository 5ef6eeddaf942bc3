/**
 * Finds the mapped columns in a header: which LiveVox field is read from which position. Every problem is reported at
 * once, a missing column with the nearest existing one. A name is suggested only when it is really near, because the
 * first line of a file without a header is somebody's data.
 */
import { closest, distance } from 'fastest-levenshtein';
import type { FieldMapping } from '../config.ts';
import { type ContactField, contactFields, findField } from '../contact/index.ts';
import { ConfigError } from '../errors.ts';

export type MappedColumn = {
  readonly field: ContactField;
  /** The column's name in the mapping. */
  readonly column: string;
  /** Zero-based position in the row. */
  readonly index: number;
};

/**
 * The columns of `mapping` in `header`. `place` names the file or query in messages.
 * @throws ConfigError when a column is missing or repeats, a field is unknown or read-only, or `account` is not mapped.
 */
export function resolveColumns(
  mapping: FieldMapping,
  header: readonly string[],
  place: string,
): readonly MappedColumn[] {
  const names = header.map(toName);
  const problems: string[] = [];
  if (mapping.account === undefined)
    problems.push(`The mapping of ${place} has no "account": map it to the key column.`);
  const columns = Object.entries(mapping).flatMap(([fieldName, column]) => {
    const field = findField(fieldName);
    const problem = findFieldProblem(fieldName, field, place) ?? findColumnProblem(fieldName, column, names, place);
    if (problem !== undefined) problems.push(problem);
    return field === undefined ? [] : [{ field, column, index: names.indexOf(toName(column)) }];
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return columns;
}

function toName(column: string): string {
  return column.normalize('NFC').trim();
}

function findFieldProblem(name: string, field: ContactField | undefined, place: string): string | undefined {
  if (field === undefined) {
    const hint = suggest(
      name,
      contactFields.map((known) => known.name),
    );
    return `The mapping of ${place} names "${name}", which is no LiveVox field${hint}.`;
  }
  return field.writable
    ? undefined
    : `The mapping of ${place} names "${name}", which LiveVox lets nobody write; remove it.`;
}

function findColumnProblem(
  fieldName: string,
  column: string,
  names: readonly string[],
  place: string,
): string | undefined {
  const found = names.filter((name) => name === toName(column)).length;
  if (found === 1) return undefined;
  if (found > 1)
    return `The column "${column}", mapped to ${fieldName}, stands ${found} times in ${place}; rename all but one.`;
  return `The column "${column}", mapped to ${fieldName}, is missing in ${place}${suggest(column, names)}.`;
}

/** Names the nearest known name, or nothing when none is near: at most half of the letters differ. */
export function suggest(name: string, names: readonly string[]): string {
  const lowerCase = new Map(names.filter((known) => known !== '').map((known) => [known.toLowerCase(), known]));
  if (lowerCase.size === 0) return '';
  const near = closest(name.toLowerCase(), [...lowerCase.keys()]);
  const isNear = distance(name.toLowerCase(), near) <= Math.max(name.length, near.length) / 2;
  return isNear ? `; the nearest is "${lowerCase.get(near)}"` : '';
}
