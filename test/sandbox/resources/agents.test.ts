import { describe, expect, it } from 'vitest';
import { type Caller, login, send, setup, startedAt } from '../caller.ts';
import { toShape } from '../shape.ts';

const agents = '/configuration/agents';

/** The page's Create Agent. */
const bob = {
  clientId: 4199,
  loginId: 'BobJohnson1',
  firstName: 'Bob',
  lastName: 'Johnson',
  password: 'A12345678',
  phone: '2023467763',
  wrapUpTime: -1,
  homeAgent: true,
  active: true,
  assignedService: [{ id: 40789 }, { id: 17798 }],
  assignedAgentSkill: [
    { id: 1021, proficiency: 3 },
    { id: 1022, proficiency: 1 },
    { id: 1023, proficiency: 5 },
  ],
};

/** A sandbox with the clients, services and agents that the page's examples name. */
async function setupExamples(options: Parameters<typeof setup>[0] = {}): Promise<Caller> {
  const caller = await setup(options);
  for (const id of [40789, 17798, 17885, 43131])
    await caller.call('PUT', `/sandbox/services/${id}`, { clientId: 4199, callCenterId: 400 + id });
  await caller.call('PUT', '/sandbox/services/38184', { clientId: 4199, acdMode: 'No ACD' });
  for (const id of [311907, 312433, 312012])
    await caller.call('PUT', `/sandbox/agents/${id}`, { clientId: 4199, loginId: `AGENT${id}` });
  return caller;
}

describe('Create Agent', () => {
  it('answers 201 and the id, and the loginId is upper case from then on', async () => {
    const { call } = await setupExamples();
    const reply = await call('POST', agents, bob);
    expect([reply.status, toShape(reply.body)]).toEqual([201, toShape({ id: 311918 })]);
    const { id } = reply.body as { id: number };
    const read = await call('GET', `${agents}/${id}`);
    const { clientId: _, password: __, ...shown } = bob;
    const rest = { locked: false, passwordLastModified: startedAt };
    expect(read.body).toEqual({ ...shown, loginId: 'BOBJOHNSON1', ...rest });
  });

  it('refuses an empty password as the page has it', async () => {
    const { call } = await setupExamples();
    const reply = await call('POST', agents, { ...bob, password: '' });
    expect([reply.status, reply.body]).toEqual([400, { code: 202, message: 'Missing required field [password]' }]);
  });

  it('refuses an invalid service type as the page has it', async () => {
    // The example prints a request id of its own; the sandbox's is always the same.
    const { call } = await setupExamples({ dialect: { errors: 'requestId' } });
    await call('PUT', '/sandbox/services/113', { clientId: 111_645, acdMode: 'No ACD' });
    await call('PUT', '/sandbox/agent-skills/42304', { clientId: 111_645, name: 'Skill' });
    const body = {
      ...bob,
      clientId: 111_645,
      loginId: 'BobJohnson11',
      assignedService: [{ id: 113 }],
      assignedAgentSkill: [{ id: 42304, proficiency: 3 }],
    };
    const reply = await call('POST', agents, body);
    expect(reply.status).toBe(403);
    expect(reply.body).toEqual({ code: 403, 'Request Id': expect.any(String), Message: 'Access denied' });
  });

  it.each([
    ['a client of somebody else', { clientId: 5 }, 403],
    ['an unknown service', { assignedService: [{ id: 5 }] }, 403],
    ['an unknown skill', { assignedAgentSkill: [{ id: 5, proficiency: 1 }] }, 400],
    ['a proficiency of 6', { assignedAgentSkill: [{ id: 1021, proficiency: 6 }] }, 400],
    ['a password without a digit', { password: 'abcdefgh' }, 400],
    ['a wrap-up time of -2', { wrapUpTime: -2 }, 400],
    ['a flag as text', { active: 'true' }, 400],
    ['an attribute that is not on the page', { email: 'x' }, 400],
    ['a loginId there is, in other letters', { loginId: 'agent01' }, 400],
  ])('refuses %s', async (_, changes, status) => {
    const { call } = await setupExamples();
    expect((await call('POST', agents, { ...bob, ...changes })).status).toBe(status);
  });
});

describe('Read Agent', () => {
  it('shows what the page’s example shows', async () => {
    const { call } = await setup();
    const example = {
      assignedService: [{ id: 49551 }],
      assignedAgentSkill: [{ id: 12366, proficiency: 2 }],
      loginId: 'AGENT3',
      firstName: 'AGENT',
      lastName: 'THREE',
      phone: '5553231212',
      wrapUpTime: -1,
      homeAgent: true,
      active: true,
      locked: false,
      passwordLastModified: 1495233693000,
      lastLogin: 1495234211000,
      lastLoginIp: '189.146.225.138',
    };
    const { assignedService, assignedAgentSkill, ...rest } = example;
    const set = { ...rest, services: assignedService.map(({ id }) => id), skills: assignedAgentSkill };
    expect((await call('PUT', '/sandbox/agents/324515', set)).status).toBe(200);
    const reply = await call('GET', `${agents}/324515`);
    expect([reply.status, reply.body]).toEqual([200, example]);
  });

  it('an agent that does not exist is 404 in the words of the page', async () => {
    const { call } = await setup();
    const reply = await call('GET', `${agents}/111111`);
    expect([reply.status, reply.body]).toEqual([404, { code: 203, message: 'Agent not found [ID:111111]' }]);
    expect((await call('GET', `${agents}/nobody`)).status).toBe(404);
  });
});

describe('List Agents', () => {
  // The example's client has six agents before the page's last; here there are just enough.
  const names = ['A', 'B', 'AGENT!', 'AGENT#.?', 'AGENT-ANINDITA', 'AGENT-ONE', 'Z'];

  async function setupList(options: Parameters<typeof setup>[0] = {}): Promise<Caller> {
    const caller = await setup(options);
    for (const [index, loginId] of names.entries()) {
      const set = { clientId: 49_551, loginId, lastLogin: 1470340861000, lastLoginIp: '187.237.14.230' };
      await caller.call('PUT', `/sandbox/agents/${521_091 + index}`, set);
    }
    return caller;
  }

  it('gives the page asked for, in the shape of the example', async () => {
    const { call } = await setupList();
    const reply = await call('GET', `${agents}?count=4&client=49551&offset=2`);
    const { agent, next } = reply.body as { agent: { loginId: string }[]; next: string };
    expect(toShape(agent[0])).toEqual(
      toShape({
        id: 521091,
        loginId: 'AGENT!',
        firstName: 'agent',
        lastName: 'bond',
        phone: '5553504512',
        active: true,
        lastLogin: 1470340861000,
        lastLoginIp: '187.237.14.230',
      }),
    );
    expect(agent).toHaveLength(4);
    // The example has a slash before the question mark.
    expect(next).toBe('configuration/agents?client=49551&offset=6&count=4');
    const last = await call('GET', `/${next}`);
    expect(last.body).toEqual({ agent: [expect.objectContaining({ loginId: 'Z' })] });
    expect((await call('GET', `${agents}/?client=49551&offset=6&count=4`)).body).toEqual(last.body);
  });

  it.each([
    ['rooted', '/configuration/agents?client=49551&offset=1'],
    ['absolute', expect.stringMatching(/^http:.*\/configuration\/agents\?client=49551&offset=1&count=1$/)],
  ] as const)('next can be %s', async (next, expected) => {
    const { call } = await setupList({ dialect: { next } });
    expect((await call('GET', `${agents}?count=1&client=49551&offset=0`)).body).toMatchObject({ next: expected });
  });

  it.each(['count=4', 'offset=0', 'count=x&offset=0'])('refuses %s', async (query) => {
    const { call } = await setup();
    expect((await call('GET', `${agents}?${query}`)).status).toBe(400);
  });

  it('is the same twenty for the same seed', async () => {
    const one = await setup({ seed: 3 });
    const two = await setup({ seed: 3 });
    const list = async ({ call }: Caller) => (await call('GET', `${agents}?count=1000&offset=0`)).text;
    expect(await list(one)).toBe(await list(two));
    expect((JSON.parse(await list(one)) as { agent: unknown[] }).agent).toHaveLength(20);
  });
});

describe('Find Matching Agents', () => {
  const one = { loginId: 'AGENTONE', firstName: 'Agent', lastName: 'One', phone: '6783734060' };

  it('finds by part of the last name, and by the whole number', async () => {
    const { call } = await setup();
    const login = { lastLogin: 1547671690000, lastLoginIp: '200.76.215.11' };
    await call('PUT', '/sandbox/agents/1018655', { clientId: 1_005_018, ...one, ...login });
    const search = `${agents}/search?client=1005018&offset=0&count=4`;
    const expected = { agent: [{ id: 1018655, ...one, active: true, ...login }] };
    expect((await call('POST', search, { lastName: 'One' })).body).toEqual(expected);
    expect((await call('POST', search, { lastName: 'oNe' })).body).toEqual(expected);
    expect((await call('POST', search, { loginId: 'tone' })).body).toEqual(expected);
    expect((await call('POST', search, { phoneNumber: '6783734060' })).body).toEqual(expected);
    expect((await call('POST', search, { phoneNumber: '678373' })).body).toEqual({ agent: [] });
  });

  it('refuses two criteria, and none, as the page has it', async () => {
    const { call } = await setupExamples({ dialect: { errors: 'errorCode' } });
    const expected = {
      errorCode: 202,
      errorMessage: 'Invalid input [exactly one of phone, loginId or lastName is required]',
    };
    const search = `${agents}/search?count=10&client=4199&offset=0`;
    for (const body of [{ loginId: 'BobJones23', lastName: 'Jones' }, {}]) {
      const reply = await call('POST', search, body);
      expect([reply.status, reply.body]).toEqual([400, expected]);
    }
  });
});

describe('Get Agent List Info', () => {
  it('counts the client’s agents, and a change moves its date', async () => {
    let now = startedAt;
    const { call } = await setupExamples({ now: () => now });
    const info = async () => (await call('GET', `${agents}/info?client=4199`)).body;
    expect(await info()).toEqual({ size: 3, lastModified: startedAt });
    now += 1000;
    await call('DELETE', `${agents}/311907`);
    expect(await info()).toEqual({ size: 2, lastModified: startedAt + 1000 });
    expect((await call('GET', `${agents}/info?client=5`)).status).toBe(403);
  });
});

describe('Get Agent Related Objects', () => {
  it('lists services and their call centers', async () => {
    const { call } = await setupExamples();
    await call('PUT', '/sandbox/agents/99057', { services: [17798, 17885, 40789, 43131] });
    const reply = await call('GET', `${agents}/99057/related`);
    expect(reply.body).toEqual({
      callCenter: [{ id: 18198 }, { id: 18285 }, { id: 41189 }, { id: 43531 }],
      service: [{ id: 17798 }, { id: 17885 }, { id: 40789 }, { id: 43131 }],
    });
  });
});

describe('Update Agent', () => {
  it('changes what the body names', async () => {
    const { call } = await setupExamples();
    // The example has a comma after the last attribute, which is no JSON.
    const reply = await call('PUT', `${agents}/312433`, { phone: '2023467763', active: true });
    expect([reply.status, reply.text]).toEqual([204, '']);
    expect((await call('GET', `${agents}/312433`)).body).toMatchObject({ phone: '2023467763', firstName: 'Agent' });
  });

  it('unlocks an agent who tried too many passwords', async () => {
    const { sandbox, call } = await setupExamples();
    const asAgent = (password: string) => login(sandbox, { userName: 'AGENT312433', password, agent: true });
    for (let count = 0; count < 5; count += 1) expect((await asAgent('wrong')).status).toBe(401);
    expect((await asAgent('agent-password-1')).status).toBe(401);
    expect((await call('GET', `${agents}/312433`)).body).toMatchObject({ locked: true });
    expect((await call('PUT', `${agents}/312433`, { unlock: true })).status).toBe(204);
    expect((await asAgent('agent-password-1')).status).toBe(200);
    expect((await call('GET', `${agents}/312433`)).body).toMatchObject({ locked: false, lastLogin: startedAt });
  });

  it('refuses a short password as the page has it', async () => {
    const { call } = await setupExamples({ dialect: { errors: 'errorCode' } });
    const reply = await call('PUT', `${agents}/312433`, { password: '1234567' });
    expect([reply.status, reply.body]).toEqual([
      400,
      { errorCode: 202, errorMessage: 'Invalid password [Password must be at least 8 characters long]' },
    ]);
  });

  it('refuses the last four passwords again', async () => {
    const { call } = await setupExamples();
    const set = async (password: string) => (await call('PUT', `${agents}/312433`, { password })).status;
    const passwords = ['password-2', 'password-3', 'password-4', 'password-5'];
    for (const password of passwords) expect(await set(password)).toBe(204);
    for (const password of passwords) expect(await set(password)).toBe(400);
    expect(await set('agent-password-1')).toBe(204);
  });

  it.each([{}, { loginId: 'OTHER' }, { assignedService: [] }])('refuses %j', async (body) => {
    const { call } = await setupExamples();
    expect((await call('PUT', `${agents}/312433`, body)).status).toBe(400);
  });
});

describe('Delete Agent', () => {
  it('is 204 once and 404 without a body from then on', async () => {
    const { call } = await setupExamples();
    expect((await call('DELETE', `${agents}/311907`)).status).toBe(204);
    for (const id of [311907, 1234]) {
      const reply = await call('DELETE', `${agents}/${id}`);
      expect([reply.status, reply.text]).toEqual([404, '']);
    }
  });
});

describe('adding and removing', () => {
  const assigned = async ({ call }: Caller) => {
    const { assignedService, assignedAgentSkill } = (await call('GET', `${agents}/312012`)).body as Record<
      string,
      unknown
    >;
    return { assignedService, assignedAgentSkill };
  };

  it('a skill is given with its proficiency, changed, and taken', async () => {
    const caller = await setupExamples();
    const { call } = caller;
    expect((await call('PUT', `${agents}/312012/skills/1022?proficiency=4`)).status).toBe(204);
    expect((await call('PUT', `${agents}/312012/skills/1022?proficiency=2`, {})).status).toBe(204);
    expect(await assigned(caller)).toMatchObject({ assignedAgentSkill: [{ id: 1022, proficiency: 2 }] });
    expect((await call('DELETE', `${agents}/312012/skills/1022`)).status).toBe(204);
    expect((await call('DELETE', `${agents}/312012/skills/1022`)).status).toBe(404);
    expect(await assigned(caller)).toMatchObject({ assignedAgentSkill: [] });
  });

  it.each(['', '?proficiency=0', '?proficiency=6', '?proficiency=x'])('refuses a proficiency of %j', async (query) => {
    const { call } = await setupExamples();
    expect((await call('PUT', `${agents}/312012/skills/1022${query}`)).status).toBe(400);
  });

  it('a service is given and taken', async () => {
    const caller = await setupExamples();
    expect((await caller.call('PUT', `${agents}/312012/services/17885`)).status).toBe(204);
    expect(await assigned(caller)).toMatchObject({ assignedService: [{ id: 17885 }] });
    expect((await caller.call('DELETE', `${agents}/312012/services/17885`)).status).toBe(204);
    expect(await assigned(caller)).toMatchObject({ assignedService: [] });
  });

  it('a service of the wrong type is refused as the page has it', async () => {
    const { call } = await setupExamples({ dialect: { errors: 'errorCode' } });
    const reply = await call('PUT', `${agents}/312012/services/38184`);
    // The page prints no status.
    expect([reply.status, reply.body]).toEqual([
      400,
      { errorCode: 202, errorMessage: 'Cannot assign service [incorrect service type]' },
    ]);
    expect((await call('PUT', `${agents}/312012/services/5`)).status).toBe(404);
  });
});

describe('who may call', () => {
  const reads = [`${agents}/657530652`, `${agents}?count=1&offset=0`, `${agents}/657530652/related`];

  it('an agent’s session may read agents, and nothing else', async () => {
    const { sandbox } = await setup();
    const reply = await login(sandbox, { userName: 'agent01', password: 'agent-password-1', agent: true });
    expect(reply.body).toMatchObject({ userId: 657_530_652 });
    const { sessionId } = reply.body as { sessionId: string };
    const headers = { 'lv-session': sessionId };
    for (const path of reads) expect((await send(sandbox, 'GET', path, undefined, headers)).status).toBe(200);
    const search = `${agents}/search?count=1&offset=0`;
    expect((await send(sandbox, 'POST', search, { lastName: 'a' }, headers)).status).toBe(200);
    const refused = [
      ['GET', `${agents}/info`, undefined],
      ['POST', agents, bob],
      ['PUT', `${agents}/657530652`, { active: false }],
      ['DELETE', `${agents}/657530652`, undefined],
      ['GET', `${agents}/skills/1021`, undefined],
      ['POST', '/realtime/event/feed', {}],
      ['POST', '/realtime/service/stats', {}],
      ['GET', '/contact/contacts/customFields', undefined],
    ] as const;
    for (const [method, path, body] of refused)
      expect((await send(sandbox, method, path, body, headers)).status, path).toBe(403);
  });

  it('an agent without the body’s agent, and a user with it, are nobody', async () => {
    const { sandbox } = await setup();
    expect((await login(sandbox, { userName: 'AGENT01', password: 'agent-password-1' })).status).toBe(401);
    expect((await login(sandbox, { agent: true })).status).toBe(401);
    // The twentieth is not active, the nineteenth locked.
    for (const userName of ['AGENT19', 'AGENT20'])
      expect((await login(sandbox, { userName, password: 'agent-password-1', agent: true })).status).toBe(401);
  });

  it('a Manager needs the power to administer agents', async () => {
    const user = { userName: 'one', password: 'secret', role: 'Manager' } as const;
    const statuses = async (powers: { administersAgents?: boolean }) => {
      const { call } = await setup({ users: [{ ...user, ...powers }] });
      return (await call('GET', `${agents}/info`)).status;
    };
    expect([await statuses({}), await statuses({ administersAgents: false })]).toEqual([200, 403]);
  });

  it('ids come as texts where the dialect says so', async () => {
    const { call } = await setup({ dialect: { numbers: 'string' } });
    expect((await call('GET', `${agents}?count=1&offset=0`)).body).toMatchObject({ agent: [{ id: '657530652' }] });
  });
});
