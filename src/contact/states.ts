/**
 * States and provinces: the two letters of the postal services of the United States and Canada, from those letters or from the
 * full name, whatever their case, dots and accents. LiveVox takes free text here, so what is none of them stays as it is.
 * What would surprise: abbreviations of other kinds (`Calif.`) are not known; they differ from house to house.
 */
import { accept, type CanonicalResult } from './canonical-result.ts';

/** Code → names. Territories and the armed forces have codes of their own; former codes and names are read, and never sent. */
const states: Readonly<Record<string, readonly string[]>> = {
  AL: ['Alabama'],
  AK: ['Alaska'],
  AZ: ['Arizona'],
  AR: ['Arkansas'],
  CA: ['California'],
  CO: ['Colorado'],
  CT: ['Connecticut'],
  DE: ['Delaware'],
  DC: ['District of Columbia', 'Washington DC'],
  FL: ['Florida'],
  GA: ['Georgia'],
  HI: ['Hawaii', 'Hawai\u02bbi', "Hawai'i"],
  ID: ['Idaho'],
  IL: ['Illinois'],
  IN: ['Indiana'],
  IA: ['Iowa'],
  KS: ['Kansas'],
  KY: ['Kentucky'],
  LA: ['Louisiana'],
  ME: ['Maine'],
  MD: ['Maryland'],
  MA: ['Massachusetts'],
  MI: ['Michigan'],
  MN: ['Minnesota'],
  MS: ['Mississippi'],
  MO: ['Missouri'],
  MT: ['Montana'],
  NE: ['Nebraska'],
  NV: ['Nevada'],
  NH: ['New Hampshire'],
  NJ: ['New Jersey'],
  NM: ['New Mexico'],
  NY: ['New York'],
  NC: ['North Carolina'],
  ND: ['North Dakota'],
  OH: ['Ohio'],
  OK: ['Oklahoma'],
  OR: ['Oregon'],
  PA: ['Pennsylvania'],
  RI: ['Rhode Island'],
  SC: ['South Carolina'],
  SD: ['South Dakota'],
  TN: ['Tennessee'],
  TX: ['Texas'],
  UT: ['Utah'],
  VT: ['Vermont'],
  VA: ['Virginia'],
  WA: ['Washington'],
  WV: ['West Virginia'],
  WI: ['Wisconsin'],
  WY: ['Wyoming'],
  AS: ['American Samoa'],
  FM: ['Federated States of Micronesia', 'Micronesia'],
  GU: ['Guam'],
  MH: ['Marshall Islands'],
  MP: ['Northern Mariana Islands'],
  PR: ['Puerto Rico'],
  PW: ['Palau'],
  VI: ['Virgin Islands', 'US Virgin Islands'],
  AA: ['Armed Forces Americas'],
  AE: ['Armed Forces Europe'],
  AP: ['Armed Forces Pacific'],
  AB: ['Alberta'],
  BC: ['British Columbia'],
  MB: ['Manitoba'],
  NB: ['New Brunswick'],
  NL: ['Newfoundland and Labrador', 'Newfoundland', 'Labrador', 'NF'],
  NS: ['Nova Scotia'],
  NT: ['Northwest Territories'],
  NU: ['Nunavut'],
  ON: ['Ontario'],
  PE: ['Prince Edward Island'],
  QC: ['Quebec', 'PQ'],
  SK: ['Saskatchewan'],
  YT: ['Yukon', 'Yukon Territory'],
};

/** Each code as it is, which is nearly every value, and all spellings by their key. */
const codes = new Map<string, string>(
  Object.entries(states).flatMap(([code, names]) => [code, ...[code, ...names].map(toKey)].map((key) => [key, code])),
);
const longestName = Math.max(...Object.values(states).flatMap((names) => names.map((name) => name.length)));

/** The code of a state or province, or the text itself; never refused. */
export function toState(text: string): CanonicalResult {
  if (text.length > 2 * longestName) return accept(text);
  return accept(codes.get(text) ?? codes.get(toKey(text)) ?? text);
}

/** Lower case, without accents, dots, commas and spaces: `D. C.` and `dc` are one. */
function toKey(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[\p{Mn}.,\s]/gu, '')
    .toLowerCase();
}
