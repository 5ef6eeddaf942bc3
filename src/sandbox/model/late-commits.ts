/**
 * Writes that are done but not yet seen, as with a database whose readers lag behind: who writes finds the truth, who
 * reads finds each contact as it was before its latest write that is still on its way. Writes become visible in the order
 * in which they were made.
 */
import { makeBlankRow, positionOf, type Row, type Value } from './columns.ts';
import type { ContactBook } from './contact-book.ts';

/** A contact as readers see it until an instant; without a row they see none. */
type Earlier = { readonly until: number; readonly row: Row | undefined };

export type LateCommits = {
  /** The book as readers see it from now on. */
  readonly reader: () => ContactBook;
  /** The book for a writer whose writes show after so long. */
  readonly delayed: (delayMs: number) => ContactBook;
};

const accountAt = positionOf('account');
const idAt = positionOf('lvAccountId');
const modifyDateAt = positionOf('modifyDate');

export function makeLateCommits(book: ContactBook, now: () => number): LateCommits {
  const earlier = new Map<number, Earlier[]>();
  const keep = (slot: number, delayMs: number): void => {
    const row = book.isHeld(slot) ? book.read(slot) : undefined;
    earlier.set(slot, [...(earlier.get(slot) ?? []), { until: now() + delayMs, row }]);
  };
  /** What readers see instead of the contact in a slot; undefined when they see the contact itself. */
  const find = (slot: number): Earlier | undefined => {
    const versions = earlier.get(slot);
    if (versions === undefined) return undefined;
    const left = versions.findIndex(({ until }) => until > now());
    if (left === -1) earlier.delete(slot);
    else if (left > 0) earlier.set(slot, versions.slice(left));
    return versions[left];
  };
  const delayed = (delayMs: number): ContactBook => ({
    ...book,
    write: (slot, row) => {
      keep(slot, delayMs);
      book.write(slot, row);
    },
    create: (row) => {
      keep(book.slots(), delayMs);
      book.create(row);
    },
    purge: (slot) => {
      keep(slot, delayMs);
      book.purge(slot);
    },
  });
  const reader = makeReader(book, earlier, find);
  // A million lookups in vain would slow down a download.
  return { reader: () => (earlier.size === 0 ? book : reader), delayed };
}

function makeReader(
  book: ContactBook,
  earlier: ReadonlyMap<number, readonly Earlier[]>,
  find: (slot: number) => Earlier | undefined,
): ContactBook {
  const isHeld = (slot: number): boolean => {
    const shown = find(slot);
    return shown === undefined ? book.isHeld(slot) : shown.row !== undefined;
  };
  const listSlots = (): number[] => Array.from({ length: book.slots() }, (_, slot) => slot).filter(isHeld);
  const findBy = (position: number, value: Value, current: number | undefined): number | undefined => {
    if (current !== undefined && isHeld(current)) return current;
    return [...earlier.keys()].find((slot) => find(slot)?.row?.[position] === value);
  };
  const fill = (row: Row, slot: number): void => {
    const shown = find(slot)?.row;
    if (shown === undefined) book.fill(row, slot);
    else for (const [position, value] of shown.entries()) row[position] = value;
  };
  return {
    ...book,
    isHeld,
    fill,
    count: () => listSlots().length,
    page: (offset, count) => listSlots().slice(offset, offset + count),
    modifiedAt: (slot) => Number(find(slot)?.row?.[modifyDateAt] ?? book.modifiedAt(slot)),
    profileOf: (slot) => (find(slot) === undefined ? book.profileOf(slot) : undefined),
    findByAccount: (account) => findBy(accountAt, account, book.findByAccount(account)),
    findById: (id) => findBy(idAt, id, book.findById(id)),
    read: (slot) => {
      const row = makeBlankRow();
      fill(row, slot);
      return row;
    },
  };
}
