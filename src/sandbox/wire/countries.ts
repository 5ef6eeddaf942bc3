/**
 * Countries, which a write names by text, the CSV shows by number and JSON answers by text again. The vendor's examples
 * spell them as `United States of America`, as `UNITED_STATES_OF_AMERICA` and as `UK`; all are taken. The list is short
 * on purpose.
 */
import type { Dialect } from '../dialect.ts';

type Country = { readonly id: number; readonly name: string; readonly short: string };

const countries: readonly Country[] = [
  { id: 1, name: 'United States of America', short: 'USA' },
  { id: 2, name: 'Canada', short: 'CA' },
  { id: 3, name: 'United Kingdom', short: 'UK' },
  { id: 4, name: 'Mexico', short: 'MX' },
  { id: 5, name: 'Philippines', short: 'PH' },
];

const ids = new Map(
  countries.flatMap(({ id, name, short }) => [[name.toUpperCase(), id] as const, [short, id] as const]),
);

/** The number of a country; undefined when the sandbox has no such country. */
export function findCountryId(name: string): number | undefined {
  return ids.get(name.trim().toUpperCase().replaceAll('_', ' '));
}

/** True when a write may name that country; an empty text clears it. */
export function isKnownCountry(name: string): boolean {
  return name === '' || findCountryId(name) !== undefined;
}

/** A country as JSON answers spell it; null for a number that is none. */
export function formatCountry(id: number, spelling: Dialect['countries']): string | null {
  const country = countries.find((known) => known.id === id);
  if (country === undefined) return null;
  return spelling === 'constant' ? country.name.toUpperCase().replaceAll(' ', '_') : country[spelling];
}

/** All spellings of a country, and its number; none for a number that is none. */
export function formatCountries(id: number): readonly string[] {
  const spellings = (['constant', 'name', 'short'] as const).flatMap((spelling) => formatCountry(id, spelling) ?? []);
  return spellings.length === 0 ? [] : [...spellings, String(id)];
}
