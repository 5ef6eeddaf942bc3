import { describe, expect, it } from 'vitest';
import { setup, startedAt } from '../caller.ts';

const groups = '/contact/contactGroups';

describe('the vendor’s examples', () => {
  it('create, read, update', async () => {
    let now = startedAt;
    const { call } = await setup({ now: () => now });
    const created = await call('POST', groups, { name: 'Client BOA' });
    expect([created.status, created.body]).toEqual([201, { id: 83202 }]);
    now += 1000;
    const updated = await call('PUT', `${groups}/83202`, { name: 'BOA Group Agents' });
    expect([updated.status, updated.text]).toEqual([204, '']);
    const read = await call('GET', `${groups}/83202`);
    expect([read.status, read.body]).toEqual([
      200,
      {
        id: 83202,
        name: 'BOA Group Agents',
        createdBy: 'demo',
        modifiedBy: 'demo',
        createdAt: startedAt,
        modifiedAt: now,
      },
    ]);
  });

  // The example's path has braces around both numbers.
  it('list', async () => {
    const { call } = await setup();
    const reply = await call('GET', `${groups}?count=10&offset=0`);
    const { contactGroup, next } = reply.body as { contactGroup: Record<string, unknown>[]; next: string };
    expect([contactGroup.length, next]).toEqual([10, 'contact/contactGroups/?offset=10&count=10']);
    expect(Object.keys(contactGroup[0] ?? {})).toEqual([
      'id',
      'name',
      'createdBy',
      'modifiedBy',
      'createdAt',
      'modifiedAt',
    ]);
    expect((await call('GET', `/${next}`)).body).toMatchObject({ contactGroup: [{ id: 83200 }, { id: 83201 }] });
  });

  it('a group that does not exist', async () => {
    const { call } = await setup();
    for (const [method, body] of [
      ['PUT', { name: 'BOA Group Agents' }],
      ['GET', undefined],
    ] as const) {
      const reply = await call(method, `${groups}/1234567353`, body);
      expect([reply.status, reply.body]).toEqual([
        404,
        { code: 203, message: 'Contact group with 1234567353 not found' },
      ]);
    }
  });
});

it('names may repeat, as in the vendor’s list', async () => {
  const { call } = await setup();
  const ids = [await call('POST', groups, { name: 'Twin' }), await call('POST', groups, { name: 'Twin' })];
  expect(ids.map((reply) => reply.body)).toEqual([{ id: 83202 }, { id: 83203 }]);
});

it.each([
  ['no name', {}],
  ['an empty name', { name: '' }],
  ['an unknown attribute', { name: 'x', colour: 'red' }],
])('%s is refused', async (_, body) => {
  const { call } = await setup();
  expect((await call('POST', groups, body)).status).toBe(400);
  expect((await call('PUT', `${groups}/83190`, body)).status).toBe(400);
});

it('there is no delete', async () => {
  expect((await (await setup()).call('DELETE', `${groups}/83190`)).status).toBe(405);
});
