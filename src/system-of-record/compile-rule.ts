/**
 * A rule of the mapping → a function from the cells of a row to one cell. What is the same for all rows - maps of texts, names of groups
 * and agents, the constant - is worked out once. Problems never quote a value; a problem of a cell goes through as it is.
 */
import type { FieldRule } from '../config.ts';
import { type Cell, toCell } from './cell.ts';
import { type KnownValues, toPlainText } from './known-values.ts';

/** A cell from the cells of a row. */
export type CellReader = (cells: readonly Cell[]) => Cell;

/** Makes a reader for a row in which the rule's columns stand at these positions. */
export type ReaderMaker = (indexes: readonly number[]) => CellReader;

type Step = (cell: Cell) => Cell;

/** The columns a rule reads, in the order that its reader takes their positions in. */
export function listColumns(rule: FieldRule): readonly string[] {
  return rule.column === undefined ? [...new Set(rule.columns)] : [rule.column];
}

/** Compiles a rule; undefined when it is a column and nothing else, whose cell is taken as it is. */
export function compileRule(rule: FieldRule, known: KnownValues): ReaderMaker | undefined {
  const { column, values, otherwise, lookup } = rule;
  const steps: Step[] = [];
  if (values !== undefined) steps.push(makeValueStep(values, otherwise));
  if (lookup !== undefined) steps.push(makeLookupStep(lookup, known));
  if (column !== undefined && steps.length === 0) return undefined;
  const make = chooseOrigin(rule);
  return (indexes) => {
    const read = make(indexes);
    return (cells) => steps.reduce((cell, step) => step(cell), read(cells));
  };
}

function chooseOrigin(rule: FieldRule): ReaderMaker {
  if (rule.column !== undefined)
    return ([index = -1]) =>
      (cells) =>
        cells[index];
  if (rule.value !== undefined) return makeComputed(rule.value, listColumns(rule));
  const constant = toCell(rule.constant);
  return () => () => constant;
}

function makeComputed(compute: NonNullable<FieldRule['value']>, columns: readonly string[]): ReaderMaker {
  return (indexes) => (cells) => {
    const given: Record<string, string | null | undefined> = {};
    for (const [at, column] of columns.entries()) {
      const cell = cells[indexes[at] ?? -1];
      if (typeof cell === 'object' && cell !== null) return cell;
      given[column] = cell;
    }
    try {
      return toCell(compute(given));
    } catch (error) {
      return { problem: `its function fails${formatErrorName(error)}` };
    }
  };
}

/** The kind of error alone: what it says may quote a value. */
function formatErrorName(error: unknown): string {
  return error instanceof Error && /^[A-Z][A-Za-z]{0,40}Error$/.test(error.name) ? ` (${error.name})` : '';
}

/** An empty text stays empty, unless `values` names it. */
function makeValueStep(values: NonNullable<FieldRule['values']>, otherwise: FieldRule['otherwise']): Step {
  const map = new Map(Object.entries(values).map(([text, value]) => [toPlainText(text), toCell(value)]));
  return (cell) => {
    if (typeof cell === 'object' && cell !== null) return cell;
    if (cell === undefined) return undefined;
    const text = toPlainText(cell ?? '');
    if (map.has(text)) return map.get(text);
    return text === '' || otherwise === 'keep' ? cell : { problem: 'a text that values does not name' };
  };
}

const lookupWords = {
  'contact-group': { one: 'contact group', key: 'name', setting: 'references.contactGroups' },
  agent: { one: 'agent', key: 'login', setting: 'references.agents' },
} as const;

function makeLookupStep(lookup: NonNullable<FieldRule['lookup']>, known: KnownValues): Step {
  const { one, key, setting } = lookupWords[lookup];
  const list = listNames(lookup, known);
  const unread = { problem: `the ${one}s of LiveVox have not been read yet; run lvsync pull with ${setting} on` };
  const ids = new Map<string, Cell>();
  for (const { name, id } of list ?? [])
    ids.set(name, ids.has(name) ? { problem: `more than one ${one} has this ${key}` } : String(id));
  const unknown = { problem: `no ${one} has this ${key}` };
  return (cell) => {
    if (typeof cell !== 'string') return cell;
    const name = toPlainText(cell);
    if (name === '') return null;
    return list === undefined ? unread : (ids.get(name) ?? unknown);
  };
}

function listNames(
  lookup: NonNullable<FieldRule['lookup']>,
  { groups, agents }: KnownValues,
): readonly { readonly name: string; readonly id: number }[] | undefined {
  if (lookup === 'contact-group') return groups?.map(({ id, name }) => ({ id, name: toPlainText(name) }));
  return agents?.map(({ id, loginId }) => ({ id, name: toPlainText(loginId) }));
}
