/** Contact notes: List and Read. The vendor's API writes none, so an admin route adds them. */
import { z } from 'zod';
import { type Answer, json, refuseNoRecord } from '../answer.ts';
import type { Exchange } from '../router.ts';
import { parseBody } from '../wire/parse-body.ts';
import { toWireJson } from '../wire/wire-json.ts';
import { findSlot } from './contacts.ts';

const noteBody = z.strictObject({ note: z.string().min(1), id: z.int().positive().optional() });

/** `GET /contact/contacts/{account}/notes/`: all of them, without pages. */
export function listNotes({ world, params }: Exchange): Answer {
  const notes = world.notes.list(findSlot(world, params['account']));
  if (notes.length === 0 && world.dialect.emptyLists === '404') throw refuseNoRecord();
  return json(toWireJson(world.dialect, { listContactNotes: notes.map(({ id, note }) => ({ id, note })) }));
}

/** `GET /contact/contacts/{account}/notes/{id}` */
export function readNote({ world, params }: Exchange): Answer {
  const notes = world.notes.list(findSlot(world, params['account']));
  const note = notes.find(({ id }) => String(id) === params['id']);
  if (note === undefined) throw refuseNoRecord();
  return json(toWireJson(world.dialect, note));
}

/** `POST /sandbox/contacts/{account}/notes` */
export function addNote({ world, params, body }: Exchange): Answer {
  const { note, id } = parseBody(noteBody, body);
  return json(world.notes.add(findSlot(world, params['account']), note, world.now(), id), 201);
}
