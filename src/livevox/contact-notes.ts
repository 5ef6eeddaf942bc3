/**
 * Contact notes (vendor page: Contact API, Contact Notes): what agents wrote about a contact; read only. The list has no pages and
 * shows the text alone; who wants the call and the times reads the note.
 */
import { z } from 'zod';
import { toAccountPath } from './account-path.ts';
import type { Calls } from './calls.ts';
import { type LiveVoxId, toIdText } from './livevox-id.ts';
import { isEmptyList } from './paging.ts';
import { toReadAnswer, toReadAnswerIfAny } from './read-answer.ts';
import type { VendorMethod } from './vendor-method.ts';
import { optionalMoment, optionalText, wireId, wireList, wireText } from './wire-scalars.ts';

export const listContactNotesMethod: VendorMethod = { name: 'List Contact Notes', verb: 'GET', kind: 'read' };
export const readContactNoteMethod: VendorMethod = { name: 'Read Contact Note', verb: 'GET', kind: 'read' };

export type ContactNoteSummary = {
  /** Digits. */
  readonly id: string;
  readonly note: string;
};

export type ContactNote = ContactNoteSummary & {
  /** The call the note was written on, e.g. `U1FF238B4736@10.201.17.196`. */
  readonly sessionId?: string;
  /** Digits. */
  readonly transactionId?: string;
  readonly createDate?: Date;
  readonly modifiedDate?: Date;
};

export type ContactNotes = {
  /**
   * List Contact Notes of one account.
   * @throws FatalError for an account that cannot stand in a path, before anything is sent, and for one LiveVox answers with 404.
   */
  listContactNotes(account: string, signal?: AbortSignal): Promise<readonly ContactNoteSummary[]>;
  /** Read Contact Note; undefined when there is none. @throws as every read, and for an account that cannot stand in a path. */
  readContactNote(account: string, id: LiveVoxId, signal?: AbortSignal): Promise<ContactNote | undefined>;
};

const listAnswer = z.object({ listContactNotes: wireList(z.object({ id: wireId, note: wireText })) });

const contactNote = z.object({
  id: wireId,
  note: wireText,
  sessionId: optionalText.catch(undefined),
  transactionId: wireId.optional().catch(undefined),
  createDate: optionalMoment,
  modifiedDate: optionalMoment,
});

/** The contact note methods over one tenant's calls. */
export function makeContactNotes(calls: Calls): ContactNotes {
  return {
    listContactNotes: (account, signal) => fetchContactNotes(calls, account, signal),
    readContactNote: (account, id, signal) => fetchContactNote(calls, account, id, signal),
  };
}

async function fetchContactNotes(
  calls: Calls,
  account: string,
  signal?: AbortSignal,
): Promise<readonly ContactNoteSummary[]> {
  const reply = await calls.call(listContactNotesMethod, { path: `${toAccountPath(account)}/notes/` }, signal);
  if (isEmptyList(reply, 0) || (reply.kind === 'done' && reply.body === undefined)) return [];
  return toReadAnswer(reply, listAnswer, { method: listContactNotesMethod.name, origin: calls.origin })
    .listContactNotes;
}

async function fetchContactNote(
  calls: Calls,
  account: string,
  id: LiveVoxId,
  signal?: AbortSignal,
): Promise<ContactNote | undefined> {
  const path = `${toAccountPath(account)}/notes/${toIdText(id)}`;
  const reply = await calls.call(readContactNoteMethod, { path }, signal);
  return toReadAnswerIfAny(reply, contactNote, { method: readContactNoteMethod.name, origin: calls.origin });
}
