/**
 * Every example of the vendor's page "Agents API Methods" about agent skills: the request we send is the one printed, the answer printed is
 * read. Then the same against the sandbox.
 */
import { describe, expect, it } from 'vitest';
import { FatalError } from '../../src/errors.ts';
import { connectToSandbox, dialects, print, readAll, setup } from './agent-server.ts';

describe('createAgentSkill', () => {
  it('creates a new agent skill', async () => {
    const { client, asked } = await setup({ status: 201, body: { id: 74281 } });
    const skill = { name: 'Docs', description: 'documentation' };
    expect(await client.agentSkills.createAgentSkill(skill, 4199)).toMatchObject({ kind: 'accepted', id: '74281' });
    expect(await client.agentSkills.createAgentSkill({ name: 'Docs' })).toMatchObject({ kind: 'accepted' });
    expect(asked().map(print)).toEqual([
      // The page's own example lacks the parameter's name: `?=4199`.
      'POST /configuration/agents/skills?client=4199 {"name":"Docs","description":"documentation"}',
      'POST /configuration/agents/skills {"name":"Docs"}',
    ]);
  });
});

describe('deleteAgentSkill', () => {
  it('deletes an agent skill, once, and is refused when there is none', async () => {
    const { client, asked } = await setup({ status: 204 }, { status: 404 }, { status: 503 });
    expect(await client.agentSkills.deleteAgentSkill(74280)).toMatchObject({ kind: 'accepted', httpStatus: 204 });
    expect(await client.agentSkills.deleteAgentSkill(74280)).toMatchObject({ kind: 'refused', httpStatus: 404 });
    expect(await client.agentSkills.deleteAgentSkill(74280)).toMatchObject({ kind: 'unknown', httpStatus: 503 });
    expect(asked().map(print)).toEqual(Array(3).fill('DELETE /configuration/agents/skills/74280'));
  });
});

describe('getAgentSkillListInfo', () => {
  it('reads how many agent skills a client has', async () => {
    const { client, asked } = await setup({ status: 200, body: { size: 5, lastModified: 1369249675000 } });
    expect(await client.agentSkills.getAgentSkillListInfo(4199)).toEqual({
      size: 5,
      lastModified: new Date(1369249675000),
    });
    expect(asked().map(print)).toEqual(['GET /configuration/agents/skills/info?client=4199']);
  });
});

describe('listAgentSkills', () => {
  const skills = [
    { id: 1021, name: 'SILVER' },
    { id: 1022, name: 'GOLD' },
    { id: 1023, name: 'PLATINUM' },
    { id: 8945, name: 'SPANISH' },
  ];

  it('reads the agent skills of a client', async () => {
    const { client, asked } = await setup({ status: 200, body: { agentSkill: skills, next: null } });
    expect(await readAll(client.agentSkills.listAgentSkills({ clientId: 4199, count: 5 }))).toEqual(
      skills.map(({ id, name }) => ({ id: String(id), name })),
    );
    expect(asked().map(print)).toEqual(['GET /configuration/agents/skills?client=4199&count=5&offset=0']);
  });

  it('a client without agent skills has none', async () => {
    const { client } = await setup(
      { status: 200, body: { next: null } },
      { status: 404, body: { code: 203, message: 'No Record Found' } },
    );
    expect(await readAll(client.agentSkills.listAgentSkills())).toEqual([]);
    expect(await readAll(client.agentSkills.listAgentSkills())).toEqual([]);
  });
});

describe('readAgentSkill', () => {
  it('reads the configuration of an agent skill', async () => {
    // The page leaves agents out by "...".
    const agent = [
      { id: 178745, proficiency: 1 },
      { id: 179884, proficiency: 5 },
      { id: 191007, proficiency: 1 },
      { id: 142908, proficiency: 1 },
    ];
    const body = { agent, name: 'SPANISH', description: 'Spanish Speaking Agents', clientId: 4199 };
    const { client, asked } = await setup({ status: 200, body });
    expect(await client.agentSkills.readAgentSkill(8945)).toEqual({
      agent: agent.map(({ id, proficiency }) => ({ id: String(id), proficiency })),
      name: 'SPANISH',
      description: 'Spanish Speaking Agents',
      clientId: '4199',
    });
    expect(asked().map(print)).toEqual(['GET /configuration/agents/skills/8945']);
  });

  it('reads one without agents, client or description', async () => {
    const { client } = await setup({ status: 200, body: { name: 'SPANISH', description: 'null', clientId: null } });
    expect(await client.agentSkills.readAgentSkill(8945)).toEqual({ agent: [], name: 'SPANISH', description: '' });
  });

  it('an agent skill that does not exist is undefined', async () => {
    const body = { code: 203, message: 'Agent skill not found [ID:111111]' };
    const { client, asked } = await setup({ status: 404, body });
    expect(await client.agentSkills.readAgentSkill(111111)).toBeUndefined();
    expect(asked().map(print)).toEqual(['GET /configuration/agents/skills/111111']);
  });

  it('an agent without a proficiency is a shape we do not know', async () => {
    const { client } = await setup({ status: 200, body: { name: 'SPANISH', agent: [{ id: 178745 }] } });
    await expect(client.agentSkills.readAgentSkill(8945)).rejects.toThrow(FatalError);
  });
});

describe('updateAgentSkill', () => {
  it('updates an agent skill', async () => {
    const { client, asked } = await setup({ status: 204 });
    const changes = { name: 'Docs', description: 'documentation' };
    expect(await client.agentSkills.updateAgentSkill(74281, changes)).toMatchObject({ kind: 'accepted' });
    expect(asked().map(print)).toEqual([
      'PUT /configuration/agents/skills/74281 {"name":"Docs","description":"documentation"}',
    ]);
  });

  it('an update of nothing is refused before anything is sent', async () => {
    const { client, asked } = await setup({ status: 204 });
    await expect(client.agentSkills.updateAgentSkill(74281, {})).rejects.toThrow(FatalError);
    expect(asked()).toEqual([]);
  });
});

describe.each(dialects)('client.agentSkills against the sandbox, %s', (_, dialect) => {
  it('an agent skill is created, listed, read, changed and deleted', async () => {
    const { agentSkills } = await connectToSandbox(dialect);
    const before = await readAll(agentSkills.listAgentSkills());
    const created = await agentSkills.createAgentSkill({ name: 'Docs', description: 'documentation' });
    expect(created).toMatchObject({ kind: 'accepted', httpStatus: 201, id: expect.stringMatching(/^\d+$/) });
    const id = created.kind === 'accepted' ? (created.id ?? '') : '';

    for (const count of [1, 2, 1_000]) {
      const all = await readAll(agentSkills.listAgentSkills({ count }));
      expect(all.filter((skill) => skill.id !== id)).toEqual(before);
      expect(all.find((skill) => skill.id === id)).toEqual({ id, name: 'Docs' });
    }
    expect(await agentSkills.getAgentSkillListInfo()).toMatchObject({ size: before.length + 1 });
    expect(await agentSkills.updateAgentSkill(id, { name: 'More docs' })).toMatchObject({ kind: 'accepted' });
    expect(await agentSkills.readAgentSkill(id)).toMatchObject({
      name: 'More docs',
      description: 'documentation',
      agent: [],
    });
    expect(await agentSkills.deleteAgentSkill(id)).toMatchObject({ kind: 'accepted' });
    expect(await agentSkills.deleteAgentSkill(id)).toMatchObject({ kind: 'refused', httpStatus: 404 });
    expect(await agentSkills.readAgentSkill(id)).toBeUndefined();
  });
});
