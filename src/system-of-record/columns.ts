/**
 * Finds the mapped columns in a header: which LiveVox field is read from which positions. Every problem is reported at
 * once, a missing column with the nearest existing one. A name is suggested only when it is really near, because the
 * first line of a file without a header is somebody's data.
 */
import { ConfigError } from '../errors.ts';
import type { Cell } from './cell.ts';
import type { CellReader } from './compile-rule.ts';
import type { ResolvedField, ResolvedMapping } from './resolve-mapping.ts';
import { suggest } from './suggest.ts';

export type MappedColumn = Pick<ResolvedField, 'name' | 'field' | 'columns' | 'options' | 'check'> & {
  /** Zero-based position of its one column in the row; of no use where there is a reader. */
  readonly index: number;
  /** undefined: the cell at `index` as it is. */
  readonly read: CellReader | undefined;
};

type Input = { readonly column: string; readonly index: number };

/** Where in a row each field of a mapping stands. */
export type RowLayout = {
  readonly columns: readonly MappedColumn[];
  readonly changedAt: MappedColumn | undefined;
  /** Every column that is read, once. */
  readonly inputs: readonly Input[];
};

/**
 * The columns of `mapping` in `header`. `place` names the file or query in messages.
 * @throws ConfigError when a column is missing or repeats.
 */
export function resolveColumns(mapping: ResolvedMapping, header: readonly string[], place: string): RowLayout {
  mapping.onColumns?.(header);
  const names = header.map(toName);
  const problems: string[] = [];
  const locate = (resolved: ResolvedField): MappedColumn => {
    const indexes = resolved.columns.map((column) => {
      const problem = findColumnProblem(resolved.name, column, names, place);
      if (problem !== undefined) problems.push(problem);
      return names.indexOf(toName(column));
    });
    const { name, field, columns, options, check, makeReader } = resolved;
    return { name, field, columns, options, check, index: indexes[0] ?? -1, read: makeReader?.(indexes) };
  };
  const columns = mapping.fields.map(locate);
  const changedAt = mapping.changedAt === undefined ? undefined : locate(mapping.changedAt);
  if (problems.length > 0) throw new ConfigError(problems);
  const inputs = listInputs(mapping).map((column) => ({ column, index: names.indexOf(toName(column)) }));
  return { columns, changedAt, inputs };
}

/** Every column that the mapping reads, once. */
export function listInputs({ fields, changedAt }: ResolvedMapping): readonly string[] {
  return [...new Set([...fields, ...(changedAt === undefined ? [] : [changedAt])].flatMap(({ columns }) => columns))];
}

/** The cells that are read as text, for the quarantine of rows that have none of their own. */
export function formatCells({ inputs }: RowLayout, cells: readonly Cell[]): string {
  const entries = inputs.map(({ column, index }): [string, unknown] => {
    const cell = cells[index];
    return [column, typeof cell === 'object' && cell !== null ? `(${cell.problem})` : cell];
  });
  return JSON.stringify(Object.fromEntries(entries));
}

function toName(column: string): string {
  return column.normalize('NFC').trim();
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
