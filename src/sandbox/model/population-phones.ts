/**
 * The phones of a made-up contact: three on average, in the first slots, seldom a gap or all ten. Numbers are valid in
 * the North American plan, on the exchange 555.
 */
import { type PhoneSlot, phoneSlots, type Row } from './columns.ts';
import { chance, type Dice, pick, roll } from './dice.ts';

/** How many phones a contact has: one throw into this list. */
const phoneCounts = [1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 4, 4, 4, 5, 5, 6] as const;

/** Fills the phone slots of a row, the rest of them stay empty. */
export function fillPhones(row: Row, dice: Dice, areaCodes: readonly string[]): void {
  const count = chance(dice, 1) ? phoneSlots.length : pick(dice, phoneCounts);
  const gap = chance(dice, 4) ? roll(dice, count) : -1;
  for (let index = 0; index < count; index += 1) {
    if (index !== gap) fillPhone(row, dice, phoneSlots[index] as PhoneSlot, pick(dice, areaCodes));
  }
}

function fillPhone(row: Row, dice: Dice, slot: PhoneSlot, areaCode: string): void {
  row[slot.phone] = `${areaCode}555${roll(dice, 9000) + 1000}`;
  row[slot.attemptsTotal] = roll(dice, 30);
  row[slot.attemptsToday] = 0;
  row[slot.cellConsent] = chance(dice, 55);
  row[slot.smsConsent] = chance(dice, 45);
  row[slot.block] = chance(dice, 5);
  row[slot.blockDaily] = 0;
}
