/**
 * Sends one row of a bulk method by the method for a single contact: what the bulk method refuses, or does not have, may go this way. What it
 * cannot say there it does not send at all: a part of a change would be another change.
 */
import type { Endpoint } from '../contact/index.ts';
import {
  type BeforeSend,
  type ContactWrite,
  fitsContactDnd,
  fitsCreateContact,
  fitsUpdateContact,
  type WriteAnswer,
} from '../livevox/index.ts';

type SendOne = (row: ContactWrite, signal?: AbortSignal, beforeSend?: BeforeSend) => Promise<WriteAnswer>;

/** The three methods, as the client has them; each in a lane of its own. */
export type SingleContactWriter = {
  readonly sendCreateContact: SendOne;
  readonly sendUpdateContact: SendOne;
  readonly sendContactDnd: SendOne;
};

export type SendSinglyOptions = {
  readonly signal?: AbortSignal | undefined;
  /** Called when the request is about to leave, at each attempt. */
  readonly beforeSend?: BeforeSend | undefined;
};

/**
 * LiveVox's answer; undefined, and nothing sent, when no single method can say all of the row, or the endpoint is none of a bulk method.
 * @throws like every write, only where the request had no effect
 */
export async function sendSingly(
  livevox: SingleContactWriter,
  endpoint: Endpoint,
  row: ContactWrite,
  { signal, beforeSend }: SendSinglyOptions = {},
): Promise<WriteAnswer | undefined> {
  return chooseSend(livevox, endpoint, row)?.(row, signal, beforeSend);
}

function chooseSend(livevox: SingleContactWriter, endpoint: Endpoint, row: ContactWrite): SendOne | undefined {
  switch (endpoint) {
    case 'bulk_create':
      return fitsCreateContact(row) ? livevox.sendCreateContact : undefined;
    case 'bulk_update':
      return fitsUpdateContact(row) ? livevox.sendUpdateContact : undefined;
    case 'multi_dnd':
      return fitsContactDnd(row) ? livevox.sendContactDnd : undefined;
    case 'delete_contact':
      return undefined;
  }
}
