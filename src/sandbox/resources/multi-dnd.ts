/**
 * Update Multiple Contacts' DND. An entry counts for a phone only when both its number and its ordinal are the
 * contact's; other entries change nothing, silently. The answer counts the contacts it knows, not what changed.
 */
import { z } from 'zod';
import { type Answer, json } from '../answer.ts';
import { applyAccountBlock } from '../model/apply-details.ts';
import { phoneSlots, type Row } from '../model/columns.ts';
import { applyDnd, dndVerbs } from '../model/dnd.ts';
import type { Exchange } from '../router.ts';
import { ordinal } from '../wire/contact-details.ts';
import { parseBody } from '../wire/parse-body.ts';
import { toWireNumber } from '../wire/wire-number.ts';
import { receiveAccounts, stamp } from './bulk-write.ts';

const verb = z.enum(dndVerbs).nullish();

/** An entry of `updateContactDND`. */
export const phoneDnd = z.strictObject({
  phone: z.string().min(1),
  ordinal,
  phoneBlock: verb,
  smsConsent: z.boolean().nullish(),
  cellConsent: z.boolean().nullish(),
});

const contactDnd = z.strictObject({
  account: z.string().min(1),
  accountBlock: verb,
  updateContactDND: z.array(phoneDnd).nullish(),
});

const dndBody = z.strictObject({ contactDnd: z.array(contactDnd) });

/** `POST /contact/contacts/dnd` */
export function updateDnd(exchange: Exchange): Answer {
  const { world, faults } = exchange;
  const { contactDnd } = parseBody(dndBody, exchange.body);
  receiveAccounts(
    exchange,
    contactDnd.map((contact) => contact.account),
  );
  const known = new Set<number>();
  for (const [index, contact] of contactDnd.entries()) {
    const slot = world.contacts.findByAccount(contact.account);
    if (slot === undefined) continue;
    if (!faults.hidesRow(index)) known.add(slot);
    if (!faults.dropsRow(index)) writeDnd(exchange, slot, contact);
  }
  return json({ updated: toWireNumber(world.dialect, known.size) });
}

/** Applies the entries to the contact in a slot; one that changes nothing leaves no stamp. */
export function writeDnd(exchange: Exchange, slot: number, contact: z.infer<typeof contactDnd>): void {
  const { world } = exchange;
  const today = world.today();
  const row = world.contacts.read(slot);
  let effective = false;
  if (contact.accountBlock) {
    applyAccountBlock(row, contact.accountBlock, today);
    effective = true;
  }
  for (const entry of contact.updateContactDND ?? []) effective = applyPhoneDnd(row, entry, today) || effective;
  if (!effective) return;
  stamp(row, exchange);
  world.contacts.write(slot, row);
}

/** False when the contact has no such phone at that ordinal, or the entry asks for nothing. */
function applyPhoneDnd(row: Row, entry: z.infer<typeof phoneDnd>, today: number): boolean {
  const slot = phoneSlots[entry.ordinal - 1];
  if (slot === undefined || row[slot.phone] !== entry.phone) return false;
  if (entry.phoneBlock) applyDnd(row, slot, entry.phoneBlock, today);
  if (typeof entry.smsConsent === 'boolean') row[slot.smsConsent] = entry.smsConsent;
  if (typeof entry.cellConsent === 'boolean') row[slot.cellConsent] = entry.cellConsent;
  return Boolean(entry.phoneBlock) || typeof (entry.smsConsent ?? entry.cellConsent) === 'boolean';
}
