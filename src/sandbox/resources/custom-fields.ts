/**
 * Custom fields: List, Read, Update of their definitions, not of their values. An update names the label and may name
 * the data type, which is NUMBER when it does not; list values are replaced as a whole.
 */
import { z } from 'zod';
import { type Answer, empty, json, refuseNoRecord } from '../answer.ts';
import { customFieldTypes } from '../model/custom-fields.ts';
import type { Exchange } from '../router.ts';
import { customFieldName } from '../wire/contact-details.ts';
import { parseBody } from '../wire/parse-body.ts';

const definition = z
  .strictObject({
    field: customFieldName,
    label: z.string().min(1),
    dataType: z.enum(customFieldTypes).default('NUMBER'),
    listValues: z.array(z.string()).nullish(),
  })
  .refine(
    ({ dataType, listValues }) => dataType === 'LIST' || !listValues?.length,
    'listValues of a type that has none',
  );

const updateBody = z.strictObject({ customFields: z.array(definition) });

/** `GET /contact/contacts/customFields` */
export function listCustomFields({ world }: Exchange): Answer {
  return json({ customFields: world.customFields.list() });
}

/** `GET /contact/contacts/customFields/{field}`; 404 for a column without a definition. */
export function readCustomField({ world, params }: Exchange): Answer {
  const found = world.customFields.find(params['field'] ?? '');
  if (found === undefined) throw refuseNoRecord();
  return json(found);
}

/** `PUT /contact/contacts/customFields` */
export function updateCustomFields({ world, body }: Exchange): Answer {
  for (const { field, label, dataType, listValues } of parseBody(updateBody, body).customFields) {
    const list = dataType === 'LIST' ? { listValues: listValues ?? [] } : {};
    world.customFields.set({ field, label, dataType, ...list });
  }
  return empty();
}
