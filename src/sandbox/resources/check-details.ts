/**
 * What a write names must exist: its contact group, its agent, and, in the strict reading of custom fields, a value of
 * the field's data type. One such mistake refuses the whole request. Group and agent 0 are none.
 */
import { refuseInvalid } from '../answer.ts';
import type { CreateDetails, UpdateDetails } from '../wire/contact-details.ts';
import type { World } from '../world.ts';

type Details = Pick<CreateDetails | UpdateDetails, 'groupId' | 'agentId' | 'customFields'>;

/** @throws Refusal 400 naming what is wrong; `path` leads to the details in the body. */
export function assertKnown(world: World, details: Details, path: string): void {
  if (details.groupId && world.groups.find(details.groupId) === undefined)
    throw refuseInvalid(`${path}.groupId: no such contact group`);
  if (details.agentId && !world.hasAgent(details.agentId)) throw refuseInvalid(`${path}.agentId: no such agent`);
  if (world.dialect.customFieldTypes === 'lenient') return;
  for (const [index, { field, value }] of (details.customFields ?? []).entries()) {
    if (value !== null && value !== undefined && !world.customFields.takes(field, value))
      throw refuseInvalid(`${path}.customFields[${index}].value: not of the field's data type`);
  }
}

/** The same for the rows of a bulk write. */
export function assertAllKnown(world: World, rows: readonly Details[], key: string): void {
  for (const [index, details] of rows.entries()) assertKnown(world, details, `${key}[${index}]`);
}
