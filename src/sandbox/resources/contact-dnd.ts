/**
 * Update Contact DND: blocks and consents of one contact, by the same rules as for many: an entry counts only when
 * number and ordinal are both the contact's. The page's table leaves open whether `accountBlock` stands beside the array
 * or in its entries, so both are taken.
 */
import { z } from 'zod';
import { type Answer, empty } from '../answer.ts';
import { dndVerbs } from '../model/dnd.ts';
import type { Exchange } from '../router.ts';
import { parseBody } from '../wire/parse-body.ts';
import { receiveAccounts } from './bulk-write.ts';
import { findSlot } from './contacts.ts';
import { phoneDnd, writeDnd } from './multi-dnd.ts';

const verb = z.enum(dndVerbs).nullish();
const dndBody = z.strictObject({
  accountBlock: verb,
  updateContactDND: z.array(phoneDnd.extend({ accountBlock: verb })).nullish(),
});

/** `PUT /contact/contacts/{account}/dnd` */
export function updateContactDnd(exchange: Exchange): Answer {
  const { world, params, body } = exchange;
  const { accountBlock, updateContactDND } = parseBody(dndBody, body);
  const account = params['account'] ?? '';
  receiveAccounts(exchange, [account]);
  const slot = findSlot(world, account);
  const inEntries = updateContactDND?.find((entry) => entry.accountBlock)?.accountBlock;
  writeDnd(exchange, slot, { account, accountBlock: accountBlock ?? inEntries, updateContactDND });
  return empty();
}
