/**
 * How the sandbox reads what the vendor's pages leave open. The defaults follow the pages' examples; every other value
 * is a reading a real installation may show, and a client must get the same result under all of them.
 */
import { z } from 'zod';

export const dialectSchema = z.strictObject({
  /** How dates and instants stand in the CSV. */
  dates: z.enum(['us', 'iso', 'epoch']),
  lineEnd: z.enum(['lf', 'crlf']),
  /** Whether a compressed download says so in `Content-Encoding`. */
  contentEncoding: z.boolean(),
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
  /** Most contacts in one bulk request, more get 413; null for no limit. */
  maxRows: z.int().positive().nullable(),
});

export type Dialect = z.infer<typeof dialectSchema>;

export const defaultDialect: Dialect = {
  dates: 'us',
  lineEnd: 'lf',
  contentEncoding: false,
  exists: '400',
  update: '204',
  phones: 'merge',
  errors: 'code',
  numbers: 'number',
  maxRows: null,
};
