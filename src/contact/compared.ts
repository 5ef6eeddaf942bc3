/**
 * What two contacts are compared by, before anything of them is read whole: a hash of their plain fields, and a bit for each switch. One
 * definition for both sides, in canonical values. Pure.
 * What would surprise: equal digests prove that there is nothing to change; different ones prove nothing. Planning decides.
 */
import { hash } from 'node:crypto';
import { type ContactField, contactFields } from './fields.ts';
import type { Owner } from './owner.ts';
import type { CanonicalValue } from './patch.ts';

/**
 * Version of the canonical values that digests are made of. Count it up whenever a value that the mirror holds gets another canonical text:
 * the digests that are kept are made anew then.
 */
export const canonicalVersion = 1;

export type ComparedFields = {
  /** In the hash. */
  readonly hashed: readonly ContactField[];
  /** Yes/no fields, each a bit of `bits` and `said`. */
  readonly switches: readonly ContactField[];
  /** Fields that are only filled where they are empty, each a bit of `filled`. */
  readonly fills: readonly ContactField[];
  /** Switches where any difference counts. */
  readonly either: number;
  /** Switches where only what restricts the person counts. */
  readonly restricting: number;
  /** Daily blocks, which end with the day. */
  readonly daily: number;
};

export type Digest = {
  /** 64 bits as a signed decimal number; null when a compared field is not spoken of. */
  readonly hash: string | null;
  /** 1: restricts the person. A block that is on; a consent or `active` that is off. */
  readonly bits: number;
  /** 1: the switch is spoken of. */
  readonly said: number;
  /** 1: the field that is only filled where it is empty has a value. */
  readonly filled: number;
};

/** Bits that a number holds exactly. */
const maxBits = 52;

const bitOf = new Map(
  contactFields
    .filter((field) => field.writable && field.type === 'boolean')
    .map((field, index) => [field.name, 2 ** index] as const),
);

const blocks = new Set([...bitOf.keys()].filter((name) => /Block(?:Daily)?$/.test(name)));

/** What to compare, by the owners of the mapped fields (vendor names). */
export function toComparedFields(owners: Readonly<Record<string, Owner>>): ComparedFields {
  const mapped = contactFields.filter((field) => field.writable && field.name !== 'account' && field.name in owners);
  const switches = mapped.filter((field) => field.type === 'boolean');
  const plain = mapped.filter((field) => field.type !== 'boolean');
  const toMask = (isIn: (field: ContactField) => boolean): number =>
    switches.filter(isIn).reduce((mask, field) => mask + toBit(field), 0);
  const either = toMask(({ name }) => owners[name] !== 'livevox' && owners[name] !== 'most-restrictive');
  const restricting = toMask(({ name }) => owners[name] === 'most-restrictive');
  const fills = plain.filter((field) => owners[field.name] === 'only-if-empty');
  // A switch belongs to a number: where the numbers differ, the planner has to look, whoever owns the number.
  const ordinals = new Set(
    switches.filter(({ name }) => owners[name] !== 'livevox').map(({ ordinal }) => ordinal ?? 0),
  );
  const hashed = plain.filter((field) => {
    const owner = owners[field.name];
    if (field.ordinal !== undefined && ordinals.has(field.ordinal)) return true;
    if (owner === 'only-if-empty') return fills.indexOf(field) >= maxBits;
    return owner !== 'livevox';
  });
  return {
    hashed,
    switches,
    fills: fills.slice(0, maxBits),
    either,
    restricting,
    daily: toMask(({ name }) => name.endsWith('BlockDaily')),
  };
}

/** Differs whenever digests that were made of the mirror say nothing any more. `dataTypes`: of the client's custom fields, by COLn. */
export function toComparisonKey(
  fields: ComparedFields,
  dataTypes: Readonly<Record<string, string>>,
  timeZone: string,
): string {
  const list = (chosen: readonly ContactField[]): readonly (readonly [string, string])[] =>
    chosen.map(({ name }) => [name, dataTypes[name] ?? ''] as const);
  const parts = [canonicalVersion, timeZone, list(fields.hashed), list(fields.switches), list(fields.fills)];
  return hash('sha256', JSON.stringify(parts), 'hex');
}

/** The digest of a contact of either side. A field that is undefined is not spoken of. */
export function digestContact(
  fields: ComparedFields,
  values: Readonly<Record<string, CanonicalValue | undefined>>,
): Digest {
  let bits = 0;
  let said = 0;
  for (const field of fields.switches) {
    const value = values[field.name];
    const bit = toBit(field);
    if (value !== undefined && value !== null) said += bit;
    if ((value === 'true') === isBlock(field)) bits += bit;
  }
  let filled = 0;
  for (let index = 0; index < fields.fills.length; index += 1) {
    if ((values[fields.fills[index]!.name] ?? null) !== null) filled += 2 ** index;
  }
  return { hash: hashValues(fields.hashed, values), bits, said, filled };
}

/** Each value begins with `=` and ends with NUL, which no value contains; null is a NUL alone. So no two lists are spelt alike. */
function hashValues(
  fields: readonly ContactField[],
  values: Readonly<Record<string, CanonicalValue | undefined>>,
): string | null {
  let text = '';
  for (const { name } of fields) {
    const value = values[name];
    if (value === undefined) return null;
    text += value === null ? '\0' : `=${value}\0`;
  }
  return hash('sha256', text, 'buffer').readBigInt64BE(0).toString();
}

function toBit(field: ContactField): number {
  return bitOf.get(field.name) ?? 0;
}

function isBlock({ name }: ContactField): boolean {
  return blocks.has(name);
}
