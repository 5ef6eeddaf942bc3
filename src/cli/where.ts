/**
 * `--where EXPR`: contacts chosen by what the mirror holds of them, in a small language of our own: comparisons of fields with values,
 * `and`, `or`, `not`, brackets; `in ('TX', 'OK')`; `is null`; a field of yes and no alone. Never SQL: what comes out is a tree of known
 * fields and checked values. Messages name the place and not what stands there: it may be personal data.
 */
import { type ContactField, findField } from '../contact/index.ts';
import { ConfigError } from '../errors.ts';
import type { Condition } from '../store/index.ts';

type Token = {
  readonly kind: 'word' | 'text' | 'number' | 'sign' | 'end';
  readonly text: string;
  /** From 1. */
  readonly place: number;
};

const maxLength = 4_000;
const maxDepth = 50;
const pattern = /\s*(?:([A-Za-z]\w*)|'((?:[^']|'')*)'|(-?\d+(?:\.\d+)?)|(<=|>=|<>|!=|[=<>(),]))/y;
const signs = ['=', '!=', '<', '<=', '>', '>='] as const;
type Sign = (typeof signs)[number];

/** @throws ConfigError that says where the expression cannot be read, and what was expected there */
export function parseWhere(text: string): Condition {
  if (text.length > maxLength)
    throw new ConfigError(`--where is longer than ${maxLength} characters; choose by --accounts.`);
  const reader = new Reader(tokenize(text));
  const condition = readAny(reader, 0);
  if (reader.peek().kind !== 'end') reader.fail('and, or, or the end');
  return condition;
}

/** Where the reading has come to. */
class Reader {
  #at = 0;
  readonly #tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  peek(): Token {
    return this.#tokens[this.#at] as Token;
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.#at += 1;
    return token;
  }

  /** Goes on behind the word or sign, if it comes next. */
  take(text: string): boolean {
    const { kind, text: found } = this.peek();
    if ((kind !== 'word' && kind !== 'sign') || found.toLowerCase() !== text) return false;
    this.#at += 1;
    return true;
  }

  fail(expected: string, token: Token = this.peek()): never {
    const where = token.kind === 'end' ? 'at its end' : `at character ${token.place}`;
    throw new ConfigError(
      `--where cannot be read ${where}: ${expected} is expected there, as in "state = 'TX' and active".`,
    );
  }
}

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  let at = 0;
  while (text.slice(at).trim() !== '') {
    const match = pattern.exec(text);
    if (match === null) {
      throw new ConfigError(
        `--where cannot be read at character ${at + 1}: a field, a sign, a number or a text in single quotes is expected there.`,
      );
    }
    const [, word, quoted, number, sign] = match;
    const place = at + 1 + (match[0].length - match[0].trimStart().length);
    if (word !== undefined) tokens.push({ kind: 'word', text: word, place });
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted.replaceAll("''", "'"), place });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, place });
    else tokens.push({ kind: 'sign', text: sign === '<>' ? '!=' : (sign ?? ''), place });
    at = pattern.lastIndex;
  }
  return [...tokens, { kind: 'end', text: '', place: text.length + 1 }];
}

function readAny(reader: Reader, depth: number): Condition {
  const parts = [readAll(reader, depth)];
  while (reader.take('or')) parts.push(readAll(reader, depth));
  return parts.length === 1 ? (parts[0] as Condition) : { kind: 'any', parts };
}

function readAll(reader: Reader, depth: number): Condition {
  const parts = [readOne(reader, depth)];
  while (reader.take('and')) parts.push(readOne(reader, depth));
  return parts.length === 1 ? (parts[0] as Condition) : { kind: 'all', parts };
}

function readOne(reader: Reader, depth: number): Condition {
  if (depth > maxDepth) reader.fail('fewer brackets');
  if (reader.take('not')) return { kind: 'not', part: readOne(reader, depth + 1) };
  if (!reader.take('(')) return readComparison(reader);
  const condition = readAny(reader, depth + 1);
  if (!reader.take(')')) reader.fail('a closing bracket');
  return condition;
}

function readComparison(reader: Reader): Condition {
  const token = reader.next();
  const field = token.kind === 'word' ? findField(token.text) : undefined;
  if (field === undefined) return reader.fail("a field's name (docs/values.md lists them)", token);
  if (reader.take('is')) {
    const isNegated = reader.take('not');
    if (!reader.take('null')) reader.fail('null');
    const empty: Condition = { kind: 'empty', field };
    return isNegated ? { kind: 'not', part: empty } : empty;
  }
  if (reader.take('in')) return readList(reader, field);
  const sign = signs.find((one) => reader.take(one));
  if (sign !== undefined) return { kind: 'compare', field, sign, value: readValue(reader, field, sign) };
  if (field.type !== 'boolean') reader.fail('a sign such as =, in, or is null');
  return { kind: 'compare', field, sign: '=', value: 'true' };
}

function readList(reader: Reader, field: ContactField): Condition {
  if (!reader.take('(')) reader.fail('an opening bracket');
  const parts: Condition[] = [];
  do parts.push({ kind: 'compare', field, sign: '=', value: readValue(reader, field, '=') });
  while (reader.take(','));
  if (!reader.take(')')) reader.fail('a comma or a closing bracket');
  return { kind: 'any', parts };
}

/** A value as the field's column takes it, as text. */
function readValue(reader: Reader, field: ContactField, sign: Sign): string {
  const token = reader.next();
  const value = toValue(field, token);
  if (value === undefined) return reader.fail(valueWords[field.type], token);
  if (field.type === 'boolean' && sign !== '=' && sign !== '!=') reader.fail('= or != before true or false', token);
  return value;
}

const valueWords: Readonly<Record<ContactField['type'], string>> = {
  text: 'a text in single quotes',
  integer: 'a number',
  bigint: 'a number',
  numeric: 'a number',
  boolean: 'true or false',
  date: "a day such as '2026-03-31'",
  timestamp: "a moment with its zone such as '2026-03-31T02:30:00Z'",
};

function toValue({ type }: ContactField, { kind, text }: Token): string | undefined {
  switch (type) {
    case 'text':
      return (kind === 'text' || kind === 'number') && isStorable(text) ? text : undefined;
    case 'integer':
    case 'bigint':
    case 'numeric':
      return kind === 'number' ? text : undefined;
    case 'boolean':
      return kind === 'word' && /^(true|false)$/i.test(text) ? text.toLowerCase() : undefined;
    case 'date':
      return kind === 'text' && isDay(text) ? text : undefined;
    case 'timestamp':
      return kind === 'text' && /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text))
        ? new Date(text).toISOString()
        : undefined;
  }
}

/** Postgres takes no NUL. */
function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

function isDay(text: string): boolean {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(text) : undefined;
  return at !== undefined && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}
