/**
 * All contacts of the sandbox: the generated population, and over it what was written, created and purged. A written
 * contact is kept as its differences from the generated one, so that memory grows with the writes, not the contacts.
 * Every contact has a slot, in the order of creation; the id LiveVox knows it by follows from the slot.
 */
import { makeBlankRow, positionOf, type Row, type Value } from './columns.ts';
import { firstContactId, type Population, toIndex } from './population.ts';

export type ContactBook = {
  /** Slots ever given out; purged ones are skipped by `isHeld`. */
  readonly slots: () => number;
  /** Contacts there are now. */
  readonly count: () => number;
  readonly isHeld: (slot: number) => boolean;
  /** Slots of the contacts there are, in the order of creation, from the offset on and at most so many. */
  readonly page: (offset: number, count: number) => number[];
  /** `modifyDate` of the contact in a slot, epoch ms. */
  readonly modifiedAt: (slot: number) => number;
  /** Overwrites the row with the contact in a slot. */
  readonly fill: (row: Row, slot: number) => void;
  /** The profile of a contact nobody has written to: contacts of one profile differ in their own values only. */
  readonly profileOf: (slot: number) => number | undefined;
  /** Overwrites the own values of such a contact. */
  readonly fillOwn: (row: Row, slot: number) => void;
  readonly findByAccount: (account: string) => number | undefined;
  readonly findById: (id: number) => number | undefined;
  /** A fresh copy of the contact in a slot. */
  readonly read: (slot: number) => Row;
  /** Keeps the row as the contact in a slot. */
  readonly write: (slot: number, row: Row) => void;
  /** Gives the contact a slot and an id; the row must carry an account nobody has. */
  readonly create: (row: Row) => void;
  readonly purge: (slot: number) => void;
};

type Written = {
  readonly modifiedAt: number;
  readonly changes: readonly (readonly [position: number, value: Value])[];
};

const accountAt = positionOf('account');
const idAt = positionOf('lvAccountId');
const modifyDateAt = positionOf('modifyDate');

/** A book over a population, with nothing written yet. */
export function makeContactBook(population: Population): ContactBook {
  const written = new Map<number, Written>();
  const created = new Map<string, number>();
  const purged = new Set<number>();
  let slots = population.size;

  const fillOriginal = (row: Row, slot: number): void => {
    if (slot < population.size) population.fill(row, slot);
    else row.fill(null);
  };
  const fill = (row: Row, slot: number): void => {
    fillOriginal(row, slot);
    const overlay = written.get(slot);
    if (overlay === undefined) return;
    for (const [position, value] of overlay.changes) row[position] = value;
  };
  const isHeld = (slot: number): boolean => slot >= 0 && slot < slots && !purged.has(slot);
  const write = (slot: number, row: Row): void => {
    const original = makeBlankRow();
    fillOriginal(original, slot);
    written.set(slot, { modifiedAt: Number(row[modifyDateAt] ?? 0), changes: diffRows(original, row) });
  };

  return {
    slots: () => slots,
    count: () => slots - purged.size,
    isHeld,
    page: (offset, count) => findPage({ slots, purged }, offset, count),
    modifiedAt: (slot) => written.get(slot)?.modifiedAt ?? population.modifiedAt(slot),
    fill,
    profileOf: (slot) => (slot < population.size && !written.has(slot) ? population.profileOf(slot) : undefined),
    fillOwn: population.fillOwn,
    findByAccount: (account) => {
      const slot = created.get(account);
      if (slot !== undefined) return slot;
      const index = toIndex(account);
      return index !== undefined && index < population.size && isHeld(index) ? index : undefined;
    },
    findById: (id) => (isHeld(id - firstContactId) ? id - firstContactId : undefined),
    read: (slot) => {
      const row = makeBlankRow();
      fill(row, slot);
      return row;
    },
    write,
    create: (row) => {
      const slot = slots;
      slots += 1;
      row[idAt] = firstContactId + slot;
      created.set(String(row[accountAt]), slot);
      write(slot, row);
    },
    purge: (slot) => {
      const row = makeBlankRow();
      fill(row, slot);
      created.delete(String(row[accountAt]));
      written.delete(slot);
      purged.add(slot);
    },
  };
}

function findPage(held: { slots: number; purged: ReadonlySet<number> }, offset: number, count: number): number[] {
  const { slots, purged } = held;
  const found: number[] = [];
  let skipped = purged.size === 0 ? offset : 0;
  for (let slot = skipped; slot < slots && found.length < count; slot += 1) {
    if (purged.has(slot)) continue;
    if (skipped < offset) skipped += 1;
    else found.push(slot);
  }
  return found;
}

function diffRows(original: Row, row: Row): [number, Value][] {
  const changes: [number, Value][] = [];
  for (const [position, value] of row.entries()) {
    if (value !== original[position]) changes.push([position, value]);
  }
  return changes;
}
