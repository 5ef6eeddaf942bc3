/** What the variables of a terminal say it can do. */
import { expect, test } from 'vitest';
import { readTerminalTraits } from '../../src/config.ts';

test.each([
  [{ LANG: 'en_US.UTF-8' }, true],
  [{ LANG: 'de_DE.utf8' }, true],
  [{ LANG: 'C' }, false],
  [{}, false],
  [{ LC_ALL: 'C', LANG: 'en_US.UTF-8' }, false],
  [{ LC_ALL: '', LC_CTYPE: 'C.UTF-8', LANG: 'C' }, true],
])('%j: more than ASCII is %s', (env, hasUtf8) => {
  expect(readTerminalTraits(env)).toEqual({ canRedraw: true, hasUtf8 });
});

test('a dumb terminal draws nothing again', () => {
  expect(readTerminalTraits({ TERM: 'dumb', LANG: 'C.UTF-8' }).canRedraw).toBe(false);
});
