/** Colours of the words that say how something stands; no other word is coloured, and no fact is told by colour alone. */
import type { Shell } from './shell.ts';

const green = 32;
const yellow = 33;
const red = 31;

const colours: Readonly<Record<string, number>> = {
  proven: green,
  confirmed: green,
  ok: green,
  running: yellow,
  held: yellow,
  warn: yellow,
  interrupted: yellow,
  in_doubt: yellow,
  not_proven: red,
  failed: red,
  refused: red,
  FAIL: red,
};

/** Paints a cell that is such a word, where the terminal wants colours. */
export function makeStatePaint({ hasColour }: Pick<Shell, 'hasColour'>): (cell: string) => string {
  if (hasColour !== true) return (cell) => cell;
  return (cell) => {
    const colour = Object.hasOwn(colours, cell) ? colours[cell] : undefined;
    return colour === undefined ? cell : `\x1b[${colour}m${cell}\x1b[0m`;
  };
}
