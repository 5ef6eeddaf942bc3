/**
 * Contact groups: Create, List, Read, Update; the vendor has no Delete. Names may repeat. An admin may put a group under an
 * id of choice, for the ids that examples and fixtures name.
 */
import { z } from 'zod';
import { type Answer, empty, json, refuseInvalid, refuseNoRecord } from '../answer.ts';
import type { GroupStamp } from '../model/contact-groups.ts';
import type { Exchange } from '../router.ts';
import { cutPage, readPage, toListAnswer } from '../wire/page.ts';
import { parseBody } from '../wire/parse-body.ts';
import { toWireJson } from '../wire/wire-json.ts';

const groupBody = z.strictObject({ name: z.string().min(1) });

/** `POST /contact/contactGroups` */
export function createGroup(exchange: Exchange): Answer {
  const { world, body } = exchange;
  const { id } = world.groups.create(parseBody(groupBody, body).name, toStamp(exchange));
  return json(toWireJson(world.dialect, { id }), 201);
}

/** `GET /contact/contactGroups?count&offset`, by id. */
export function listGroups(exchange: Exchange): Answer {
  const page = readPage(exchange.query);
  const cut = cutPage(exchange.world.groups.list(), page);
  return toListAnswer(exchange, { page, key: 'contactGroup', ...cut, path: 'contact/contactGroups/' });
}

/** `GET /contact/contactGroups/{id}` */
export function readGroup({ world, params }: Exchange): Answer {
  const id = readGroupId(params['id']);
  const group = world.groups.find(id);
  if (group === undefined) throw refuseNoGroup(id);
  return json(toWireJson(world.dialect, group));
}

/** `PUT /contact/contactGroups/{id}` */
export function updateGroup(exchange: Exchange): Answer {
  const { world, params, body } = exchange;
  const { name } = parseBody(groupBody, body);
  const id = readGroupId(params['id']);
  if (!world.groups.rename(id, name, toStamp(exchange))) throw refuseNoGroup(id);
  return empty();
}

/** `PUT /sandbox/groups/{id}`: makes or replaces the group. */
export function putGroup(exchange: Exchange): Answer {
  const { world, params, body } = exchange;
  return json(world.groups.create(parseBody(groupBody, body).name, toStamp(exchange), readGroupId(params['id'])));
}

function toStamp({ world, session }: Exchange): GroupStamp {
  return { by: session?.user.userName ?? 'sandbox', at: world.now() };
}

function readGroupId(text: string | undefined): number {
  if (text === undefined || !/^\d{1,15}$/.test(text)) throw refuseInvalid('the id is no whole number');
  return Number(text);
}

function refuseNoGroup(id: number): Error {
  return refuseNoRecord(`Contact group with ${id} not found`);
}
