/**
 * The path of one contact: /contact/contacts/{account}. Accounts come from the system of record, so they are encoded, and those that
 * would lead to another method, or be swallowed on the way, are refused before anything is sent: the bulk methods carry any account.
 */
import { FatalError } from '../errors.ts';

/** Segments that mean a method of their own; servers may compare them in any case. */
const reserved: ReadonlySet<string> = new Set(['bulk', 'search', 'dnd', 'customfields']);

/** @throws FatalError for an account that cannot stand in a path; the message does not repeat it. */
export function toAccountPath(account: string): string {
  const why = findProblem(account);
  if (why !== undefined)
    throw new FatalError(`An account cannot be part of an address (${why}): use a bulk method for this contact`);
  return `/contact/contacts/${encodeURIComponent(account)}`;
}

/** Whether the methods for a single contact can name the account; the bulk methods carry any. */
export function isAddressable(account: string): boolean {
  return findProblem(account) === undefined;
}

function findProblem(account: string): string | undefined {
  if (account.trim() === '') return 'it is empty';
  if (/^\.{1,2}$/.test(account)) return '"." and ".." mean another address';
  if (reserved.has(account.trim().toLowerCase())) return 'it is the name of a method';
  return account.isWellFormed() ? undefined : 'it contains a broken Unicode character';
}
