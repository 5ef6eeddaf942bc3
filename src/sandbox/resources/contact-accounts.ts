/**
 * List Accounts Associated with the Contact. The page's table asks for the contact's id, its example gives the account:
 * both find the contact. The example's verb, POST, is a slip; the table's key and the example's differ, see the dialect.
 */
import { type Answer, refuseNoRecord } from '../answer.ts';
import { makeAssociatedAccounts } from '../model/associated-accounts.ts';
import type { Exchange } from '../router.ts';
import { cutPage, readPage, toListAnswer } from '../wire/page.ts';

/** `GET /contact/contacts/{account}/accounts?count&offset` */
export function listAssociatedAccounts(exchange: Exchange): Answer {
  const { world, params, query } = exchange;
  const page = readPage(query);
  const named = params['account'] ?? '';
  const slot = world.contacts.findByAccount(named) ?? world.contacts.findById(Number(named));
  if (slot === undefined) throw refuseNoRecord();
  return toListAnswer(exchange, {
    page,
    key: world.dialect.accountsKey,
    ...cutPage(makeAssociatedAccounts(world.seed, slot, world.asOf), page),
    path: `contact/contacts/${encodeURIComponent(named)}/accounts`,
  });
}
