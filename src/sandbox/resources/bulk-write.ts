/** What the bulk writes have in common: what refuses all of it, the log of accounts, and the stamp of who wrote when. */
import { Refusal } from '../answer.ts';
import { positionOf, type Row } from '../model/columns.ts';
import type { Exchange } from '../router.ts';

const modifyDateAt = positionOf('modifyDate');
const modifyUserAt = positionOf('modifyUser');

/** Logs the accounts of a bulk write, and which of them a fault leaves out. @throws Refusal when they are too many (413) or a fault is on one of them. */
export function receiveAccounts({ world, entry, faults }: Exchange, accounts: readonly string[]): void {
  world.log.nameAccounts(entry, accounts);
  const maxRows = Math.min(world.dialect.maxRows ?? Infinity, faults.find('too-large')?.rows ?? Infinity);
  if (accounts.length > maxRows) throw new Refusal(413, 413, 'Request entity too large: too many contacts');
  const poison = faults.find('poison-row');
  if (poison !== undefined && accounts.includes(poison.account))
    throw new Refusal(poison.status, poison.status, 'Request could not be processed');
  const dropped = accounts.filter((_, index) => faults.dropsRow(index));
  if (dropped.length > 0) entry.dropped = dropped;
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
