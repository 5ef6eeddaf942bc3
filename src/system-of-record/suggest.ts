/** "; the nearest is …", for names that messages may repeat: of columns, keys and labels. */
import { closest, distance } from 'fastest-levenshtein';

/** Names the nearest known name, or nothing when none is near: at most half of the letters differ. */
export function suggest(name: string, names: readonly string[]): string {
  const lowerCase = new Map(names.filter((known) => known !== '').map((known) => [known.toLowerCase(), known]));
  if (lowerCase.size === 0) return '';
  const near = closest(name.toLowerCase(), [...lowerCase.keys()]);
  const isNear = distance(name.toLowerCase(), near) <= Math.max(name.length, near.length) / 2;
  return isNear ? `; the nearest is "${lowerCase.get(near)}"` : '';
}
