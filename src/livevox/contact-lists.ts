/**
 * List Contact (GET /contact/contacts) and Find Matching Contact (POST /contact/contacts/search). Both show no custom fields, as
 * far as the examples go. Accounts differ by case, and are what makes a contact the same in two pages.
 */
import type { z } from 'zod';
import type { Calls } from './calls.ts';
import type { ContactRecord } from './contact-record.ts';
import { assertSearchable, type ContactSearch } from './contact-search.ts';
import { readList } from './read-list.ts';
import type { VendorMethod } from './vendor-method.ts';

export const listContactMethod: VendorMethod = { name: 'List Contact', verb: 'GET', kind: 'read' };
export const findMatchingContactMethod: VendorMethod = { name: 'Find Matching Contact', verb: 'POST', kind: 'read' };

/** Every contact of the tenant. */
export function fetchContacts(
  calls: Calls,
  contact: z.ZodType<ContactRecord>,
  signal?: AbortSignal,
): AsyncIterable<ContactRecord> {
  return readList(
    calls,
    { method: listContactMethod, path: '/contact/contacts', keys: ['listContactDetails'], item: contact, keyOf },
    signal,
  );
}

/** The contacts that match. @throws FatalError at once for a search that means its opposite. */
export function fetchMatchingContacts(
  calls: Calls,
  contact: z.ZodType<ContactRecord>,
  { search, sort }: ContactSearch,
  signal?: AbortSignal,
): AsyncIterable<ContactRecord> {
  assertSearchable({ search });
  return readList(
    calls,
    {
      method: findMatchingContactMethod,
      path: '/contact/contacts/search',
      body: { search, sort },
      keys: ['findMatchingContactsDetails'],
      item: contact,
      keyOf,
    },
    signal,
  );
}

function keyOf({ account }: ContactRecord): string {
  return account;
}
