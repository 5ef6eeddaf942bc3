/** List Custom Field: the client's definitions, in no order, as the vendor's example has them. */
import { type Answer, json } from '../answer.ts';
import { customFields } from '../model/custom-fields.ts';

const inNoOrder = [...customFields].sort((left, right) => right.field.localeCompare(left.field));

/** `GET /contact/contacts/customFields` */
export function listCustomFields(): Answer {
  return json({ customFields: inNoOrder });
}
