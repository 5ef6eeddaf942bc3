/**
 * What an update does to the phones of a contact besides changing a number. LiveVox does not say whether a phone array replaces the old one,
 * so a number that LiveVox has and an update with phones leaves out counts as dropped, and a block that it leaves out as lost.
 */
import { type CanonicalValue, phoneOrdinals } from '../contact/index.ts';
import { isSet, type MirrorContact } from './contact-state.ts';
import type { Hazard, SendingPatch } from './planned.ts';

type Numbers = readonly (readonly [ordinal: number, number: string])[];

const none: readonly Hazard[] = [];

/** The hazards of a bulk update's phones; none when it sends no phones. */
export function lintPhones(patch: SendingPatch, mirror: MirrorContact | undefined): readonly Hazard[] {
  if (!sendsPhones(patch)) return none;
  const before = toNumbers((field) => mirror?.values[field] ?? patch.changes[field]?.[0]);
  const after = toNumbers((field) => (patch.changes[field] ?? [null, mirror?.values[field]])[1]);
  const found: Hazard[] = [];
  if (isDropped(patch, before, after)) found.push('drops_phone');
  if (after.some(([ordinal, number]) => isShifted(before, ordinal, number))) found.push('shifts_ordinals');
  if (mirror !== undefined && after.some(([ordinal, number]) => losesBlock(patch, mirror, before, ordinal, number))) {
    found.push('downgrades_permanent');
  }
  return found;
}

function sendsPhones({ sends }: SendingPatch): boolean {
  for (const field in sends) if (field.startsWith('phone')) return true;
  return false;
}

function toNumbers(read: (field: string) => CanonicalValue | undefined): Numbers {
  return phoneOrdinals.flatMap((ordinal) => {
    const number = read(`phone${ordinal}`);
    return number == null ? [] : [[ordinal, number] as const];
  });
}

/** A number that is not sent along, or more numbers that go than come. */
function isDropped({ sends }: SendingPatch, before: Numbers, after: Numbers): boolean {
  if (before.some(([ordinal]) => sends[`phone${ordinal}`] === undefined)) return true;
  const [had, has] = [new Set(before.map(toNumber)), new Set(after.map(toNumber))];
  return [...had].filter((number) => !has.has(number)).length > [...has].filter((number) => !had.has(number)).length;
}

function isShifted(before: Numbers, ordinal: number, number: string): boolean {
  const places = before.filter(([, other]) => other === number);
  return places.length > 0 && places.every(([place]) => place !== ordinal);
}

/** A number with a lasting block that is sent without it. */
function losesBlock(
  { sends, changes }: SendingPatch,
  mirror: MirrorContact,
  before: Numbers,
  ordinal: number,
  number: string,
): boolean {
  const isMoved = changes[`phone${ordinal}`] !== undefined;
  const homes = isMoved ? before.filter(([, other]) => other === number).map(([place]) => place) : [ordinal];
  const verb = sends[`phone${ordinal}Block`];
  return verb !== 'PERMANENT' && verb !== 'BOTH' && homes.some((home) => isSet(mirror, `phone${home}Block`));
}

function toNumber([, number]: Numbers[number]): string {
  return number;
}
