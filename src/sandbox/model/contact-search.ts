/**
 * Rules and conditions of Find Matching Contact as a question to one contact. A negated rule is the opposite of the whole
 * rule, which is what the page describes: all its conditions negated, AND and OR exchanged. A lone condition cannot be
 * negated, says the page, so there `isNegated` is ignored. Text compares without regard to letter case; a contact without
 * a value matches no condition on it.
 */
import { refuseInvalid } from '../answer.ts';
import { formatUsDay, parseDay } from '../calendar.ts';
import type { ClientZone } from '../client-zone.ts';
import type { Condition, Operator, Search } from '../wire/search-body.ts';
import type { Row, Value } from './columns.ts';
import { findSearchField, type SearchField } from './search-fields.ts';

export type Matches = (row: Row) => boolean;

export type SearchOptions = { readonly zone: ClientZone; readonly today: number };

type Test = (value: Exclude<Value, null>) => boolean;

/** @throws Refusal 400 for an unknown field, or a criteria that does not fit it. */
export function makeSearch(search: Search, options: SearchOptions): Matches {
  return 'field' in search ? makeCondition(search, options) : makeSide(search, options);
}

/** A side of a rule: a rule itself, or a condition that may be negated. */
function makeSide(search: Search, options: SearchOptions): Matches {
  const matches = 'field' in search ? makeCondition(search, options) : makeRule(search, options);
  return search.isNegated === true ? (row) => !matches(row) : matches;
}

function makeRule({ rule, left, right }: Exclude<Search, Condition>, options: SearchOptions): Matches {
  const sides = [left, right].flatMap((side) => (side ? [makeSide(side, options)] : []));
  if (sides.length === 0) throw refuseInvalid('search: a rule without sides');
  return rule === 'AND'
    ? (row) => sides.every((matches) => matches(row))
    : (row) => sides.some((matches) => matches(row));
}

function makeCondition(condition: Condition, options: SearchOptions): Matches {
  const field = findSearchField(condition.field);
  if (field === undefined) throw refuseInvalid('search: no such field');
  const test = makeTest(field, condition, options);
  return (row) => field.read(row).some((value) => value !== null && test(value));
}

function makeTest({ kind }: SearchField, { criteria, condition }: Condition, { zone, today }: SearchOptions): Test {
  switch (kind) {
    case 'text':
      return makeTextTest(criteria, condition);
    case 'integer':
    case 'decimal':
      return makeOrderedTest(criteria, condition, { parse: toNumber, toOrder: Number, toText: String });
    case 'date':
      return makeOrderedTest(criteria, condition, {
        parse: (text) => parseDay(text, zone),
        toOrder: Number,
        toText: (value) => formatUsDay(Number(value)),
      });
    case 'timestamp':
      return makeOrderedTest(criteria, condition, {
        parse: (text) => parseDay(text, zone),
        toOrder: (value) => zone.dayOf(Number(value)),
        toText: (value) => formatUsDay(zone.dayOf(Number(value))),
      });
    case 'boolean':
    case 'daily': {
      const wanted = readFlag(criteria, condition);
      return (value) => (kind === 'daily' ? value === today : value) === wanted;
    }
  }
}

function makeTextTest(criteria: string, operator: Operator): Test {
  const wanted = criteria.toLowerCase();
  const tests: Readonly<Record<Operator, (text: string) => boolean>> = {
    STARTS_WITH: (text) => text.startsWith(wanted),
    ENDS_WITH: (text) => text.endsWith(wanted),
    CONTAINS: (text) => text.includes(wanted),
    EQUALS: (text) => text === wanted,
    LESS: (text) => text < wanted,
    GREATER: (text) => text > wanted,
    GREATER_EQUAL: (text) => text >= wanted,
  };
  const test = tests[operator];
  return (value) => test(String(value).toLowerCase());
}

type Ordered = {
  readonly parse: (criteria: string) => number | undefined;
  readonly toOrder: (value: Value) => number;
  readonly toText: (value: Value) => string;
};

/** Numbers and dates: by order, or by the text they are shown as. */
function makeOrderedTest(criteria: string, operator: Operator, { parse, toOrder, toText }: Ordered): Test {
  if (operator === 'STARTS_WITH' || operator === 'ENDS_WITH' || operator === 'CONTAINS') {
    const test = makeTextTest(criteria, operator);
    return (value) => test(toText(value));
  }
  const wanted = parse(criteria.trim());
  if (wanted === undefined) throw refuseInvalid('search: the criteria is no value of the field');
  switch (operator) {
    case 'EQUALS':
      return (value) => toOrder(value) === wanted;
    case 'LESS':
      return (value) => toOrder(value) < wanted;
    case 'GREATER':
      return (value) => toOrder(value) > wanted;
    case 'GREATER_EQUAL':
      return (value) => toOrder(value) >= wanted;
  }
}

function toNumber(text: string): number | undefined {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function readFlag(criteria: string, operator: Operator): boolean {
  if (operator !== 'EQUALS') throw refuseInvalid('search: a flag can only be EQUALS');
  if (/^(true|y|yes|1)$/i.test(criteria)) return true;
  if (/^(false|n|no|0)$/i.test(criteria)) return false;
  throw refuseInvalid('search: the criteria is no flag');
}
