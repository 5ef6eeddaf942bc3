/**
 * Custom fields (vendor page: Contact API, Custom Field): which of COL1..COL100 the tenant uses, under which label and type; their
 * values stand in the contacts. Labels are the client's own words and may repeat; only the field name identifies a column.
 * Two traps of Update: a type left out becomes NUMBER, and the values of a list are replaced as a whole; both must be given.
 */
import type { z } from 'zod';
import { type CustomDataType, customDataTypes, findField } from '../contact/index.ts';
import { FatalError } from '../errors.ts';
import type { Calls } from './calls.ts';
import { toReadAnswerIfAny } from './read-answer.ts';
import { toReplyError } from './reply-error.ts';
import type { VendorMethod } from './vendor-method.ts';
import { customFieldAnswer, customFieldsAnswer } from './wire.ts';
import { toWriteAnswer, type WriteAnswer } from './write-answer.ts';

export const listCustomFieldMethod: VendorMethod = { name: 'List Custom Field', verb: 'GET', kind: 'read' };
export const readCustomFieldMethod: VendorMethod = { name: 'Read Custom Field', verb: 'GET', kind: 'read' };
export const updateCustomFieldMethod: VendorMethod = { name: 'Update Custom Field', verb: 'PUT', kind: 'update' };

export type CustomFieldDefinition = {
  /** `COL1` … `COL100`. */
  readonly field: string;
  /** The client's own label; may repeat, may be empty. */
  readonly label: string;
  /** STRING where LiveVox names a type we do not know: every value can be kept as text. */
  readonly dataType: CustomDataType;
  /** The allowed values of a LIST. */
  readonly listValues?: readonly string[];
};

export type CustomFields = {
  /** List Custom Field: which of COL1..COL100 the tenant uses. @throws as every read; see errors.ts. */
  listCustomFields(signal?: AbortSignal): Promise<readonly CustomFieldDefinition[]>;
  /** Read Custom Field by its name (`COL7`); undefined when it is not in use. @throws as every read; FatalError for another name. */
  readCustomField(field: string, signal?: AbortSignal): Promise<CustomFieldDefinition | undefined>;
  /**
   * Update Custom Field: labels, types and the values of lists, one or many fields; the values in the contacts stay.
   * @throws FatalError for no fields, a name besides COL1..COL100, or a LIST without its values; and like every write.
   */
  updateCustomField(fields: readonly CustomFieldDefinition[], signal?: AbortSignal): Promise<WriteAnswer>;
};

const path = '/contact/contacts/customFields';

/** The custom-field methods over one tenant's calls. */
export function makeCustomFields(calls: Calls): CustomFields {
  return {
    listCustomFields: (signal) => fetchCustomFields(calls, signal),
    readCustomField: (field, signal) => fetchCustomField(calls, field, signal),
    updateCustomField: (fields, signal) => sendCustomFields(calls, fields, signal),
  };
}

async function fetchCustomFields(calls: Calls, signal?: AbortSignal): Promise<readonly CustomFieldDefinition[]> {
  const reply = await calls.call(listCustomFieldMethod, { path }, signal);
  const context = { method: listCustomFieldMethod.name, origin: calls.origin };
  if (reply.kind !== 'done') throw toReplyError(reply, context);
  return parseCustomFields(reply.body ?? {});
}

async function fetchCustomField(
  calls: Calls,
  field: string,
  signal?: AbortSignal,
): Promise<CustomFieldDefinition | undefined> {
  assertCustomField(field);
  const reply = await calls.call(readCustomFieldMethod, { path: `${path}/${field}` }, signal);
  const context = { method: readCustomFieldMethod.name, origin: calls.origin };
  const found = toReadAnswerIfAny(reply, customFieldAnswer, context);
  return found === undefined ? undefined : toDefinition(found);
}

async function sendCustomFields(
  calls: Calls,
  fields: readonly CustomFieldDefinition[],
  signal?: AbortSignal,
): Promise<WriteAnswer> {
  if (fields.length === 0)
    throw new FatalError('An update of custom fields needs at least one: do not send an empty one');
  for (const { field, dataType, listValues } of fields) {
    assertCustomField(field);
    if (dataType === 'LIST' && listValues === undefined) {
      throw new FatalError(`The list of ${field} would be replaced by nothing: give its listValues`);
    }
  }
  const customFields = fields.map(({ field, label, dataType, listValues }) => ({ field, label, dataType, listValues }));
  const reply = await calls.call(updateCustomFieldMethod, { path, body: { customFields } }, signal);
  return toWriteAnswer(reply, { method: updateCustomFieldMethod.name, origin: calls.origin });
}

/** @throws FatalError when the answer has another shape than a list of custom fields. */
export function parseCustomFields(body: unknown): readonly CustomFieldDefinition[] {
  const answer = customFieldsAnswer.safeParse(body);
  if (!answer.success) {
    throw new FatalError(
      'LiveVox answered "List Custom Field" in a shape we do not know: report the shape of its answer',
    );
  }
  return (answer.data.customFields ?? []).map(toDefinition).filter(({ field }) => isCustomField(field));
}

function toDefinition(answer: z.output<typeof customFieldAnswer>): CustomFieldDefinition {
  const { field, label, dataType, listValues } = answer;
  return {
    field: field.trim().toUpperCase(),
    label: label ?? '',
    dataType: customDataTypes.find((known) => known === dataType?.trim().toUpperCase()) ?? 'STRING',
    ...(listValues ? { listValues } : {}),
  };
}

function assertCustomField(field: string): void {
  if (!isCustomField(field)) throw new FatalError('A custom field is named COL1 to COL100: correct the request');
}

function isCustomField(field: string): boolean {
  return findField(field)?.custom === true;
}
