/**
 * Every example of the vendor's page "Agents API Methods" about agents: the request we send is the one printed, the answer printed is read.
 * Then what a server may answer otherwise.
 */
import { describe, expect, it } from 'vitest';
import { FatalError } from '../../src/errors.ts';
import type { LiveVoxClient } from '../../src/livevox/index.ts';
import { type Answer, connectToSandbox, dialects, print, readAll, setup } from './agent-server.ts';

/** The client that the sandbox plays. */
const sandboxClientId = 100_042;

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

describe('createAgent', () => {
  it('creates a new agent', async () => {
    const { client, asked } = await setup({ status: 201, body: { id: 311918 } });
    expect(await client.agents.createAgent(bob)).toMatchObject({ kind: 'accepted', httpStatus: 201, id: '311918' });
    expect(asked().map(({ verb, path }) => `${verb} ${path}`)).toEqual(['POST /configuration/agents']);
    expect(JSON.parse(asked()[0]?.body ?? '')).toEqual(bob);
  });

  it('an invalid password is refused with the words of LiveVox', async () => {
    const body = { code: 202, message: 'Missing required field [password]' };
    const { client, asked } = await setup({ status: 400, body });
    expect(await client.agents.createAgent({ ...bob, password: '' })).toMatchObject({
      kind: 'refused',
      httpStatus: 400,
      code: '202',
      message: 'HTTP 400, code 202: Missing required field [password]',
    });
    expect(JSON.parse(asked()[0]?.body ?? '')).toEqual({ ...bob, password: '' });
  });

  it('an invalid service type is a 403, which is thrown', async () => {
    const agent = {
      ...bob,
      clientId: 111645,
      loginId: 'BobJohnson11',
      assignedService: [{ id: 113 }],
      assignedAgentSkill: [{ id: 42304, proficiency: 3 }],
    };
    const body = { code: 403, 'Request Id': '1-66ebf497-fe3e993cfcde32bbd27ae102', Message: 'Access denied' };
    const { client, asked } = await setup({ status: 403, body });
    await expect(client.agents.createAgent(agent)).rejects.toThrow(/"Create Agent" \(HTTP 403\)/);
    expect(JSON.parse(asked()[0]?.body ?? '')).toEqual(agent);
  });

  it('ids may be given as digits and go out as numbers while these are exact', async () => {
    const { client, asked } = await setup({ status: 201, body: { id: '9007199254740993' } });
    const answer = await client.agents.createAgent({
      ...bob,
      clientId: '4199',
      assignedService: [{ id: '9007199254740993' }],
      assignedAgentSkill: undefined,
    });
    expect(answer).toMatchObject({ kind: 'accepted', id: '9007199254740993' });
    const sent = JSON.parse(asked()[0]?.body ?? '');
    expect([sent.clientId, sent.assignedService, 'assignedAgentSkill' in sent]).toEqual([
      4199,
      [{ id: '9007199254740993' }],
      false,
    ]);
  });

  it.each([[{}], [{ id: null }], [{ id: 'null' }], [undefined]])('%j is a create that names no id', async (body) => {
    const { client } = await setup({ status: 201, body });
    expect(await client.agents.createAgent(bob)).toMatchObject({ kind: 'accepted', id: undefined });
  });

  it('is sent once when its answer is lost, and says that nobody knows', async () => {
    const { client, asked } = await setup({ status: 500, body: {} });
    expect(await client.agents.createAgent(bob)).toMatchObject({ kind: 'unknown', httpStatus: 500 });
    expect(asked()).toHaveLength(1);
  });

  it.each([0, 6, 2.5, Number.NaN])('a proficiency of %d is refused before anything is sent', async (proficiency) => {
    const { client, asked } = await setup({ status: 201 });
    const agent = { ...bob, assignedAgentSkill: [{ id: 1, proficiency }] };
    await expect(client.agents.createAgent(agent)).rejects.toThrow(FatalError);
    await expect(client.agents.addAgentSkill(1, 2, proficiency)).rejects.toThrow(FatalError);
    expect(asked()).toEqual([]);
  });
});

describe('the other writes', () => {
  type Write = [string, (client: LiveVoxClient) => Promise<unknown>, string];
  const taken: Write[] = [
    ['deleteAgent', ({ agents }) => agents.deleteAgent(311907), 'DELETE /configuration/agents/311907'],
    // The page's own body has a comma too many: {"phone": …, "active": true,}.
    [
      'updateAgent',
      ({ agents }) => agents.updateAgent(312433, { phone: '2023467763', active: true }),
      'PUT /configuration/agents/312433 {"phone":"2023467763","active":true}',
    ],
    [
      'updateAgent to unlock',
      ({ agents }) => agents.updateAgent('312433', { unlock: true }),
      'PUT /configuration/agents/312433 {"unlock":true}',
    ],
    [
      'addAgentSkill',
      ({ agents }) => agents.addAgentSkill(312012, 1022, 4),
      'PUT /configuration/agents/312012/skills/1022?proficiency=4',
    ],
    ['addService', ({ agents }) => agents.addService(312012, 17885), 'PUT /configuration/agents/312012/services/17885'],
    [
      'removeAgentSkill',
      ({ agents }) => agents.removeAgentSkill(312012, 1022),
      'DELETE /configuration/agents/312012/skills/1022',
    ],
    [
      'removeService',
      ({ agents }) => agents.removeService(312012, 17885),
      'DELETE /configuration/agents/312012/services/17885',
    ],
  ];
  it.each(taken)('%s is taken with a 204, or a 200', async (_, write, printed) => {
    const { client, asked } = await setup({ status: 204 }, { status: 200, body: { message: 'Success' } });
    expect(await write(client)).toMatchObject({ kind: 'accepted', httpStatus: 204 });
    expect(await write(client)).toMatchObject({ kind: 'accepted', httpStatus: 200 });
    expect(asked().map(print)).toEqual([printed, printed]);
    for (const { headers, body } of asked()) {
      expect(headers['content-type']).toBe('application/json');
      expect(body).toMatch(/^\{/);
    }
  });

  const unassignable = { errorCode: 202, errorMessage: 'Cannot assign service [incorrect service type]' };
  const short = { errorCode: 202, errorMessage: 'Invalid password [Password must be at least 8 characters long]' };
  const refused: [string, (client: LiveVoxClient) => Promise<unknown>, string, Answer, string][] = [
    [
      'deleteAgent of an agent that does not exist',
      ({ agents }) => agents.deleteAgent(1234),
      'DELETE /configuration/agents/1234',
      { status: 404 },
      'HTTP 404',
    ],
    [
      'updateAgent with an invalid password',
      ({ agents }) => agents.updateAgent(312433, { password: '1234567' }),
      'PUT /configuration/agents/312433 {"password":"1234567"}',
      { status: 400, body: short },
      'HTTP 400, code 202: Invalid password [Password must be at least 8 characters long]',
    ],
    // The page prints this answer without its status: as a 200 its body makes it a failure all the same.
    ...[200, 400].map((status): (typeof refused)[number] => [
      `addService of an invalid type with status ${status}`,
      ({ agents }) => agents.addService(312012, 38184),
      'PUT /configuration/agents/312012/services/38184',
      { status, body: unassignable },
      `HTTP ${status}, code 202: Cannot assign service [incorrect service type]`,
    ]),
  ];
  it.each(refused)('%s is refused', async (_, write, printed, answer, message) => {
    const { client, asked } = await setup(answer);
    expect(await write(client)).toMatchObject({ kind: 'refused', httpStatus: answer.status, message });
    expect(asked().map(print)).toEqual([printed]);
  });

  it('what a second time may be refused is sent once, the rest again after a 503', async () => {
    const count = async (write: (client: LiveVoxClient) => Promise<unknown>): Promise<number> => {
      const { client, asked } = await setup({ status: 503 });
      expect(await write(client)).toMatchObject({ kind: 'unknown', httpStatus: 503 });
      return asked().length;
    };
    expect(await count(({ agents }) => agents.deleteAgent(1))).toBe(1);
    expect(await count(({ agents }) => agents.removeAgentSkill(1, 2))).toBe(1);
    expect(await count(({ agents }) => agents.removeService(1, 2))).toBe(1);
    expect(await count(({ agents }) => agents.updateAgent(1, { password: 'A12345678' }))).toBe(1);
    expect(await count(({ agents }) => agents.updateAgent(1, { phone: '2023467763' }))).toBe(4);
    expect(await count(({ agents }) => agents.addAgentSkill(1, 2, 3))).toBe(4);
    expect(await count(({ agents }) => agents.addService(1, 2))).toBe(4);
  });

  it('an update of nothing, and an id that is none, are refused before anything is sent', async () => {
    const { client, asked } = await setup({ status: 204 });
    await expect(client.agents.updateAgent(1, {})).rejects.toThrow(FatalError);
    await expect(client.agents.updateAgent(1, { phone: undefined })).rejects.toThrow(FatalError);
    for (const id of ['', 'info', '1/skills/2', '-1', 1.5, Number.NaN, -1, 2 ** 60]) {
      await expect(client.agents.deleteAgent(id)).rejects.toThrow(FatalError);
      await expect(client.agents.readAgent(id)).rejects.toThrow(FatalError);
      await expect(readAll(client.agents.listAgents({ clientId: id }))).rejects.toThrow(FatalError);
    }
    expect(asked()).toEqual([]);
  });
});

describe('readAgent', () => {
  const third = {
    assignedService: [{ id: 49551 }, { id: 49552 }, { id: 49553 }, { id: 49555 }, { id: 49561 }, { id: 72491 }],
    assignedAgentSkill: [
      { id: 12366, proficiency: 2 },
      { id: 12367, proficiency: 1 },
      { id: 12370, proficiency: 1 },
    ],
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

  it('reads the configuration of an agent', async () => {
    const { client, asked } = await setup({ status: 200, body: third });
    expect(await client.agents.readAgent(324515)).toEqual({
      ...third,
      assignedService: third.assignedService.map(({ id }) => ({ id: String(id) })),
      assignedAgentSkill: third.assignedAgentSkill.map((skill) => ({ ...skill, id: String(skill.id) })),
      passwordLastModified: new Date(1495233693000),
      lastLogin: new Date(1495234211000),
    });
    expect(asked().map(print)).toEqual(['GET /configuration/agents/324515']);
    expect(asked()[0]?.headers['content-type']).toBe('application/json');
  });

  it('an agent that does not exist is undefined', async () => {
    const body = { code: 203, message: 'Agent not found [ID:111111]' };
    const { client, asked } = await setup({ status: 404, body });
    expect(await client.agents.readAgent(111111)).toBeUndefined();
    expect(await client.agents.getAgentRelatedObjects(111111)).toBeUndefined();
    expect(asked().map(print)[0]).toBe('GET /configuration/agents/111111');
  });

  it('reads numbers as text, booleans as words, times in ISO, and "no value" in every form', async () => {
    const odd = {
      ...third,
      assignedService: { id: '49551' },
      assignedAgentSkill: 'null',
      phone: 5553231212,
      firstName: null,
      lastName: 'null',
      wrapUpTime: '30',
      homeAgent: 'Y',
      active: 1,
      locked: 'false',
      passwordLastModified: '2017-05-19T22:41:33-04:00',
      lastLogin: '1495234211000',
      lastLoginIp: '',
      somethingNew: { deep: true },
    };
    const { client } = await setup({ status: 200, body: odd });
    expect(await client.agents.readAgent('324515')).toEqual({
      assignedService: [{ id: '49551' }],
      assignedAgentSkill: [],
      loginId: 'AGENT3',
      firstName: '',
      lastName: '',
      phone: '5553231212',
      wrapUpTime: 30,
      homeAgent: true,
      active: true,
      locked: false,
      passwordLastModified: new Date('2017-05-20T02:41:33Z'),
      lastLogin: new Date(1495234211000),
    });
  });

  it.each([
    ['nothing', undefined, undefined],
    ['"null"', 'null', undefined],
    ['null', null, undefined],
    ['an offset of a broken form', '2017-05-19T22:41:33-100-04:00', undefined],
    ['a time without a zone', '2017-05-19T22:41:33', new Date('2017-05-19T22:41:33Z')],
  ])('a last login of %s', async (_, lastLogin, expected) => {
    const { client } = await setup({ status: 200, body: { ...third, lastLogin } });
    expect((await client.agents.readAgent(1))?.lastLogin).toEqual(expected);
  });

  it.each([
    ['nothing', undefined],
    ['a list', [third]],
    ['an agent without an activity', { ...third, active: undefined }],
    ['an assignment without an id', { ...third, assignedService: [{}] }],
  ])('%s is a shape we do not know, told without what it holds', async (_, body) => {
    const { client } = await setup({ status: 200, body });
    const failure: unknown = await client.agents.readAgent(1).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(FatalError);
    expect(String(failure)).toContain('"Read Agent" in a shape we do not know');
    expect(String(failure)).not.toContain('5553231212');
  });
});

describe('getAgentListInfo', () => {
  it('reads how many agents there are', async () => {
    const { client, asked } = await setup(
      { status: 200, body: { size: 153, lastModified: 1369249675000 } },
      { status: 200, body: { size: '0', lastModified: 'null' } },
    );
    expect(await client.agents.getAgentListInfo(4199)).toEqual({ size: 153, lastModified: new Date(1369249675000) });
    expect(await client.agents.getAgentListInfo()).toEqual({ size: 0 });
    expect(asked().map(print)).toEqual([
      'GET /configuration/agents/info?client=4199',
      'GET /configuration/agents/info',
    ]);
  });
});

describe('getAgentRelatedObjects', () => {
  it('reads call centers and services', async () => {
    const { client, asked } = await setup(
      {
        status: 200,
        body: {
          callCenter: [{ id: 695 }, { id: 429 }, { id: 2829 }, { id: 428 }],
          service: [{ id: 17798 }, { id: 17885 }, { id: 40789 }, { id: 43131 }],
        },
      },
      { status: 200, body: {} },
    );
    expect(await client.agents.getAgentRelatedObjects(99057)).toEqual({
      callCenter: [{ id: '695' }, { id: '429' }, { id: '2829' }, { id: '428' }],
      service: [{ id: '17798' }, { id: '17885' }, { id: '40789' }, { id: '43131' }],
    });
    expect(await client.agents.getAgentRelatedObjects(99057)).toEqual({ callCenter: [], service: [] });
    expect(asked().map(print)[0]).toBe('GET /configuration/agents/99057/related');
  });
});

const agents = [
  {
    id: 521091,
    loginId: 'AGENT!',
    firstName: 'agent',
    lastName: 'bond',
    phone: '5553504512',
    active: true,
    lastLogin: 1470340861000,
    lastLoginIp: '187.237.14.230',
  },
  {
    id: 521092,
    loginId: 'AGENT#.?',
    firstName: 'agent',
    lastName: 'bourne',
    phone: '5553504512',
    active: true,
    lastLogin: 1470341109000,
    lastLoginIp: '187.237.14.230',
  },
  {
    id: 513804,
    loginId: 'AGENT-ANINDITA',
    firstName: 'Anindita',
    lastName: 'password123',
    phone: '6503517454',
    active: true,
    lastLogin: 1481699421000,
    lastLoginIp: '182.75.26.194',
  },
  {
    id: 523329,
    loginId: 'AGENT-ONE',
    firstName: 'AGENT',
    lastName: 'ONE',
    phone: '6503517454',
    active: true,
    lastLogin: 1471943167000,
    lastLoginIp: '182.75.26.194',
  },
];
const read = agents.map((agent) => ({ ...agent, id: String(agent.id), lastLogin: new Date(agent.lastLogin) }));

describe('listAgents', () => {
  it('reads the page printed, and the next ones', async () => {
    // The page asks for offset 2; a list is read from its beginning here, and overlaps.
    const next = 'configuration/agents/?client=49551&offset=6&count=4';
    const { client, asked } = await setup(
      { status: 200, body: { agent: agents, next } },
      { status: 200, body: { agent: [agents[3], { ...agents[0], id: 7 }] } },
    );
    expect(await readAll(client.agents.listAgents({ clientId: 49551, count: 4 }))).toEqual([
      ...read,
      { ...read[0], id: '7' },
    ]);
    expect(asked().map(print)).toEqual([
      'GET /configuration/agents?client=49551&count=4&offset=0',
      'GET /configuration/agents?client=49551&count=4&offset=3',
    ]);
  });

  it('a next page that is gone is the end of the list', async () => {
    const { client, asked } = await setup(
      { status: 200, body: { agent: agents, next: '/configuration/agents?offset=4' } },
      { status: 404 },
      { status: 200, body: { agent: agents.slice(0, 3) } },
    );
    expect(await readAll(client.agents.listAgents({ count: 4 }))).toEqual(read);
    expect(asked().map(print)).toEqual([
      'GET /configuration/agents?count=4&offset=0',
      'GET /configuration/agents?count=4&offset=3',
      'GET /configuration/agents?count=4&offset=2',
    ]);
  });

  it.each<[string, Answer]>([
    ['no array', { status: 200, body: {} }],
    ['an empty array', { status: 200, body: { agent: [], next: null } }],
    ['null', { status: 200, body: { agent: null, next: '' } }],
    ['no body', { status: 204 }],
    ['No Record Found', { status: 404, body: { code: 203, message: 'No Record Found' } }],
    ['No Record Found in a 200', { status: 200, body: { code: 203, message: 'No Record Found' } }],
  ])('%s is an empty list', async (_, answer) => {
    const { client, asked } = await setup(answer);
    expect(await readAll(client.agents.listAgents())).toEqual([]);
    expect(asked().map(print)).toEqual(['GET /configuration/agents?count=1000&offset=0']);
  });

  it.each<[string, Answer]>([
    ['an unknown client', { status: 404, body: { code: 203, message: 'Client not found [ID:1]' } }],
    ['a 404 without a word', { status: 404 }],
    ['a 403', { status: 403 }],
    ['an entry without an id', { status: 200, body: { agent: [{ ...agents[0], id: undefined }] } }],
    ['a text', { status: 200, body: '"nothing here"' }],
  ])('%s is an error, not an empty list', async (_, answer) => {
    const { client } = await setup(answer);
    await expect(readAll(client.agents.listAgents({ clientId: 1 }))).rejects.toThrow(FatalError);
  });

  it('stops between two pages when its signal aborts', async () => {
    const { client, asked } = await setup({ status: 200, body: { agent: agents, next: 'x' } });
    const stop = new AbortController();
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { id } of client.agents.listAgents({ count: 4 }, stop.signal)) {
        seen.push(id);
        stop.abort(new Error('enough'));
      }
    })();
    await expect(reading).rejects.toThrow('enough');
    expect(seen).toHaveLength(4);
    expect(asked()).toHaveLength(1);
  });
});

describe('findMatchingAgents', () => {
  it('finds the agents of a last name', async () => {
    const one = {
      id: 1018655,
      loginId: 'AGENTONE',
      firstName: 'Agent',
      lastName: 'One',
      phone: '6783734060',
      active: true,
      lastLogin: 1547671690000,
      lastLoginIp: '200.76.215.11',
    };
    const { client, asked } = await setup({ status: 200, body: { agent: [one] } });
    const found = await readAll(client.agents.findMatchingAgents({ lastName: 'One' }, { clientId: 1005018, count: 4 }));
    expect(found).toEqual([{ ...one, id: '1018655', lastLogin: new Date(1547671690000) }]);
    expect(asked().map(print)).toEqual([
      'POST /configuration/agents/search?client=1005018&count=4&offset=0 {"lastName":"One"}',
    ]);
  });

  it.each([{ loginId: 'jam' }, { phoneNumber: '6783734060' }])('%j goes out as it is', async (search) => {
    const { client, asked } = await setup({ status: 200, body: {} });
    expect(await readAll(client.agents.findMatchingAgents(search as { loginId: string }))).toEqual([]);
    expect(asked().map(({ body }) => JSON.parse(body))).toEqual([search]);
  });

  it('the invalid request of the page is never sent, nor one without a criterion', async () => {
    const { client, asked } = await setup({ status: 200, body: {} });
    for (const search of [{ loginId: 'BobJones23', lastName: 'Jones' }, {}, { loginId: '' }]) {
      const wrong = search as unknown as { loginId: string };
      await expect(readAll(client.agents.findMatchingAgents(wrong))).rejects.toThrow(/exactly one/);
    }
    expect(asked()).toEqual([]);
  });

  it('the answer the page prints to that request is an error', async () => {
    const errorMessage = 'Invalid input [exactly one of phone, loginId or lastName is required]';
    const { client } = await setup({ status: 400, body: { errorCode: 202, errorMessage } });
    await expect(readAll(client.agents.findMatchingAgents({ lastName: 'Jones' }))).rejects.toThrow(FatalError);
  });
});

describe.each(dialects)('client.agents against the sandbox, %s', (_, dialect) => {
  it('an agent is created, read, found, changed, assigned and deleted', async () => {
    const { agents, agentSkills } = await connectToSandbox(dialect);
    const [known] = await readAll(agents.listAgents());
    const skills = await readAll(agentSkills.listAgentSkills());
    const one = await agents.readAgent(known?.id ?? '');
    const service = one?.assignedService[0]?.id ?? '';
    const created = await agents.createAgent({
      ...bob,
      clientId: sandboxClientId,
      assignedService: [],
      assignedAgentSkill: [{ id: skills[0]?.id ?? '', proficiency: 3 }],
    });
    expect(created).toMatchObject({ kind: 'accepted', httpStatus: 201, id: expect.stringMatching(/^\d+$/) });
    const id = created.kind === 'accepted' ? (created.id ?? '') : '';

    expect(await agents.readAgent(id)).toMatchObject({
      loginId: 'BOBJOHNSON1',
      firstName: 'Bob',
      wrapUpTime: -1,
      homeAgent: true,
      active: true,
      locked: false,
      assignedService: [],
      assignedAgentSkill: [{ id: skills[0]?.id, proficiency: 3 }],
    });
    expect(await readAll(agents.findMatchingAgents({ loginId: 'bobjohn' }))).toMatchObject([{ id }]);
    expect(await readAll(agents.findMatchingAgents({ phoneNumber: bob.phone }))).toMatchObject([{ id }]);

    expect(await agents.updateAgent(id, { firstName: 'Robert', active: false })).toMatchObject({ kind: 'accepted' });
    expect(await agents.addAgentSkill(id, skills[1]?.id ?? '', 5)).toMatchObject({ kind: 'accepted' });
    expect(await agents.removeAgentSkill(id, skills[0]?.id ?? '')).toMatchObject({ kind: 'accepted' });
    expect(await agents.addService(id, service)).toMatchObject({ kind: 'accepted' });
    expect(await agents.readAgent(id)).toMatchObject({
      firstName: 'Robert',
      lastName: 'Johnson',
      active: false,
      assignedService: [{ id: service }],
      assignedAgentSkill: [{ id: skills[1]?.id, proficiency: 5 }],
    });
    expect((await agents.getAgentRelatedObjects(id))?.service).toEqual([{ id: service }]);
    expect(await agents.removeService(id, service)).toMatchObject({ kind: 'accepted' });

    expect(await agents.deleteAgent(id)).toMatchObject({ kind: 'accepted' });
    expect(await agents.deleteAgent(id)).toMatchObject({ kind: 'refused', httpStatus: 404 });
    expect(await agents.readAgent(id)).toBeUndefined();
  });

  it('pages of every size give the same agents, as many as the list info says', async () => {
    const { agents } = await connectToSandbox(dialect);
    const all = await readAll(agents.listAgents());
    expect(all.length).toBeGreaterThan(5);
    expect(await agents.getAgentListInfo()).toMatchObject({ size: all.length });
    for (const count of [1, 2, 5, all.length]) expect(await readAll(agents.listAgents({ count }))).toEqual(all);
  });

  it('agents deleted while the list is read pull no other agent out of it', async () => {
    const { agents } = await connectToSandbox(dialect);
    const all = (await readAll(agents.listAgents())).map(({ id }) => id);
    const seen: string[] = [];
    for await (const { id } of agents.listAgents({ count: 4 })) {
      seen.push(id);
      if (seen.length === 6) for (const gone of seen.slice(0, 5)) await agents.deleteAgent(gone);
    }
    expect(seen).toEqual(all);
  });

  it('nobody is found as nobody, and what is wrong is refused', async () => {
    const { agents } = await connectToSandbox(dialect);
    expect(await readAll(agents.findMatchingAgents({ lastName: 'no such name' }))).toEqual([]);
    const agent = { ...bob, clientId: sandboxClientId, assignedService: [], assignedAgentSkill: [] };
    expect(await agents.createAgent({ ...agent, password: 'short' })).toMatchObject({ kind: 'refused' });
    await expect(agents.createAgent({ ...agent, assignedService: [{ id: 113 }] })).rejects.toThrow(/HTTP 403/);
  });
});
