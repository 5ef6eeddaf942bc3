/**
 * List Accounts Associated with the Contact (GET /contact/contacts/{contactId}/accounts): the companies a contact belongs to in
 * LiveVox's Contact Manager; not to be mixed up with the `account` that is a contact's key. The page's table calls the list
 * `listAccounts`, its example `listAccount`; both are read. Optional values that are missing or unreadable are undefined.
 */
import { z } from 'zod';
import { toAccountPath } from './account-path.ts';
import type { Calls } from './calls.ts';
import { readList } from './read-list.ts';
import type { VendorMethod } from './vendor-method.ts';
import { optionalMoment, optionalText, wireId, wireList, wireText, wireWhole } from './wire-scalars.ts';

export const listAssociatedAccountsMethod: VendorMethod = {
  name: 'List Accounts Associated with the Contact',
  verb: 'GET',
  kind: 'read',
};

const maybeText = optionalText.catch(undefined);
const maybeWhole = wireWhole.optional().catch(undefined);
const maybeId = wireId.optional().catch(undefined);
const maybeAddress = z
  .object({ street: maybeText, city: maybeText, state: maybeText, postalCode: maybeText, country: maybeText })
  .optional()
  .catch(undefined);

const associatedAccount = z.object({
  id: wireId,
  name: wireText,
  createdBy: maybeText,
  createdDate: optionalMoment,
  modifiedBy: maybeText,
  modifiedDate: optionalMoment,
  description: maybeText,
  industry: maybeText,
  annualRevenue: maybeWhole,
  numOfEmployees: maybeWhole,
  phoneFax: maybeText,
  phoneOffice: maybeText,
  phoneAlternate: maybeText,
  website: maybeText,
  billingAddress: maybeAddress,
  shippingAddress: maybeAddress,
  rating: maybeText,
  ownershipType: maybeText,
  tickerSymbol: maybeText,
  campaignId: maybeText,
  accountNumber: maybeText,
  originalAccountNumber: maybeText,
  agentId: maybeId,
  agentName: maybeText,
  agentTeamId: maybeId,
  agentTeamName: maybeText,
  location: maybeText,
  accountSource: maybeText,
  sicCode: maybeText,
  sicDesc: maybeText,
  classificationId: maybeId,
  classificationName: maybeText,
  typeId: maybeId,
  typeName: maybeText,
  customFields: wireList(z.object({ field: z.string(), value: wireText })),
});

/** One company; the names are the vendor's, ids are digits. */
export type AssociatedAccount = Readonly<z.output<typeof associatedAccount>>;

/** The companies of one contact. @throws FatalError at once for a contact that cannot stand in a path. */
export function fetchAssociatedAccounts(
  calls: Calls,
  contactId: string,
  signal?: AbortSignal,
): AsyncIterable<AssociatedAccount> {
  return readList(
    calls,
    {
      method: listAssociatedAccountsMethod,
      path: `${toAccountPath(contactId)}/accounts`,
      keys: ['listAccounts', 'listAccount'],
      item: associatedAccount,
      keyOf: ({ id }) => id,
    },
    signal,
  );
}
