/** What the variables of a terminal say it can do. */
import { expect, test } from 'vitest';
import { readTerminalTraits } from '../../src/config/terminal.ts';

test.each([
  [{ LANG: 'en_US.UTF-8' }, true],
  [{ LANG: 'de_DE.utf8' }, true],
  [{ LANG: 'C' }, false],
  [{}, false],
  [{ LC_ALL: 'C', LANG: 'en_US.UTF-8' }, false],
  [{ LC_ALL: '', LC_CTYPE: 'C.UTF-8', LANG: 'C' }, true],
])('%j: more than ASCII is %s', (env, hasUtf8) => {
  expect(readTerminalTraits(env)).toMatchObject({ canRedraw: true, hasUtf8 });
});

test.each([
  [{}, true],
  [{ NO_COLOR: '' }, true],
  [{ NO_COLOR: '1' }, false],
  [{ TERM: 'dumb' }, false],
])('%j: colours wanted is %s', (env, hasColour) => {
  expect(readTerminalTraits(env).hasColour).toBe(hasColour);
});

test('a dumb terminal draws nothing again', () => {
  expect(readTerminalTraits({ TERM: 'dumb', LANG: 'C.UTF-8' }).canRedraw).toBe(false);
});
