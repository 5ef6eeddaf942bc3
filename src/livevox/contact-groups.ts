/**
 * Contact groups (vendor page: Contact API, Contact Groups): create, list, read, update; LiveVox cannot delete one. A contact is
 * put into a group by its `groupId`. Names need not be unique.
 */
import { z } from 'zod';
import type { Calls } from './calls.ts';
import { type LiveVoxId, toIdText } from './livevox-id.ts';
import { toReadAnswerIfAny } from './read-answer.ts';
import { readList } from './read-list.ts';
import type { CallInput, VendorMethod } from './vendor-method.ts';
import { optionalMoment, optionalText, wireId, wireText } from './wire-scalars.ts';
import { toWriteAnswer, type WriteAnswer } from './write-answer.ts';

export const createContactGroupMethod: VendorMethod = { name: 'Create Contact Group', verb: 'POST', kind: 'create' };
export const listContactGroupMethod: VendorMethod = { name: 'List Contact Group', verb: 'GET', kind: 'read' };
export const readContactGroupMethod: VendorMethod = { name: 'Read Contact Group', verb: 'GET', kind: 'read' };
export const updateContactGroupMethod: VendorMethod = { name: 'Update Contact Group', verb: 'PUT', kind: 'update' };

export type ContactGroup = {
  /** Digits. */
  readonly id: string;
  readonly name: string;
  readonly createdBy?: string;
  readonly modifiedBy?: string;
  readonly createdAt?: Date;
  readonly modifiedAt?: Date;
};

export type ContactGroups = {
  /** Create Contact Group; the answer has the new group's `id`. Sent once. @throws like every write, only where it had no effect. */
  createContactGroup(name: string, signal?: AbortSignal): Promise<WriteAnswer>;
  /** List Contact Group, over all pages. @throws as every read; see errors.ts. */
  listContactGroup(signal?: AbortSignal): AsyncIterable<ContactGroup>;
  /** Read Contact Group; undefined when there is none. @throws as every read; see errors.ts. */
  readContactGroup(id: LiveVoxId, signal?: AbortSignal): Promise<ContactGroup | undefined>;
  /** Update Contact Group: renames it; refused with 404 when there is none. @throws like every write. */
  updateContactGroup(id: LiveVoxId, name: string, signal?: AbortSignal): Promise<WriteAnswer>;
};

const path = '/contact/contactGroups';
const maybeText = optionalText.catch(undefined);

const contactGroup = z.object({
  id: wireId,
  name: wireText,
  createdBy: maybeText,
  modifiedBy: maybeText,
  createdAt: optionalMoment,
  modifiedAt: optionalMoment,
});

/** The contact group methods over one tenant's calls. */
export function makeContactGroups(calls: Calls): ContactGroups {
  const send = async (method: VendorMethod, input: CallInput, signal?: AbortSignal): Promise<WriteAnswer> => {
    const reply = await calls.call(method, input, signal);
    return toWriteAnswer(reply, { method: method.name, origin: calls.origin });
  };
  return {
    createContactGroup: (name, signal) => send(createContactGroupMethod, { path, body: { name } }, signal),
    listContactGroup: (signal) => fetchContactGroups(calls, signal),
    readContactGroup: (id, signal) => fetchContactGroup(calls, id, signal),
    updateContactGroup: async (id, name, signal) =>
      send(updateContactGroupMethod, { path: `${path}/${toIdText(id)}`, body: { name } }, signal),
  };
}

function fetchContactGroups(calls: Calls, signal?: AbortSignal): AsyncIterable<ContactGroup> {
  const list = { method: listContactGroupMethod, path, keys: ['contactGroup'] };
  return readList(calls, { ...list, item: contactGroup, keyOf: ({ id }) => id }, signal);
}

async function fetchContactGroup(calls: Calls, id: LiveVoxId, signal?: AbortSignal): Promise<ContactGroup | undefined> {
  const reply = await calls.call(readContactGroupMethod, { path: `${path}/${toIdText(id)}` }, signal);
  return toReadAnswerIfAny(reply, contactGroup, { method: readContactGroupMethod.name, origin: calls.origin });
}
