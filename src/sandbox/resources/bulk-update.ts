/**
 * Bulk Update Contact. Finds contacts by id, by account, or by both, which must then name the same contact. Contacts it
 * does not find are not counted, and nothing says which they were. The page promises 204 with a body, which HTTP cannot
 * carry: the dialect chooses.
 */
import { type Answer, empty, json, refuseInvalid } from '../answer.ts';
import { applyDetails } from '../model/apply-details.ts';
import type { Exchange } from '../router.ts';
import type { UpdateDetails } from '../wire/contact-details.ts';
import { parseBody } from '../wire/parse-body.ts';
import type { World } from '../world.ts';
import { receiveAccounts, stamp, toCountMessage } from './bulk-write.ts';
import { assertAllKnown } from './check-details.ts';

/** `PUT /contact/contacts/bulk` */
export function updateContacts(exchange: Exchange): Answer {
  const { world, faults } = exchange;
  const { updateContactDetails } = parseBody(world.bodies.update, exchange.body);
  receiveAccounts(
    exchange,
    updateContactDetails.map((details) => details.account ?? `id:${details.id}`),
  );
  const slots = updateContactDetails.map((details, index) => findSlot(world, details, index));
  assertAllKnown(world, updateContactDetails, 'updateContactDetails');
  for (const [index, details] of updateContactDetails.entries()) {
    const slot = slots[index];
    if (slot === undefined || faults.dropsRow(index)) continue;
    const row = world.contacts.read(slot);
    applyDetails(row, details, { phones: world.dialect.phones, today: world.today() });
    stamp(row, exchange);
    world.contacts.write(slot, row);
  }
  const found = slots.filter((slot, index) => slot !== undefined && !faults.hidesRow(index)).length;
  return world.dialect.update === '200' ? json(toCountMessage(found)) : empty();
}

function findSlot({ contacts }: World, { id, account }: UpdateDetails, index: number): number | undefined {
  const byId = id === null || id === undefined ? undefined : contacts.findById(id);
  if (account === null || account === undefined) return byId;
  const byAccount = contacts.findByAccount(account);
  if (id === null || id === undefined) return byAccount;
  if (byId !== undefined && byId !== byAccount)
    throw refuseInvalid(`updateContactDetails[${index}]: id and account disagree`);
  // An id nobody has finds nobody, whatever the account says: the id is the mandatory one.
  return byId;
}
