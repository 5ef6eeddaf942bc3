import { describe, expect, it } from 'vitest';
import { setup, startedAt } from '../caller.ts';
import { toShape } from '../shape.ts';

const skills = '/configuration/agents/skills';

describe('agent skills', () => {
  it('one is created, read, updated and deleted', async () => {
    const { call } = await setup();
    // The example's query is `?=4199`, without the parameter's name; it names no client then.
    const created = await call('POST', `${skills}?=4199`, { name: 'Docs', description: 'documentation' });
    expect([created.status, toShape(created.body)]).toEqual([201, toShape({ id: 74281 })]);
    const path = `${skills}/${(created.body as { id: number }).id}`;
    const docs = { agent: [], name: 'Docs', description: 'documentation', clientId: 100_042 };
    expect((await call('GET', path)).body).toEqual(docs);
    expect((await call('PUT', path, { name: 'Docs', description: 'documentation' })).status).toBe(204);
    expect((await call('PUT', path, { description: 'more' })).status).toBe(204);
    expect((await call('GET', path)).body).toEqual({ ...docs, description: 'more' });
    const deleted = await call('DELETE', path);
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    const again = await call('DELETE', path);
    expect([again.status, again.text]).toEqual([404, '']);
  });

  it('can be created for a client there is', async () => {
    const { call } = await setup();
    expect((await call('POST', `${skills}?client=4199`, { name: 'Docs' })).status).toBe(403);
    await call('PUT', '/sandbox/agent-skills/74280', { clientId: 4199, name: 'GOLD' });
    expect((await call('POST', `${skills}?client=4199`, { name: 'Docs' })).body).toEqual({ id: 74281 });
    expect((await call('GET', `${skills}/74281`)).body).toMatchObject({ clientId: 4199, description: '' });
  });

  it.each([{}, { name: '' }, { name: 'x', colour: 'red' }, { name: 5 }])('%j creates nothing', async (body) => {
    const { call } = await setup();
    expect((await call('POST', skills, body)).status).toBe(400);
  });

  it('one that does not exist is 404 in the words of the page', async () => {
    const { call } = await setup();
    const reply = await call('GET', `${skills}/111111`);
    expect([reply.status, reply.body]).toEqual([404, { code: 203, message: 'Agent skill not found [ID:111111]' }]);
  });

  it('shows who has it, in the shape of the example, and takes it from them when it goes', async () => {
    const { call } = await setup();
    const example = {
      agent: [{ id: 178745, proficiency: 1 }],
      name: 'SPANISH',
      description: 'Spanish Speaking Agents',
      clientId: 4199,
    };
    await call('PUT', '/sandbox/agent-skills/8945', { ...example, agent: undefined });
    await call('PUT', '/sandbox/agents/178745', { skills: [{ id: 8945, proficiency: 1 }] });
    expect((await call('GET', `${skills}/8945`)).body).toEqual(example);
    await call('DELETE', `${skills}/8945`);
    expect((await call('GET', '/configuration/agents/178745')).body).toMatchObject({ assignedAgentSkill: [] });
  });
});

describe('List Agent Skills', () => {
  it('gives ids and names, and null for the next page where the dialect follows the example', async () => {
    const { call } = await setup({ dialect: { lastNext: 'null' } });
    const names = ['SILVER', 'GOLD', 'PLATINUM', 'SPANISH'];
    const example = { agentSkill: names.map((name, index) => ({ id: 2021 + index, name })), next: null };
    for (const { id, name } of example.agentSkill)
      await call('PUT', `/sandbox/agent-skills/${id}`, { clientId: 4199, name });
    expect((await call('GET', `${skills}?count=5&client=4199&offset=0`)).body).toEqual(example);
    expect((await call('GET', '/configuration/agents/Skills?count=5&client=4199&offset=0')).body).toEqual(example);
    expect((await call('GET', `${skills}?count=5`)).status).toBe(400);
  });

  it('there are six to start with', async () => {
    const { call } = await setup();
    const reply = await call('GET', `${skills}?count=5&offset=0`);
    expect((reply.body as { agentSkill: unknown[] }).agentSkill).toHaveLength(5);
    expect(reply.body).toMatchObject({ next: 'configuration/agents/skills?offset=5&count=5' });
  });

  it('the metadata has a size and a date', async () => {
    const { call } = await setup();
    await call('PUT', '/sandbox/agent-skills/2021', { clientId: 4199, name: 'GOLD' });
    expect((await call('GET', `${skills}/info?client=4199`)).body).toEqual({ size: 1, lastModified: startedAt });
  });
});
