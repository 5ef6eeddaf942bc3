/** Words that an option takes, with commas; a slip gets the nearest word. */
import { formatNearest } from '../config.ts';
import { ConfigError } from '../errors.ts';

/** The words given, each once; undefined when the option is not. @throws ConfigError for a word that is not known */
export function toKnownWords<Word extends string>(
  option: string,
  text: string | undefined,
  known: readonly Word[],
): readonly Word[] | undefined {
  if (text === undefined) return undefined;
  const words = [...new Set(text.split(',').map((word) => word.trim()))];
  const problems = words
    .filter((word) => !known.some((one) => one === word))
    .map((word) => `${option}: "${word}" is not one of ${known.join(', ')}${formatNearest(word, known)}`);
  if (problems.length > 0) throw new ConfigError(problems);
  return known.filter((one) => words.includes(one));
}
