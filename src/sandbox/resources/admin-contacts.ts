/**
 * `/sandbox/contacts`: what LiveVox would hold, seen and changed from outside its API. Tests look here for the truth, so
 * values come in plain form, free of every dialect.
 */
import { z } from 'zod';
import { type Answer, empty, errorCodes, json, Refusal, refuseInvalid } from '../answer.ts';
import { makeBlankRow, positionOf } from '../model/columns.ts';
import { setPlain, toPlain } from '../model/plain-form.ts';
import { clientId } from '../model/population.ts';
import { purgeContacts } from '../model/purge-contacts.ts';
import type { Exchange } from '../router.ts';
import { parseBody } from '../wire/parse-body.ts';
import type { World } from '../world.ts';

const setBody = z.strictObject({
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
const purgeBody = z.strictObject({ contacts: z.int().positive(), seed: z.int().nonnegative().default(1) });
const pageNumber = z.coerce.number().pipe(z.int().nonnegative());

const accountAt = positionOf('account');
const modifyDateAt = positionOf('modifyDate');
const modifyUserAt = positionOf('modifyUser');

/** `GET /sandbox/count` */
export function countContacts({ world }: Exchange): Answer {
  return json({ count: world.contacts.count() });
}

/** `GET /sandbox/contacts?offset&count`, in the order of creation. */
export function listContacts({ world, query }: Exchange): Answer {
  const offset = parseBody(pageNumber, query.get('offset') ?? '0');
  const count = parseBody(pageNumber, query.get('count') ?? '1000');
  const contacts = world.contacts.page(offset, count).map((slot) => toPlain(world.contacts.read(slot), world.today()));
  return json({ total: world.contacts.count(), offset, contacts });
}

/** `GET /sandbox/contacts/{account}` */
export function readContact({ world, params }: Exchange): Answer {
  return json(toPlain(world.contacts.read(findSlot(world, params['account'])), world.today()));
}

/** `PUT /sandbox/contacts/{account}`: sets fields directly, creating the contact when there is none. */
export function putContact({ world, params, body }: Exchange): Answer {
  const { fields } = parseBody(setBody, body);
  const account = params['account'] ?? '';
  const slot = world.contacts.findByAccount(account);
  const row = slot === undefined ? makeBlankRow() : world.contacts.read(slot);
  const initial = {
    account,
    clientId,
    active: true,
    accountBlock: false,
    accountBlockDaily: 0,
    createDate: world.now(),
  };
  if (slot === undefined) for (const [name, value] of Object.entries(initial)) row[positionOf(name)] = value;
  row[modifyDateAt] = world.now();
  row[modifyUserAt] = 'sandbox';
  const unreadable = setPlain(row, fields, world.today());
  if (unreadable !== undefined) throw refuseInvalid(`fields.${unreadable}`);
  if (row[accountAt] !== account) throw refuseInvalid('fields.account differs from the path');
  if (slot === undefined) world.contacts.create(row);
  else world.contacts.write(slot, row);
  return json(toPlain(row, world.today()), slot === undefined ? 201 : 200);
}

/** `DELETE /sandbox/contacts/{account}`: purges it, as a retention rule would, leaving no trace in any download. */
export function purgeContact({ world, params }: Exchange): Answer {
  world.contacts.purge(findSlot(world, params['account']));
  return empty();
}

/** `POST /sandbox/purge`: purges some contacts by chance and names them. */
export function purgeSome({ world, body }: Exchange): Answer {
  const { contacts, seed } = parseBody(purgeBody, body);
  return json({ accounts: purgeContacts(world.contacts, contacts, seed) });
}

function findSlot(world: World, account: string | undefined): number {
  const slot = world.contacts.findByAccount(account ?? '');
  if (slot === undefined) throw new Refusal(404, errorCodes.notFound, 'No such contact');
  return slot;
}
