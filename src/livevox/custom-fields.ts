/**
 * List Custom Field (GET /contact/contacts/customFields): which of COL1..COL100 the tenant uses, under which label and type.
 * Labels are the client's own words and may repeat; only the field name identifies a column.
 */
import { findField } from '../contact/index.ts';
import { FatalError } from '../errors.ts';
import type { Calls } from './calls.ts';
import { toReplyError } from './reply-error.ts';
import type { VendorMethod } from './vendor-method.ts';
import { customFieldsAnswer } from './wire.ts';

export const listCustomFieldMethod: VendorMethod = { name: 'List Custom Field', verb: 'GET', kind: 'read' };

const dataTypes = ['NUMBER', 'STRING', 'DATE', 'BOOLEAN', 'LIST'] as const;

export type CustomFieldDefinition = {
  /** `COL1` … `COL100`. */
  readonly field: string;
  /** The client's own label; may repeat, may be empty. */
  readonly label: string;
  /** STRING where LiveVox names a type we do not know: every value can be kept as text. */
  readonly dataType: (typeof dataTypes)[number];
  /** The allowed values of a LIST. */
  readonly listValues?: readonly string[];
};

/** The tenant's custom fields. */
export async function fetchCustomFields(calls: Calls, signal?: AbortSignal): Promise<readonly CustomFieldDefinition[]> {
  const reply = await calls.call(listCustomFieldMethod, { path: '/contact/contacts/customFields' }, signal);
  const context = { method: listCustomFieldMethod.name, origin: calls.origin };
  if (reply.kind !== 'done') throw toReplyError(reply, context);
  return parseCustomFields(reply.body ?? {});
}

/** @throws FatalError when the answer has another shape than a list of custom fields. */
export function parseCustomFields(body: unknown): readonly CustomFieldDefinition[] {
  const answer = customFieldsAnswer.safeParse(body);
  if (!answer.success) {
    throw new FatalError(
      'LiveVox answered "List Custom Field" in a shape we do not know: report the shape of its answer',
    );
  }
  return (answer.data.customFields ?? [])
    .map(({ field, label, dataType, listValues }) => ({
      field: field.trim().toUpperCase(),
      label: label ?? '',
      dataType: dataTypes.find((known) => known === dataType?.trim().toUpperCase()) ?? 'STRING',
      ...(listValues ? { listValues } : {}),
    }))
    .filter(({ field }) => findField(field)?.custom === true);
}
