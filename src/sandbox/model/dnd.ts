/**
 * Do Not Dial: what a sent value makes of the current state, as the table of Update Multiple Contacts' DND has it, row
 * by row. A DAILY block is the client's day it was set on, so it is gone on the next day without anybody writing.
 */
import type { Row } from './columns.ts';

export const dndVerbs = ['DAILY', 'PERMANENT', 'NONE', 'BOTH', 'DAILY_OFF', 'PERMANENT_OFF'] as const;
export type DndVerb = (typeof dndVerbs)[number];
export type DndState = 'DAILY' | 'PERMANENT' | 'NONE' | 'BOTH';

const outcomes: Readonly<Record<DndVerb, Readonly<Record<DndState, DndState>>>> = {
  DAILY: { DAILY: 'DAILY', PERMANENT: 'BOTH', NONE: 'DAILY', BOTH: 'BOTH' },
  PERMANENT: { DAILY: 'BOTH', PERMANENT: 'PERMANENT', NONE: 'PERMANENT', BOTH: 'BOTH' },
  NONE: { DAILY: 'NONE', PERMANENT: 'NONE', NONE: 'NONE', BOTH: 'NONE' },
  BOTH: { DAILY: 'BOTH', PERMANENT: 'BOTH', NONE: 'BOTH', BOTH: 'BOTH' },
  DAILY_OFF: { DAILY: 'NONE', PERMANENT: 'PERMANENT', NONE: 'NONE', BOTH: 'PERMANENT' },
  PERMANENT_OFF: { DAILY: 'DAILY', PERMANENT: 'NONE', NONE: 'NONE', BOTH: 'DAILY' },
};

/** Where an account or a phone keeps its two blocks. */
export type BlockPositions = { readonly block: number; readonly blockDaily: number };

/** Applies a sent value to the blocks of an account or a phone. `today` is the client's day. */
export function applyDnd(row: Row, { block, blockDaily }: BlockPositions, verb: DndVerb, today: number): void {
  const next = outcomes[verb][readDndState(row, { block, blockDaily }, today)];
  row[block] = next === 'PERMANENT' || next === 'BOTH';
  row[blockDaily] = next === 'DAILY' || next === 'BOTH' ? today : 0;
}

/** The two blocks of an account or a phone as one state. `today` is the client's day. */
export function readDndState(row: Row, { block, blockDaily }: BlockPositions, today: number): DndState {
  const daily = row[blockDaily] === today;
  if (row[block] === true) return daily ? 'BOTH' : 'PERMANENT';
  return daily ? 'DAILY' : 'NONE';
}
