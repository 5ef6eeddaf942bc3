/**
 * "Did you mean …?": the nearest known name to a misspelt one, for configuration keys, variables, fields and commands.
 * Says nothing rather than something far-fetched: more than a third of the letters wrong is another word, and of two that are as near neither is meant.
 */
import { closest, distance } from 'fastest-levenshtein';

/** The known name nearest to `name`, letter case aside; undefined when none is near. */
function chooseNearest(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const byLowerCase = new Map(known.map((candidate) => [candidate.toLowerCase(), candidate]));
  const wanted = name.toLowerCase();
  const found = closest(wanted, [...byLowerCase.keys()]);
  const tolerated = Math.max(2, Math.floor(wanted.length / 3));
  const away = distance(wanted, found);
  const isAlone = [...byLowerCase.keys()].filter((candidate) => distance(wanted, candidate) === away).length === 1;
  return away <= tolerated && isAlone ? byLowerCase.get(found) : undefined;
}

/** `; did you mean X?`, or a full stop where nothing is near. */
export function formatNearest(name: string, known: readonly string[]): string {
  const nearest = chooseNearest(name, known);
  return nearest === undefined ? '.' : `; did you mean ${nearest}?`;
}
