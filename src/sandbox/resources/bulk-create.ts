/**
 * Bulk Create Contact. All or nothing: one contact that exists already, or twice in the request, refuses all of it.
 * The vendor shows that refusal as "202 Bad Request", so the dialect chooses the status.
 */
import { type Answer, errorCodes, json } from '../answer.ts';
import { applyDetails } from '../model/apply-details.ts';
import { makeBlankRow, positionOf, type Row } from '../model/columns.ts';
import { clientId } from '../model/population.ts';
import type { Exchange } from '../router.ts';
import type { CreateDetails } from '../wire/contact-details.ts';
import { parseBody } from '../wire/parse-body.ts';
import { receiveAccounts, stamp, toCountMessage } from './bulk-write.ts';
import { assertAllKnown } from './check-details.ts';

/** `POST /contact/contacts/bulk` with `createContactDetails` */
export function createContacts(exchange: Exchange): Answer {
  const { world, faults } = exchange;
  const { createContactDetails } = parseBody(world.bodies.create, exchange.body);
  const accounts = createContactDetails.map((details) => details.account);
  receiveAccounts(exchange, accounts);
  for (const account of accounts) world.log.countCreate(account, 'received');
  const repeats = new Set(accounts).size < accounts.length;
  if (repeats || accounts.some((account) => world.contacts.findByAccount(account) !== undefined))
    return refuseExisting(exchange);
  assertAllKnown(world, createContactDetails, 'createContactDetails');
  for (const [index, details] of createContactDetails.entries()) {
    if (faults.dropsRow(index)) continue;
    world.contacts.create(makeContactRow(details, exchange));
    world.log.countCreate(details.account, 'created');
  }
  return json(toCountMessage(accounts.filter((_, index) => !faults.hidesRow(index)).length));
}

/** The row of a contact that is created now; without an id. */
export function makeContactRow(details: CreateDetails, exchange: Exchange): Row {
  const { world, session } = exchange;
  const row = makeBlankRow();
  const initial = {
    account: details.account,
    clientId,
    createDate: world.now(),
    createUser: session?.user.userName ?? null,
    callAttemptsTotal: 0,
    callAttemptsToday: 0,
    accountBlock: false,
    accountBlockDaily: 0,
    accountEmailBlock: false,
    primaryEmailConsent: false,
    primarySMSConsent: false,
  };
  for (const [name, value] of Object.entries(initial)) row[positionOf(name)] = value;
  applyDetails(row, details, { phones: world.dialect.phones, today: world.today() });
  stamp(row, exchange);
  return row;
}

/** "Contact already exists!" as the dialect says it. */
export function refuseExisting({ world }: Exchange): Answer {
  const error = { code: errorCodes.exists, message: 'Contact already exists!' };
  if (world.dialect.exists === '202') return json(error, 202);
  return { kind: 'error', status: Number(world.dialect.exists), error };
}
