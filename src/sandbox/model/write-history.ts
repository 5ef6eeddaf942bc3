/**
 * Every write to a contact in the order in which it was done, with the values it changed: how a test proves what the contact was at no
 * instant in between. Kept only where it is asked for, because it grows with the writes.
 */

import { makeBlankRow, positionOf, type Row } from './columns.ts';
import type { ContactBook } from './contact-book.ts';
import { toPlain } from './plain-form.ts';

export type ContactWrite = {
  /** Rises by one with each write, from 1. */
  readonly seq: number;
  /** The sandbox's clock, epoch ms. */
  readonly at: number;
  readonly account: string;
  readonly kind: 'created' | 'changed' | 'purged';
  /** Fields that are not as before, with their new values in plain form; none of a purge. */
  readonly changes: Readonly<Record<string, string | null>>;
};

export type WriteHistory = {
  /** Writes with a number above that one. */
  readonly list: (after: number) => readonly ContactWrite[];
  /** The book, each of whose writes is noted. */
  readonly noted: (book: ContactBook) => ContactBook;
};

const accountAt = positionOf('account');

/** `today` is the client's day, by which DAILY blocks are judged. */
export function makeWriteHistory(now: () => number, today: () => number): WriteHistory {
  const writes: ContactWrite[] = [];
  const note = (kind: ContactWrite['kind'], before: Row, after: Row): void => {
    const account = String((kind === 'purged' ? before : after)[accountAt]);
    const changes = kind === 'purged' ? {} : findChanges(before, after, today());
    writes.push({ seq: writes.length + 1, at: now(), account, kind, changes });
  };
  return {
    list: (after) => writes.slice(after),
    noted: (book) => ({
      ...book,
      write: (slot, row) => {
        note('changed', book.read(slot), row);
        book.write(slot, row);
      },
      create: (row) => {
        note('created', makeBlankRow(), row);
        book.create(row);
      },
      purge: (slot) => {
        note('purged', book.read(slot), makeBlankRow());
        book.purge(slot);
      },
    }),
  };
}

function findChanges(before: Row, after: Row, today: number): Record<string, string | null> {
  const was = toPlain(before, today).fields;
  return Object.fromEntries(
    Object.entries(toPlain(after, today).fields).filter(([name, value]) => was[name] !== value),
  );
}
