import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/errors.ts';
import { vendorMethods } from '../../src/livevox/vendor-methods.ts';
import { vendorRoutes } from '../../src/sandbox/routes.ts';
import { makeClient } from './odd-server.ts';

const client = makeClient('http://127.0.0.1:1');
const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/livevox-api.md', root), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => /^\| .* \| `(GET|POST|PUT|DELETE) /.test(line))
  .map((line) => line.slice(2, -2).split(' | '));

describe('vendorMethods', () => {
  it('are the rows of docs/livevox-api.md', () => {
    expect(rows.map(([name]) => name)).toEqual(vendorMethods.map(({ name }) => name));
    expect(rows.map(([, request]) => /`(\w+)/.exec(request ?? '')?.[1])).toEqual(vendorMethods.map(({ verb }) => verb));
  });

  it.each(rows)('%s has the function and the tests its row names', (...[, , functions = '', , tests = '']) => {
    const named = [...functions.matchAll(/`([\w.]+)`/g)].map(([, name = '']) => name);
    for (const name of named) expect(client).toHaveProperty(name, expect.any(Function));
    for (const [, path = ''] of tests.matchAll(/`([^`]+)`/g)) {
      expect(existsSync(new URL(path.startsWith('test/') ? path : `test/livevox/${path}`, root)), path).toBe(true);
    }
  });

  it('have a route of the sandbox each, and the sandbox has no other', () => {
    const named = rows.map(([, , , route = '']) => route.replaceAll('`', ''));
    expect(new Set(named)).toEqual(new Set(vendorRoutes.map(({ name }) => name)));
  });

  it('are the only names inFlight may use', () => {
    expect(() => makeClient('http://127.0.0.1:1', { inFlight: { 'Bulk Contact Download': 2 } })).not.toThrow();
    expect(() => makeClient('http://127.0.0.1:1', { inFlight: { 'Bulk Download': 2 } })).toThrow(ConfigError);
  });
});
