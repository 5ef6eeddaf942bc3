/**
 * Reproducible chance: a small generator (splitmix32) whose whole state comes from a seed and a number, so that contact
 * 734,112 can be thrown without throwing the ones before it. No promise about quality beyond looking plausible.
 */

export type Dice = { state: number };

const golden = 0x9e3779b9;

function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

/** A 32-bit number that depends on the seed, the number and what it is for. */
export function toHash(seed: number, number: number, purpose: number): number {
  return mix(mix(mix(seed | 0) + Math.imul(number, golden)) + purpose);
}

/** A whole number from 0 to `sides - 1`. */
export function roll(dice: Dice, sides: number): number {
  dice.state = (dice.state + golden) | 0;
  return Math.floor((mix(dice.state) / 4_294_967_296) * sides);
}

/** True in `percent` of a hundred throws; fractions count. */
export function chance(dice: Dice, percent: number): boolean {
  return roll(dice, 10_000) < percent * 100;
}

/** One of the pool, which must not be empty. */
export function pick<Item>(dice: Dice, pool: readonly Item[]): Item {
  return pool[roll(dice, pool.length)] as Item;
}
