/**
 * One contact by its account: Create, Read, Update, Delete; and List Contact. Unlike the bulk form, Update Contact leaves
 * `active` alone when the body does. A contact that is not there is a bare 404 for Update and Delete, as the page has it.
 */
import { type Answer, empty, json, refuseInvalid, refuseNoRecord } from '../answer.ts';
import { applyDetails } from '../model/apply-details.ts';
import { positionOf } from '../model/columns.ts';
import type { Exchange } from '../router.ts';
import { toListView, toReadView, type ViewOptions } from '../wire/contact-view.ts';
import { readPage, toListAnswer } from '../wire/page.ts';
import { parseBody } from '../wire/parse-body.ts';
import { toWireJson } from '../wire/wire-json.ts';
import type { World } from '../world.ts';
import { makeContactRow, refuseExisting } from './bulk-create.ts';
import { receiveAccounts, stamp } from './bulk-write.ts';
import { assertKnown } from './check-details.ts';

const lvAccountIdAt = positionOf('lvAccountId');

/** `POST /contact/contacts/` */
export function createContact(exchange: Exchange): Answer {
  const { world } = exchange;
  const { createContactDetails } = parseBody(world.bodies.createOne, exchange.body);
  const { account } = createContactDetails;
  receiveAccounts(exchange, [account]);
  world.log.countCreate(account, 'received');
  if (world.contacts.findByAccount(account) !== undefined) return refuseExisting(exchange);
  assertKnown(world, createContactDetails, 'createContactDetails');
  const row = makeContactRow(createContactDetails, exchange);
  world.contacts.create(row);
  world.log.countCreate(account, 'created');
  return json(toWireJson(world.dialect, { id: row[lvAccountIdAt] }), 201);
}

/** `GET /contact/contacts/{account}` */
export function readContact({ world, params }: Exchange): Answer {
  const row = world.contacts.read(findSlot(world, params['account']));
  return json(toWireJson(world.dialect, { readContactDetails: toReadView(row, toViewOptions(world)) }));
}

/** `PUT /contact/contacts/{account}` */
export function updateContact(exchange: Exchange): Answer {
  const { world, params, body } = exchange;
  const details = parseBody(world.bodies.updateOne, body).updateContactDetails ?? undefined;
  const account = params['account'] ?? '';
  receiveAccounts(exchange, [account]);
  const slot = world.contacts.findByAccount(account);
  if (slot === undefined) return empty(404);
  if (details === undefined) return empty();
  if ((details.account ?? account) !== account)
    throw refuseInvalid('updateContactDetails.account differs from the path');
  assertKnown(world, details, 'updateContactDetails');
  const row = world.contacts.read(slot);
  applyDetails(row, { ...details, account }, { phones: world.dialect.phones, today: world.today(), keepsActive: true });
  stamp(row, exchange);
  world.contacts.write(slot, row);
  return empty();
}

/** `DELETE /contact/contacts/{account}`: gone from every answer, without a trace in any download. */
export function deleteContact(exchange: Exchange): Answer {
  const { world, params } = exchange;
  const account = params['account'] ?? '';
  receiveAccounts(exchange, [account]);
  const slot = world.contacts.findByAccount(account);
  if (slot === undefined) return empty(404);
  world.contacts.purge(slot);
  return empty();
}

/** `GET /contact/contacts?count&offset`, in the order of creation. */
export function listContacts(exchange: Exchange): Answer {
  const { world, query } = exchange;
  const page = readPage(query);
  const slots = world.contacts.page(page.offset, page.count);
  return toListAnswer(exchange, {
    page,
    key: 'listContactDetails',
    items: slots.map((slot) => toListView(world.contacts.read(slot), toViewOptions(world))),
    hasMore: page.offset + slots.length < world.contacts.count(),
    path: 'contact/contacts',
  });
}

/** How contacts are shown now. */
export function toViewOptions(world: World): ViewOptions {
  return { dialect: world.dialect, zone: world.zone, today: world.today() };
}

/** @throws Refusal 404 when nobody has that account. */
export function findSlot({ contacts }: World, account: string | undefined): number {
  const slot = contacts.findByAccount(account ?? '');
  if (slot === undefined) throw refuseNoRecord();
  return slot;
}
