/**
 * Body → checked value, or the refusal the vendor would send: 400 with the path of what is wrong. Values never stand in
 * the message.
 */
import type { z } from 'zod';
import { refuseInvalid, refuseMissing } from '../answer.ts';

/** @throws Refusal 400 naming the first thing that is missing or wrong. */
export function parseBody<Output>(schema: z.ZodType<Output>, body: unknown): Output {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = formatPath(issue?.path ?? []);
  if (issue?.code === 'invalid_type' && issue.message.endsWith('received undefined')) throw refuseMissing(path);
  throw refuseInvalid(`${path === '' ? 'body' : path}: ${issue?.message ?? 'not valid'}`);
}

/** `createContactDetails[3].phone[0].ordinal` */
function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}
