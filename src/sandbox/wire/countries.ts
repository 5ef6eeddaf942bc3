/**
 * Countries, which a write names by text and the CSV shows by number. The vendor's examples spell one of them as
 * `United States of America` and as `UNITED_STATES_OF_AMERICA`; both are taken. The list is short on purpose.
 */

const ids = new Map<string, number>([
  ['UNITED STATES OF AMERICA', 1],
  ['USA', 1],
  ['CANADA', 2],
  ['UNITED KINGDOM', 3],
  ['UK', 3],
  ['MEXICO', 4],
  ['PHILIPPINES', 5],
]);

/** The number of a country; undefined when the sandbox has no such country. */
export function findCountryId(name: string): number | undefined {
  return ids.get(name.trim().toUpperCase().replaceAll('_', ' '));
}

/** True when a write may name that country; an empty text clears it. */
export function isKnownCountry(name: string): boolean {
  return name === '' || findCountryId(name) !== undefined;
}
