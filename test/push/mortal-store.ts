/** A store whose process dies after so many statements: every later one fails, and what was not committed is rolled back. */
import type pg from 'pg';
import type { Store } from '../../src/store/index.ts';

export class KilledError extends Error {}

export function makeMortalStore({ pool }: Store, statements: number): Store {
  let left = statements;
  const count = (): void => {
    if (left <= 0) throw new KilledError('killed');
    left -= 1;
  };
  const wrap = (client: pg.PoolClient): pg.PoolClient =>
    new Proxy(client, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        if (name !== 'query') return value.bind(target);
        return (...args: unknown[]) => {
          if (args[0] !== 'rollback') count();
          return value.apply(target, args);
        };
      },
    });
  return {
    pool: new Proxy(pool, {
      get: (target, name) => {
        if (name === 'connect') return async () => wrap(await target.connect());
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (name === 'query') count();
          return value.apply(target, args);
        };
      },
    }),
  };
}
