/** Purges contacts by chance, as a rule of retention does: no trace is left in any download. */
import { positionOf } from './columns.ts';
import type { ContactBook } from './contact-book.ts';
import { type Dice, roll, toHash } from './dice.ts';

const purgePurpose = 6;
const accountAt = positionOf('account');

/** Purges so many contacts, fewer when there are fewer, and returns their accounts; the same seed chooses the same. */
export function purgeContacts(contacts: ContactBook, count: number, seed: number): string[] {
  const dice: Dice = { state: toHash(seed, contacts.slots(), purgePurpose) };
  const purged: string[] = [];
  for (let left = Math.min(count, contacts.count()); left > 0; left -= 1) {
    let slot = roll(dice, contacts.slots());
    // The next that is there: the first throw may hit one that is gone.
    while (!contacts.isHeld(slot)) slot = (slot + 1) % contacts.slots();
    purged.push(String(contacts.read(slot)[accountAt]));
    contacts.purge(slot);
  }
  return purged;
}
