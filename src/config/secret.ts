/**
 * A value that cannot be printed by accident: string conversion, JSON and `util.inspect` all give `[secret]`.
 * Only `reveal()` gives it away, so that every place which does can be found by searching for that word.
 */
import { inspect } from 'node:util';

export type Secret = { readonly reveal: () => string };

const hidden = '[secret]';

/** Wraps a secret; the value lives in a closure, so that no property holds it. */
export function makeSecret(value: string): Secret {
  return Object.freeze({
    reveal: () => value,
    toString: () => hidden,
    toJSON: () => hidden,
    [inspect.custom]: () => hidden,
  });
}
