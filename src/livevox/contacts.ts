/**
 * The namespace `client.contacts`: the vendor's contact methods under the vendor's names, each a line into the file of its
 * resource (vendor page: Contact API). An account that cannot stand in a path (`bulk`, `search`, `dnd`, `customFields`, `.`,
 * `..`, empty) is a FatalError before anything is sent.
 */
import { type AssociatedAccount, fetchAssociatedAccounts } from './associated-accounts.ts';
import { type BulkDownload, type BulkDownloadRequest, fetchBulkContacts } from './bulk-download.ts';
import { type ContactRows, type ContactWrite, sendBulkCreate, sendBulkUpdate } from './bulk-write.ts';
import type { Calls } from './calls.ts';
import { fetchContacts, fetchMatchingContacts } from './contact-lists.ts';
import { type ContactRecord, makeContactSchema } from './contact-record.ts';
import type { ContactSearch } from './contact-search.ts';
import { sendMultipleContactsDnd } from './dnd.ts';
import {
  type BeforeSend,
  fetchContact,
  type SingleContactWrite,
  sendContactDnd,
  sendCreateContact,
  sendDeleteContact,
  sendUpdateContact,
} from './single-contact.ts';
import type { WriteAnswer } from './write-answer.ts';

export type Contacts = {
  /** Bulk Contact Download: starts it and hands over the bytes as received. @throws as every read; see errors.ts. */
  bulkContactDownload(request: BulkDownloadRequest, signal?: AbortSignal): Promise<BulkDownload>;
  /**
   * Create Contact: must send `active`; the answer has LiveVox's `id` of the contact. Sent once; "already exists" is refused.
   * @throws FatalError for what cannot be expressed, and like every write only where the request had no effect.
   */
  createContact(write: SingleContactWrite, signal?: AbortSignal, beforeSend?: BeforeSend): Promise<WriteAnswer>;
  /**
   * Bulk Create Contact. Sent once; only what surely had no effect is repeated.
   * @throws FatalError for a row that cannot be expressed, and like every write only where the request had no effect.
   */
  bulkCreateContact(rows: ContactRows, signal?: AbortSignal): Promise<WriteAnswer>;
  /** Delete Contact; refused with 404 when there is none. @throws like `createContact`, and for an account no path can hold. */
  deleteContact(account: string, signal?: AbortSignal, beforeSend?: BeforeSend): Promise<WriteAnswer>;
  /**
   * Find Matching Contact: those that match, over all pages. Without a sort the order is LiveVox's.
   * @throws FatalError at once for a lone negated condition; while iterating as every read.
   */
  findMatchingContacts(request: ContactSearch, signal?: AbortSignal): AsyncIterable<ContactRecord>;
  /** List Contact: every contact, over all pages; for many contacts the download is faster. @throws as every read. */
  listContacts(signal?: AbortSignal): AsyncIterable<ContactRecord>;
  /** Read Contact; undefined when there is none. @throws as every read, and for an account no path can hold. */
  readContact(account: string, signal?: AbortSignal): Promise<ContactRecord | undefined>;
  /** Update Contact: what is not sent stays; refused with 404 when there is none. @throws like `deleteContact`. */
  updateContact(write: SingleContactWrite, signal?: AbortSignal, beforeSend?: BeforeSend): Promise<WriteAnswer>;
  /** Bulk Update Contact. Every row must send `active`. @throws like `bulkCreateContact`. */
  bulkUpdateContact(rows: ContactRows, signal?: AbortSignal): Promise<WriteAnswer>;
  /** Update Contact DND: blocks and consents only, each phone with its number; refused with 404 when there is none. @throws like `deleteContact`. */
  updateContactDnd(write: ContactWrite, signal?: AbortSignal, beforeSend?: BeforeSend): Promise<WriteAnswer>;
  /** Update Multiple Contacts' DND: blocks and consents only; each phone with its number. @throws like `bulkCreateContact`. */
  updateMultipleContactsDnd(rows: ContactRows, signal?: AbortSignal): Promise<WriteAnswer>;
  /** List Accounts Associated with the Contact: its companies in Contact Manager, over all pages. @throws as every read. */
  listAssociatedAccounts(contactId: string, signal?: AbortSignal): AsyncIterable<AssociatedAccount>;
};

/** The contact methods over one tenant's calls; dates go out as midnight in `timeZone`. */
export function makeContacts(calls: Calls, timeZone: string): Contacts {
  const contact = makeContactSchema(timeZone);
  return {
    bulkContactDownload: (request, signal) => fetchBulkContacts(calls, request, signal),
    createContact: (write, signal, beforeSend) => sendCreateContact(calls, write, timeZone, signal, beforeSend),
    bulkCreateContact: (rows, signal) => sendBulkCreate(calls, rows, timeZone, signal),
    deleteContact: (account, signal, beforeSend) => sendDeleteContact(calls, account, signal, beforeSend),
    findMatchingContacts: (request, signal) => fetchMatchingContacts(calls, contact, request, signal),
    listContacts: (signal) => fetchContacts(calls, contact, signal),
    readContact: (account, signal) => fetchContact(calls, contact, account, signal),
    updateContact: (write, signal, beforeSend) => sendUpdateContact(calls, write, timeZone, signal, beforeSend),
    bulkUpdateContact: (rows, signal) => sendBulkUpdate(calls, rows, timeZone, signal),
    updateContactDnd: (write, signal, beforeSend) => sendContactDnd(calls, write, timeZone, signal, beforeSend),
    updateMultipleContactsDnd: (rows, signal) => sendMultipleContactsDnd(calls, rows, timeZone, signal),
    listAssociatedAccounts: (contactId, signal) => fetchAssociatedAccounts(calls, contactId, signal),
  };
}
