/**
 * The systems of record in the shape of `lvsync.config.ts`, one schema per kind; the sentences are repeated word for word in
 * docs/configuration.md. What can be told wrong without opening a file is told here.
 */
import { z } from 'zod';
import type { RecordRows } from './config.ts';
import { checkSource, evenIfBroken, mapping } from './mapping-schema.ts';
import { strict } from './strict-object.ts';

/** What every kind of system of record says. */
const basics = {
  mapping,
  changedAt: z
    .string()
    .min(1)
    .optional()
    .describe('The column that says when a row was last changed; needed where newest owns a field.'),
  complete: z
    .boolean()
    .default(false)
    .describe('Whether it holds every contact, so that one missing there is gone; if not, absence says nothing.'),
  onAbsence: z
    .enum(['nothing', 'deactivate', 'delete'])
    .default('nothing')
    .describe('What becomes of a contact of LiveVox that a complete source does not hold.'),
};

const recordFile = {
  path: z
    .string()
    .min(1)
    .describe(
      "Path of the file, relative to the config file's folder; of a folder or a pattern with * and ?, the newest complete file is read.",
    ),
  newestBy: z
    .enum(['name', 'modified'])
    .default('name')
    .describe(
      'What makes a file of a folder or pattern the newest: its name, digits read as numbers, or its last change.',
    ),
  settleSeconds: z
    .number()
    .nonnegative()
    .default(60)
    .describe('How long a file of a folder or pattern must have stood unchanged to count as complete, seconds.'),
  completeWhen: z
    .string()
    .regex(/^[^/\\]+$/, 'must be the ending of a file name, such as .done.')
    .optional()
    .describe(
      'Ending of a marker: with .done, contacts.csv counts as complete once contacts.csv.done stands beside it.',
    ),
  encoding: z
    .enum(['utf-8', 'windows-1252', 'iso-8859-1', 'utf-16le', 'utf-16be'])
    .default('utf-8')
    .describe('The encoding of its text; a byte order mark in the file has the last word.'),
};

const csvSource = strict({
  kind: z.literal('csv').describe('A CSV or TSV file, gzipped or not.'),
  ...recordFile,
  delimiter: z
    .string()
    .length(1)
    .default(',')
    .describe('The character between two values; a tab is written as a backslash and a t.'),
  quote: z
    .union([z.string().length(1), z.literal(false)])
    .default('"')
    .describe('The character around values that hold the delimiter; false where values are never quoted.'),
  header: z
    .union([z.boolean(), z.array(z.string().min(1)).min(1)])
    .default(true)
    .describe(
      'Whether the first line names the columns; without it, a list of their names, or false, and the mapping counts them from 1.',
    ),
  ...basics,
})
  .superRefine((value, context) => {
    const issue = (path: string[], message: string): void => context.addIssue({ code: 'custom', path, message });
    if (/[\r\n]/.test(value.delimiter) || value.delimiter === value.quote)
      issue(['delimiter'], 'must be neither a line break nor the quote.');
    if (value.quote !== false && /[\r\n]/.test(value.quote)) issue(['quote'], 'must be no line break.');
  })
  .superRefine(checkSource, evenIfBroken);

const ndjsonSource = strict({
  kind: z.literal('ndjson').describe('A file with one JSON object on each line, gzipped or not.'),
  ...recordFile,
  ...basics,
}).superRefine(checkSource, evenIfBroken);

const urlVariable = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable, not the connection string itself.')
  .describe('Name of the environment variable that holds the connection string.');

const postgresSource = strict({
  kind: z.literal('postgres').describe('The rows of a query against any PostgreSQL.'),
  urlVariable,
  query: z
    .string()
    .min(1)
    .describe('A select whose columns the mapping names; it is read with a cursor, never written to.'),
  ...basics,
}).superRefine(checkSource, evenIfBroken);

const mysqlSource = strict({
  kind: z.literal('mysql').describe('The rows of a query against any MySQL or MariaDB.'),
  urlVariable,
  query: z
    .string()
    .min(1)
    .describe('A select whose columns the mapping names; its rows are read as they come, nothing is written.'),
  ...basics,
}).superRefine(checkSource, evenIfBroken);

const moduleSource = strict({
  kind: z.literal('module').describe('Code of your own that gives the rows.'),
  path: z
    .string()
    .min(1)
    .optional()
    .describe("Path of a module that exports the function rows, relative to the config file's folder."),
  rows: z
    .custom<RecordRows>((value) => typeof value === 'function', 'must be a function.')
    .optional()
    .describe('Instead of path: the function itself.'),
  ...basics,
})
  .superRefine(checkSource, evenIfBroken)
  .refine((value) => (value.path === undefined) !== (value.rows === undefined), {
    error: 'needs either path or rows.',
  });

/** One system of record of any kind. */
export const sourceSchema = z.discriminatedUnion('kind', [
  csvSource,
  ndjsonSource,
  postgresSource,
  mysqlSource,
  moduleSource,
]);

/** One system of record as the file has it, defaults filled in. */
export type FileSource = z.output<typeof sourceSchema>;
