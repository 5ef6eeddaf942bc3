/**
 * What a read was answered, parsed; the counterpart of write-answer.ts. An answer in another shape than the vendor's pages
 * show is an error, one odd optional value in it is not (wire-scalars.ts). LiveVox's words stay out of the errors: they may quote a person.
 */
import type { z } from 'zod';
import { FatalError } from '../errors.ts';
import type { Calls } from './calls.ts';
import type { Reply } from './reply.ts';
import { type ErrorContext, toReplyError } from './reply-error.ts';
import type { CallInput, VendorMethod } from './vendor-method.ts';

/** Calls a read and parses its answer. @throws as `toReadAnswer`. */
export async function fetchAnswer<T>(
  calls: Calls,
  method: VendorMethod,
  input: CallInput,
  schema: z.ZodType<T>,
  signal?: AbortSignal,
): Promise<T> {
  const reply = await calls.call(method, input, signal);
  return toReadAnswer(reply, schema, { method: method.name, origin: calls.origin });
}

/** @throws as every read (reply-error.ts); FatalError for a shape we do not know. */
export function toReadAnswer<T>(reply: Reply, schema: z.ZodType<T>, context: ErrorContext): T {
  if (reply.kind !== 'done') throw toReplyError(reply, { ...context, isPrivate: true });
  const answer = schema.safeParse(reply.body);
  if (answer.success) return answer.data;
  throw new FatalError(
    `LiveVox answered "${context.method}" in a shape we do not know: report the shape of its answer`,
    { facts: { method: context.method, httpStatus: reply.httpStatus } },
  );
}

/** Like `toReadAnswer`; undefined when LiveVox has nothing of that name (404, or an error that says "No Record Found"). */
export function toReadAnswerIfAny<T>(reply: Reply, schema: z.ZodType<T>, context: ErrorContext): T | undefined {
  const isMissing = reply.kind === 'not_found' || (reply.kind === 'refused' && /no record found/i.test(reply.message));
  return isMissing ? undefined : toReadAnswer(reply, schema, context);
}
