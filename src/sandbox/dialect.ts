/**
 * How the sandbox reads what the vendor's pages leave open. The defaults follow the pages' examples; every other value
 * is a reading a real installation may show, and a client must get the same result under all of them.
 */
import { z } from 'zod';

export const dialectSchema = z.strictObject({
  /** How dates and instants stand in the CSV. */
  dates: z.enum(['us', 'iso', 'epoch']),
  /** How `modifyDate` stands in the CSV: as `dates` has instants, as a day alone, or in a form of its own. */
  modifyDate: z.enum(['dates', 'day', 'us', 'iso', 'epoch']),
  /** How booleans stand in the CSV: true/false, Y/N or 1/0. */
  booleans: z.enum(['true', 'Y', '1']),
  /** What bounds of `modifyDate` a download takes: days and epoch milliseconds, or days alone. */
  bounds: z.enum(['any', 'days']),
  lineEnd: z.enum(['lf', 'crlf']),
  /** Whether a compressed download says so in `Content-Encoding`. */
  contentEncoding: z.boolean(),
  /** Whether a compressed feed of events says so in `Content-Encoding`. */
  feedEncoding: z.boolean(),
  /** How Bulk Create says that a contact exists: the HTTP status; the body's code is 202 in each. */
  exists: z.enum(['400', '202', '409']),
  /** What Bulk Update answers: 204 without a body, or 200 with the count in prose. */
  update: z.enum(['204', '200']),
  /** Whether a `phone` array changes the ordinals it names or replaces all phones. */
  phones: z.enum(['merge', 'replace']),
  /** The shape of an error's body. */
  errors: z.enum(['code', 'errorCode', 'requestId', 'xml', 'broken', 'none']),
  /** How ids and counts stand in JSON answers. */
  numbers: z.enum(['number', 'string']),
  /** How an empty value stands in the contacts, groups and notes of JSON answers: null, the word `null`, or not at all. */
  nulls: z.enum(['null', 'text', 'missing']),
  /** How a country stands in JSON answers: UNITED_STATES_OF_AMERICA, United States of America, USA. */
  countries: z.enum(['constant', 'name', 'short']),
  /** The form of a list's `next`: `contact/contacts?…`, `/contact/contacts?offset=…` without the count, or with scheme and host. */
  next: z.enum(['relative', 'rooted', 'absolute']),
  /** What `next` is on the last page. */
  lastNext: z.enum(['missing', 'null', 'blank']),
  /** What a list without entries answers: 200 with an empty array, or 404 `No Record Found`. */
  emptyLists: z.enum(['200', '404']),
  /** The key of List Accounts Associated with the Contact: as in the page's example, or as in its table. */
  accountsKey: z.enum(['listAccount', 'listAccounts']),
  /** Whether a custom field takes values of its data type only. */
  customFieldTypes: z.enum(['lenient', 'strict']),
  /** Most contacts in one bulk request, more get 413; null for no limit. */
  maxRows: z.int().positive().nullable(),
  /** The status of a request over a rate limit. */
  limited: z.enum(['429', '503']),
  /** How it says when to come again, if it does. */
  retryAfter: z.enum(['seconds', 'date', 'none']),
});

export type Dialect = z.infer<typeof dialectSchema>;

export const defaultDialect: Dialect = {
  dates: 'us',
  modifyDate: 'dates',
  booleans: 'true',
  bounds: 'any',
  lineEnd: 'lf',
  contentEncoding: false,
  feedEncoding: true,
  exists: '400',
  update: '204',
  phones: 'merge',
  errors: 'code',
  numbers: 'number',
  nulls: 'null',
  countries: 'constant',
  next: 'relative',
  lastNext: 'missing',
  emptyLists: '200',
  accountsKey: 'listAccount',
  customFieldTypes: 'lenient',
  maxRows: null,
  limited: '429',
  retryAfter: 'seconds',
};
