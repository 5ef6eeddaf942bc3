/**
 * The custom fields of a made-up contact: COL1..COL20 mostly filled, each value of its field's data type. Dates are
 * text in MM/DD/YYYY here, because a custom field holds text whatever its type.
 */
import { formatUsDay } from '../calendar.ts';
import { positionOf, type Row } from './columns.ts';
import { type CustomField, customFields } from './custom-fields.ts';
import { chance, type Dice, pick, roll } from './dice.ts';
import { companies, notes, phoneStatuses, segments } from './pools.ts';

type Maker = (dice: Dice, asOfDay: number) => string;

const texts: Readonly<Record<string, readonly string[]>> = {
  COL1: companies,
  COL6: phoneStatuses,
  COL12: notes,
  COL16: companies,
  COL20: segments,
};

function makeMaker({ field, dataType, listValues }: CustomField): Maker {
  const pool = listValues ?? texts[field];
  if (pool !== undefined) return (dice) => pick(dice, pool);
  switch (dataType) {
    case 'NUMBER':
      return (dice) => (chance(dice, 25) ? `${roll(dice, 2000)}.${roll(dice, 9) + 1}` : String(roll(dice, 1000)));
    case 'DATE':
      return (dice, asOfDay) => formatUsDay(asOfDay - roll(dice, 1500));
    case 'BOOLEAN':
      return (dice) => (chance(dice, 30) ? 'true' : 'false');
    default:
      return (dice) => `${field.slice(3)}-${roll(dice, 100_000)}`;
  }
}

const makers = customFields.map((definition) => ({
  position: positionOf(definition.field),
  make: makeMaker(definition),
}));

/** Fills the defined custom fields of a row, one in six stays empty. */
export function fillCustomFields(row: Row, dice: Dice, asOfDay: number): void {
  for (const { position, make } of makers) {
    if (!chance(dice, 16)) row[position] = make(dice, asOfDay);
  }
}
