import { describe, expect, it } from 'vitest';
import { type Caller, setup, startedAt } from '../caller.ts';
import { toShape } from '../shape.ts';

/** The filter of the page's examples; the service is one of the sandbox's own. */
const filter = { service: [{ id: '38049' }] };

async function report({ call }: Caller, path: string, body: unknown = { filter }): Promise<Record<string, unknown[]>> {
  const reply = await call('POST', `/realtime/${path}`, body);
  expect(reply.status).toBe(200);
  return reply.body as Record<string, unknown[]>;
}

/** Everybody in every service, so that each report has something to say. */
async function setupReports(options: Parameters<typeof setup>[0] = {}): Promise<Caller> {
  const caller = await setup(options);
  for (let id = 1; id <= 12; id += 1)
    await caller.call('PUT', `/sandbox/agents/${id}`, { services: [38049, 38050, 38051] });
  return caller;
}

const durations = {
  readyDuration: 0,
  totalNotReadyDuration: 68,
  notReadyLunchDuration: 0,
  notReadyTrainingDuration: 0,
  notReadyBreakDuration: 0,
  notReadyMeetingDuration: 0,
  notReadyTechDiffDuration: 0,
  notReadyOtherDuration: 68,
  wrapupDuration: 0,
  talkDuration: 0,
  rpcComplete: 0,
  rpcIncomplete: 0,
  wpc: 0,
  nonContacts: 0,
};

/** What the page prints as answers. */
const examples = {
  averages: {
    agentAverages: [
      {
        averageReadyTime: '3',
        averageNotReadyTime: '2',
        averageTalkTime: '5',
        averageWrapupTime: '1',
        averagePreviewDialTime: '1',
        averageManualDialTime: '0',
        averageHoldTime: '2',
        averageTransferringTime: '1',
        averageRegisteringTime: '0',
        averageDialingTime: '0',
        averageReservedTime: '0',
        timeStamp: '1417075930315',
      },
    ],
    timeStamp: '1417077749955',
  },
  // Printed without the brace it begins with.
  stats: {
    agentStatistics: [
      {
        agentName: 'VINAY K',
        agentStatus: 'Ready',
        inboundCalls: 0,
        outboundCalls: 0,
        stateChangedTime: 1401957077840,
        ...durations,
      },
    ],
  },
  statsEx: {
    agentStatistics: [
      {
        services: [{ id: 23068, callCenterId: '1623', inboundCalls: 0, outboundCalls: 2, ...durations }],
        agentName: 'LIVE VOX',
        agentLoginId: 'SEBY',
      },
    ],
  },
  status: {
    agentDetails: [
      {
        serviceId: 38049,
        serviceName: 'Manual (Manual 4)',
        agentLoginId: 'VKUMARK',
        agentName: 'VINAY K',
        state: 'Not Ready',
        stateId: 3,
        reasonCode: '',
        callType: null,
        stateChangedAfter: 1401958827016,
        inboundCalls: null,
        outboundCalls: null,
        isAgentMonitored: false,
        transactionId: null,
        sessionId: null,
        account: null,
        agentSkill: null,
        phone: null,
        callCenterId: '1623',
        callCenterName: 'Call Center',
      },
    ],
    timeStamp: 1401958827016,
  },
  // Printed with a comma too many and one too few.
  hold: {
    callsDetails: [
      {
        serviceName: 'Manual_test',
        serviceId: '38049',
        name: 'Will',
        account: '34964238',
        phone: '6503517490',
        timeStamp: '1417066734',
        agentSkill: '38049',
        priority: '1',
      },
    ],
    timeStamp: '1417077534000',
  },
  liveConnects: {
    liveConnects: [
      { total: '10', timeStamp: '1417075930315' },
      { total: '12', timeStamp: '1417077749955' },
    ],
  },
  service: {
    stats: [
      {
        calls: [],
        serviceId: '38049',
        serviceName: 'Manual (Manual 4)',
        cip: 0,
        totalOffered: 0,
        totalHandled: 0,
        totalAbandoned: 0,
        abandonRate: 0,
        serviceLevel: 0,
        averageSpeedOfAnswer: 0,
        averageDurationToAbandon: 0,
        averageTalkDuration: 0,
        averageWrapupDuration: 0,
        averageHandleDuration: 0,
        totalCallsAnsweredWithinSLA: 0,
        totalCallsAbandonedWithinSLA: 0,
        pacingMethod: 'Max CIP',
        throttle: '750',
        units: 'calls',
        totalCallsInQueue: 1,
        callsWithAgent: 0,
        totalAgents: 1,
        longestCallInQueue: 4024,
        maxHoldTime: 30,
        loaded: 0,
        remaining: 0,
        playingDialable: 0,
        percentComplete: 100,
        callCenterId: '1623',
        callCenterName: 'Call Center',
      },
    ],
  },
};

describe('the printed examples', () => {
  it.each([
    ['Get Agent Averages', 'service/agents/averages', examples.averages],
    ['Get Agent Statistics', 'service/agent/stats', examples.stats],
    ['Get Agent Statistics Ex', 'service/agent/stats/ex', examples.statsEx],
    ['Get Live Connects', 'service/liveConnects', examples.liveConnects],
    ['Get Service Statistics', 'service/stats', examples.service],
  ])('%s answers in their shape', async (_, path, example) => {
    expect(toShape(await report(await setupReports(), path))).toEqual(toShape(example));
  });

  it('Get Agent Statistics Ex needs no body', async () => {
    expect(toShape(await report(await setupReports(), 'service/agent/stats/ex', undefined))).toEqual(
      toShape(examples.statsEx),
    );
  });

  it('Get Agent Status answers in their shape', async () => {
    // The example's path is `/realtime/service/status`; the method's own is the right one.
    const caller = await setupReports();
    const { agentDetails = [], timeStamp } = await report(caller, 'service/agents/status');
    const idle = agentDetails.filter((one) => (one as { state: string }).state !== 'In Call');
    expect(toShape({ agentDetails: idle, timeStamp })).toEqual(toShape(examples.status));
    const stateChangedAfter = String(startedAt - 300_000);
    const late = await report(caller, 'service/agents/status', { filter, stateChangedAfter });
    expect(late['agentDetails']?.length).toBeLessThan(agentDetails.length);
    expect((await caller.call('POST', '/realtime/service/status', { filter })).status).toBe(404);
  });

  it('Get Hold Service Details answers in their shape', async () => {
    expect(toShape(await report(await setup(), 'service/calls/status', {}))).toEqual(toShape(examples.hold));
  });

  it('Campaign Level Statistics answers in their shape', async () => {
    // The example's path says `realtime` twice.
    const caller = await setup();
    const body = { filter: { campaign: [{ id: '103629512' }] } };
    const { stats = [] } = await report(caller, 'campaign/stats', body);
    const timezoneBreakdown = ['AL', 'AT', 'CHT', 'CT', 'ET', 'HI', 'MT', 'PT', 'SAFE', 'UK'].map((timezone) => ({
      timezone,
      count: expect.any(Number),
    }));
    const counts = { loaded: expect.any(Number), uploaded: expect.any(Number), remaining: expect.any(Number) };
    expect(stats).toEqual([{ timezoneBreakdown, campaignId: 103629512, serviceId: 38049, ...counts }]);
    expect((await caller.call('POST', '/realtime/realtime/campaign/stats', body)).status).toBe(404);
  });
});

describe('filters', () => {
  it('of services and call centers bring in what either names', async () => {
    const caller = await setupReports();
    const count = async (wanted: unknown) =>
      (await report(caller, 'service/stats', { filter: wanted }))['stats']?.length;
    expect(await count(undefined)).toBe(3);
    expect(await count({ service: [{ id: 38051 }] })).toBe(1);
    expect(await count({ callCenter: [{ id: '1623' }] })).toBe(2);
    expect(await count({ callCenter: [{ id: 1623 }], service: [{ id: 38051 }] })).toBe(3);
    expect(await count({ service: [{ id: 5 }] })).toBe(0);
  });

  it('of campaigns allow one kind only', async () => {
    const { call } = await setup();
    const filters = { campaign: [{ id: 103629512 }], service: [{ id: 38049 }] };
    expect((await call('POST', '/realtime/campaign/stats', { filter: filters })).status).toBe(400);
    expect((await call('POST', '/realtime/campaign/stats', { filter: { agent: [] } })).status).toBe(400);
  });

  it('numbers are the same for the same seed', async () => {
    const one = await setupReports({ seed: 5 });
    const two = await setupReports({ seed: 5 });
    const other = await setupReports({ seed: 6 });
    expect(await report(one, 'service/stats')).toEqual(await report(two, 'service/stats'));
    expect(await report(one, 'service/stats')).not.toEqual(await report(other, 'service/stats'));
  });
});

describe('the metadata of a call', () => {
  /** The page's call. */
  const call = {
    session: 'UD6134T518A1E40@10.10.112.81',
    transaction: 21162784221,
    serviceId: 4199,
    callCenterId: 15,
    firstName: 'John',
    lastName: 'Mcgee',
    account: '087764164',
    zipCode: null,
    totalDue: 216.04,
    callDirectionOutbound: true,
    callStartTime: 1368006208000,
    callEndTime: null,
    lvResult: 'Invalid Phone Number',
    phoneDialed: '6503517508',
    termCodeName: null,
  };
  const query = 'client=4199&session=UD6134T518A1E40@10.10.112.81&transaction=21162784221';

  async function setupCall(): Promise<Caller> {
    const caller = await setup();
    await caller.call('PUT', '/sandbox/services/4199', { clientId: 4199, callCenterId: 15 });
    await caller.call('POST', '/sandbox/calls', call);
    return caller;
  }

  it('is the in-call example while it runs, the post-call example when it is over', async () => {
    const caller = await setupCall();
    const { firstName, lastName, serviceId, callCenterId, account, zipCode, totalDue } = call;
    expect((await caller.call('GET', `/realtime/callData/inCall?${query}`)).body).toEqual({
      consumer: { firstName, lastName },
      ...{ serviceId, callCenterId, account, zipCode, totalDue },
      callDirectionOutbound: true,
      callStartTime: 1368006208000,
    });
    expect((await caller.call('GET', `/realtime/callData/postCall?${query}`)).status).toBe(404);
    await caller.call('POST', '/sandbox/calls', { ...call, callEndTime: 1368006243000 });
    expect((await caller.call('GET', `/realtime/callData/inCall?${query}`)).status).toBe(404);
    expect((await caller.call('GET', `/realtime/callData/postCall?${query}`)).body).toEqual({
      serviceId: 4199,
      callEndTime: 1368006243000,
      lvResult: 'Invalid Phone Number',
      phoneDialed: '6503517508',
      termCodeName: null,
    });
  });

  it.each([
    ['without a session', 'transaction=21162784221', 400],
    ['without a transaction', 'session=x', 400],
    ['of a client of somebody else', `${query}&client=5`.replace('client=4199&', ''), 403],
    ['of nobody', 'session=x&transaction=1', 404],
  ])('%s is refused', async (_, asked, status) => {
    const caller = await setupCall();
    for (const method of ['inCall', 'postCall'])
      expect((await caller.call('GET', `/realtime/callData/${method}?${asked}`)).status).toBe(status);
  });

  it('four calls are there from the beginning, two of them running', async () => {
    const { call: send } = await setup();
    const { calls } = (await send('GET', '/sandbox/calls')).body as {
      calls: { session: string; transaction: number }[];
    };
    const statuses: number[] = [];
    for (const { session, transaction } of calls)
      statuses.push(
        (await send('GET', `/realtime/callData/inCall?session=${session}&transaction=${transaction}`)).status,
      );
    expect(statuses).toEqual([200, 200, 404, 404]);
  });
});

describe('who may call', () => {
  const everything = [
    ['GET', '/realtime/callData/inCall?session=x&transaction=1', undefined, 404],
    ['GET', '/realtime/callData/postCall?session=x&transaction=1', undefined, 404],
    ['POST', '/realtime/campaign/stats', {}, 200],
    ['POST', '/realtime/service/agents/averages', {}, 200],
    ['POST', '/realtime/service/agent/stats', {}, 200],
    ['POST', '/realtime/service/agent/stats/ex', {}, 200],
    ['POST', '/realtime/service/agents/status', {}, 200],
    ['POST', '/realtime/service/calls/status', {}, 200],
    ['POST', '/realtime/service/liveConnects', {}, 200],
    ['POST', '/realtime/service/stats', {}, 200],
  ] as const;
  const allowed = {
    Sysadmin: { call: true, campaign: true, service: true },
    Superuser: { call: true, campaign: true, service: true },
    Manager: { call: false, campaign: true, service: true },
    'IT User': { call: false, campaign: true, service: false },
    Auditor: { call: false, campaign: true, service: false },
    'Report Admin': { call: true, campaign: false, service: false },
    Agent: { call: false, campaign: false, service: false },
  } as const;

  it.each(Object.entries(allowed))('%s: %j', async (role, may) => {
    const user = { userName: 'one', password: 'secret', role: role as keyof typeof allowed };
    const { call } = await setup({ users: [user] });
    for (const [method, path, body, status] of everything) {
      const kind = path.includes('callData') ? 'call' : path.includes('campaign') ? 'campaign' : 'service';
      expect((await call(method, path, body)).status, path).toBe(may[kind] ? status : 403);
    }
  });
});
