/**
 * Create, Read, Update and Delete Contact and Update Contact DND: one contact, named by its account in the path. Many contacts go
 * through the bulk methods. Create switches a contact off when `active` is left out, like the bulk writes, so it is refused
 * without; Update leaves `active` alone. The account stands in the body of an update, too: the page demands it, its example has none.
 */
import { z } from 'zod';
import { toAccountPath } from './account-path.ts';
import { type ContactWrite, toBulkRow, toContactBody } from './bulk-write.ts';
import type { Calls } from './calls.ts';
import type { ContactRecord } from './contact-record.ts';
import { toDndRow } from './dnd.ts';
import { toReadAnswerIfAny } from './read-answer.ts';
import type { CallInput, VendorMethod } from './vendor-method.ts';
import { toWriteAnswer, type WriteAnswer } from './write-answer.ts';

export const createContactMethod: VendorMethod = { name: 'Create Contact', verb: 'POST', kind: 'create' };
export const readContactMethod: VendorMethod = { name: 'Read Contact', verb: 'GET', kind: 'read' };
export const updateContactMethod: VendorMethod = { name: 'Update Contact', verb: 'PUT', kind: 'update' };
/** Not repeated after a 503: the second one finds nothing and is refused, which would hide that the first took effect. */
export const deleteContactMethod: VendorMethod = { name: 'Delete Contact', verb: 'DELETE', kind: 'create' };
export const updateContactDndMethod: VendorMethod = { name: 'Update Contact DND', verb: 'PUT', kind: 'update' };

/** A write of one contact. `lvAccountId` is not sent: these methods know the account only. */
export type SingleContactWrite = ContactWrite & {
  /** LiveVox's name of a country, e.g. `UNITED_STATES_OF_AMERICA`; no export field has it. @default left as it is */
  readonly country?: string;
};

/** Called when the request has its slot and is about to leave; again for each attempt. What it throws keeps the request from leaving. */
export type BeforeSend = () => Promise<void>;

export async function sendCreateContact(
  calls: Calls,
  write: SingleContactWrite,
  timeZone: string,
  signal?: AbortSignal,
  beforeSend?: BeforeSend,
): Promise<WriteAnswer> {
  const createContactDetails = withCountry(write, toBulkRow({ ...write, lvAccountId: undefined }, timeZone));
  return send(
    calls,
    createContactMethod,
    { path: '/contact/contacts/', body: { createContactDetails } },
    signal,
    beforeSend,
  );
}

export async function fetchContact(
  calls: Calls,
  contact: z.ZodType<ContactRecord>,
  account: string,
  signal?: AbortSignal,
): Promise<ContactRecord | undefined> {
  const answer = z.object({ readContactDetails: contact.nullish() });
  const reply = await calls.call(readContactMethod, { path: toAccountPath(account) }, signal);
  const found = toReadAnswerIfAny(reply, answer, { method: readContactMethod.name, origin: calls.origin });
  return found?.readContactDetails ?? undefined;
}

export async function sendUpdateContact(
  calls: Calls,
  write: SingleContactWrite,
  timeZone: string,
  signal?: AbortSignal,
  beforeSend?: BeforeSend,
): Promise<WriteAnswer> {
  const updateContactDetails = withCountry(write, toContactBody({ ...write, lvAccountId: undefined }, timeZone));
  const input = { path: toAccountPath(write.account), body: { updateContactDetails } };
  return send(calls, updateContactMethod, input, signal, beforeSend);
}

export async function sendDeleteContact(
  calls: Calls,
  account: string,
  signal?: AbortSignal,
  beforeSend?: BeforeSend,
): Promise<WriteAnswer> {
  return send(calls, deleteContactMethod, { path: toAccountPath(account), body: {} }, signal, beforeSend);
}

export async function sendContactDnd(
  calls: Calls,
  write: ContactWrite,
  timeZone: string,
  signal?: AbortSignal,
  beforeSend?: BeforeSend,
): Promise<WriteAnswer> {
  const { account, ...body } = toDndRow(write, timeZone);
  return send(calls, updateContactDndMethod, { path: `${toAccountPath(account)}/dnd`, body }, signal, beforeSend);
}

async function send(
  calls: Calls,
  method: VendorMethod,
  { body, ...input }: CallInput,
  signal: AbortSignal | undefined,
  beforeSend: BeforeSend = async () => {},
): Promise<WriteAnswer> {
  const prepareBody = async (): Promise<unknown> => {
    await beforeSend();
    return body;
  };
  const reply = await calls.call(method, { ...input, prepareBody }, signal);
  return toWriteAnswer(reply, { method: method.name, origin: calls.origin });
}

function withCountry<T extends object>({ country }: SingleContactWrite, body: T): T {
  return country === undefined ? body : { ...body, country };
}
