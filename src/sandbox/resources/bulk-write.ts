/** What the bulk writes have in common: the size limit, the log of accounts, and the stamp of who wrote when. */
import { Refusal } from '../answer.ts';
import { positionOf, type Row } from '../model/columns.ts';
import type { Exchange } from '../router.ts';

const modifyDateAt = positionOf('modifyDate');
const modifyUserAt = positionOf('modifyUser');

/** Logs the accounts of a bulk write. @throws Refusal 413 when the dialect allows fewer. */
export function receiveAccounts({ world, entry }: Exchange, accounts: readonly string[]): void {
  world.log.nameAccounts(entry, accounts);
  const { maxRows } = world.dialect;
  if (maxRows !== null && accounts.length > maxRows)
    throw new Refusal(413, 413, 'Request entity too large: too many contacts');
}

/** Every effective write leaves its time and its user on the contact. */
export function stamp(row: Row, { world, session }: Exchange): void {
  row[modifyDateAt] = world.now();
  row[modifyUserAt] = session?.user.userName ?? 'sandbox';
}

/** The count in prose; Bulk Create says "updated" too. */
export function toCountMessage(count: number): { readonly message: string } {
  return { message: `Successfully updated contacts ${count}` };
}
