/**
 * What zod finds wrong with a value of the config file, in our words: what it must be, and the nearest word where one was meant. Messages that
 * our schemas give themselves stay as they are. The value is told only where it is one of a closed set of words.
 */
import type { z } from 'zod';
import { formatNearest } from './nearest.ts';

/** How zod begins the sentences that it makes itself. */
const zodsOwn = /^(Invalid|Too (small|big)|Unrecognized)/;

const kinds: Readonly<Record<string, string>> = {
  record: 'an object { … }',
  object: 'an object { … }',
  array: 'a list [ … ]',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  function: 'a function',
};

/** A sentence without its subject, which is the path of the key. @param given the value that stands there */
export function sayIssue(issue: z.core.$ZodIssue, given: unknown): string {
  if (!zodsOwn.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return sayKind(kinds[issue.expected] ?? issue.expected, given);
    case 'invalid_value':
      return sayWords(issue.values.map(String), given);
    case 'invalid_union':
      // The words that tell the forms apart stand in the message alone.
      return sayWords(
        [...issue.message.matchAll(/'([^']+)'/g)].map((match) => match[1] ?? ''),
        given,
      );
    case 'too_small':
      return sayBound(issue.origin, issue.inclusive === false ? 'more than' : 'at least', Number(issue.minimum));
    case 'too_big':
      return sayBound(issue.origin, issue.inclusive === false ? 'less than' : 'at most', Number(issue.maximum));
    default:
      return issue.message;
  }
}

function sayKind(kind: string, given: unknown): string {
  return given === undefined ? `is missing; it must be ${kind}.` : `must be ${kind}.`;
}

function sayWords(words: readonly string[], given: unknown): string {
  if (words.length === 0) return 'is none of the forms that it may have; docs/configuration.md shows them.';
  const nearest = typeof given === 'string' ? formatNearest(given, words) : '.';
  const missing = given === undefined ? 'is missing; it ' : '';
  return `${missing}must be ${words.length === 1 ? '' : 'one of '}${words.join(', ')}${nearest}`;
}

/** Of texts and lists the length is meant. */
function sayBound(origin: string, bound: string, limit: number): string {
  if (origin === 'string') return `must have ${bound} ${limit} characters.`;
  return origin === 'array' || origin === 'set' ? `must have ${bound} ${limit} entries.` : `must be ${bound} ${limit}.`;
}
