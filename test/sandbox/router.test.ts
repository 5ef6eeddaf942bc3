import { describe, expect, it } from 'vitest';
import { empty } from '../../src/sandbox/answer.ts';
import { makeRouter, type Route } from '../../src/sandbox/router.ts';

function toRoute(method: Route['method'], path: string): Route {
  return { name: `${method} ${path}`, method, path, roles: 'open', handle: () => empty() };
}

const find = makeRouter([
  toRoute('GET', '/contacts/{account}'),
  toRoute('DELETE', '/contacts/{account}'),
  toRoute('GET', '/contacts/bulk'),
  toRoute('GET', '/contacts/{account}/notes/{note}'),
]);

function see(method: string, path: string): unknown {
  const match = find(method, path);
  return typeof match === 'string' ? match : [match.routes.map((route) => route.name), match.params];
}

describe('makeRouter', () => {
  it('a literal segment beats a parameter, whatever the order of the table', () => {
    expect(see('GET', '/contacts/bulk')).toEqual([['GET /contacts/bulk'], {}]);
    expect(see('GET', '/contacts/A1')).toEqual([['GET /contacts/{account}'], { account: 'A1' }]);
  });

  it('a literal segment hides a parameter under every method', () => {
    expect(see('DELETE', '/contacts/bulk')).toBe('method');
  });

  it('a slash at the end means nothing', () => {
    expect(see('GET', '/contacts/bulk/')).toEqual([['GET /contacts/bulk'], {}]);
    expect(see('GET', '/contacts/A1/notes/7/')).toEqual([
      ['GET /contacts/{account}/notes/{note}'],
      { account: 'A1', note: '7' },
    ]);
  });

  it('parameters are decoded, several of them too', () => {
    expect(see('GET', '/contacts/a%2Fb%20c/notes/7')).toEqual([
      ['GET /contacts/{account}/notes/{note}'],
      { account: 'a/b c', note: '7' },
    ]);
  });

  it('an unknown path is told from an unknown method; an empty or broken segment matches nothing', () => {
    expect(see('PUT', '/contacts/A1')).toBe('method');
    expect(see('GET', '/elsewhere')).toBe('unknown');
    expect(see('GET', '/contacts/')).toBe('unknown');
    expect(see('GET', '/contacts/%E0%A4%A')).toBe('unknown');
  });
});
