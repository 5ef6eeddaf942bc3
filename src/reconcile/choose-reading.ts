/**
 * How chosen contacts are read from LiveVox: whichever way costs the fewest requests. Pure. One by one costs a request each; a search
 * takes several accounts at once; the list of all contacts comes in pages, which pays when most of a client is chosen.
 * An account that no address can hold cannot be read one by one. What costs the same is read the surest way: one by one.
 */

export type ReadingInput = {
  /** Contacts that were chosen. */
  readonly accounts: number;
  /** Whether each of them can be part of an address. */
  readonly areAddressable: boolean;
  /** Contacts of the client, as far as the mirror knows. */
  readonly contacts: number;
};

export type Reading = { readonly kind: 'keyed' | 'search' | 'list'; readonly requests: number };

/** Accounts in one search: a page gives no limit, so it stays small. */
export const accountsPerSearch = 20;
/** LiveVox's cap on the entries of a page. */
const contactsPerPage = 1_000;

export function chooseReading({ accounts, areAddressable, contacts }: ReadingInput): Reading {
  const ways: readonly Reading[] = [
    ...(areAddressable ? [{ kind: 'keyed', requests: accounts } as const] : []),
    { kind: 'search', requests: Math.ceil(accounts / accountsPerSearch) },
    { kind: 'list', requests: Math.max(1, Math.ceil(contacts / contactsPerPage)) },
  ];
  return ways.reduce((best, way) => (way.requests < best.requests ? way : best));
}
