/**
 * Notes of contacts. Those of generated contacts are a pure function of seed and contact, two contacts in five have some;
 * nothing is stored but what an admin adds. The vendor's API reads notes and writes none.
 */
import { dayMs } from '../client-zone.ts';
import { chance, pick, roll, toHash } from './dice.ts';
import type { Population } from './population.ts';

type ContactNote = {
  readonly id: number;
  readonly note: string;
  readonly transactionId: number;
  /** The call during which the note was written. */
  readonly sessionId: string;
  /** Epoch ms. */
  readonly createDate: number;
  readonly modifiedDate: number;
};

export type NoteBook = {
  /** The notes of the contact in a slot, newest last. */
  readonly list: (slot: number) => readonly ContactNote[];
  /** Adds a note, under the next free id unless one is given. */
  readonly add: (slot: number, note: string, at: number, id?: number) => ContactNote;
};

const notesPurpose = 3;
const firstGeneratedId = 1_489_000_000;
const maxGenerated = 3;
const firstAddedId = 234_567;
const texts = [
  'LV_SH1: Contact was hostile',
  'Promised to pay on Friday',
  'Do not accept check payments from this account.',
  'Said "call after 5"',
  'Wrong number, asked to be removed',
  'Habla español; new address pending',
];

/** The notes of that population. */
export function makeNoteBook(population: Population, seed: number): NoteBook {
  const added = new Map<number, ContactNote[]>();
  let nextId = firstAddedId;
  return {
    list: (slot) => [...makeNotes(population, seed, slot), ...(added.get(slot) ?? [])],
    add: (slot, note, at, id = nextId) => {
      nextId = Math.max(nextId, id) + 1;
      const made = { id, note, ...makeCall(slot + id), createDate: at, modifiedDate: at };
      added.set(slot, [...(added.get(slot) ?? []), made]);
      return made;
    },
  };
}

function makeNotes(population: Population, seed: number, slot: number): ContactNote[] {
  if (slot >= population.size) return [];
  const dice = { state: toHash(seed, slot, notesPurpose) };
  if (!chance(dice, 40)) return [];
  const notes = Array.from({ length: roll(dice, maxGenerated) + 1 }, (_, index) => {
    const id = firstGeneratedId + slot * maxGenerated + index;
    const createDate = population.modifiedAt(slot) - roll(dice, 200) * dayMs - roll(dice, dayMs);
    return { id, note: pick(dice, texts), ...makeCall(id), createDate, modifiedDate: createDate };
  });
  return notes.sort((left, right) => left.createDate - right.createDate);
}

function makeCall(number: number): Pick<ContactNote, 'transactionId' | 'sessionId'> {
  const hash = toHash(number, number, notesPurpose);
  return {
    transactionId: 5_500_000_000 + (hash % 400_000_000),
    sessionId: `U${hash.toString(16).toUpperCase().padStart(8, '0')}4736@10.201.17.${hash % 250}`,
  };
}
