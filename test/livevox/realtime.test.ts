/**
 * The answers of the Real-Time Reporting API that are read at once: every example of the page, and the same methods against the sandbox.
 * Typos of the page are noted where they had to be mended.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { FatalError } from '../../src/errors.ts';
import type { LiveVoxClient } from '../../src/livevox/index.ts';
import { startSandbox } from '../../src/sandbox/index.ts';
import { afterLogin, json, makeClient, type SeenRequest, secret, startOddServer } from './odd-server.ts';

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

type Realtime = LiveVoxClient['realtime'];

/** A client whose LiveVox answers everything with the body; `asked` is the request seen. */
async function answering(body: unknown, status = 200): Promise<{ realtime: Realtime; asked: () => SeenRequest }> {
  const server = await startOddServer(afterLogin((response) => json(response, status, body)));
  const client = makeClient(server.baseUrl);
  open.push(client, server);
  const asked = (): SeenRequest => server.requests.findLast(({ path }) => !path.startsWith('/session/'))!;
  return { realtime: client.realtime, asked };
}

const service = { serviceIds: ['38049'] };
const serviceBody = { filter: { service: [{ id: '38049' }] } };

const agentNumbers = {
  inboundCalls: 0,
  outboundCalls: 2,
  readyDuration: 75,
  totalNotReadyDuration: 48,
  notReadyLunchDuration: 0,
  notReadyTrainingDuration: 0,
  notReadyBreakDuration: 0,
  notReadyMeetingDuration: 0,
  notReadyTechDiffDuration: 0,
  notReadyOtherDuration: 48,
  wrapupDuration: 0,
  talkDuration: 156,
  rpcComplete: 1,
  rpcIncomplete: 0,
  wpc: 0,
  nonContacts: 0,
};

describe('call metadata', () => {
  const call = { clientId: 4199, sessionId: 'UD6134T518A1E40@10.10.112.81', transactionId: 21162784221 };
  const query = 'client=4199&session=UD6134T518A1E40@10.10.112.81&transaction=21162784221';

  it('reads the example of a call under way', async () => {
    const { realtime, asked } = await answering({
      consumer: { firstName: 'John', lastName: 'Mcgee' },
      serviceId: 4199,
      callCenterId: 15,
      account: '087764164',
      zipCode: null,
      totalDue: 216.04,
      callDirectionOutbound: true,
      callStartTime: 1368006208000,
    });
    expect(await realtime.readInCallMetadata(call)).toEqual({
      consumer: [{ firstName: 'John', lastName: 'Mcgee' }],
      serviceId: '4199',
      callCenterId: '15',
      account: '087764164',
      zipCode: undefined,
      totalDue: 216.04,
      callDirectionOutbound: true,
      callStartTime: new Date(1368006208000),
    });
    expect(asked().verb).toBe('GET');
    expect(decodeURIComponent(asked().path)).toBe(`/realtime/callData/inCall?${query}`);
  });

  it('reads the example of a call that is over', async () => {
    const { realtime, asked } = await answering({
      serviceId: 4199,
      callEndTime: 1368006243000,
      lvResult: 'Invalid Phone Number',
      phoneDialed: '6503517508',
      termCodeName: null,
    });
    expect(await realtime.readPostCallMetadata(call)).toEqual({
      serviceId: '4199',
      callEndTime: new Date(1368006243000),
      lvResult: 'Invalid Phone Number',
      phoneDialed: '6503517508',
      termCodeName: undefined,
    });
    expect(decodeURIComponent(asked().path)).toBe(`/realtime/callData/postCall?${query}`);
  });

  it('a call LiveVox does not know is undefined', async () => {
    const { realtime } = await answering({ code: 42, message: 'No such call' }, 404);
    expect(await realtime.readInCallMetadata(call)).toBeUndefined();
  });
});

describe('statistics', () => {
  // The example asks /realtime/realtime/campaign/stats.
  it('reads the example of campaigns', async () => {
    const { realtime, asked } = await answering({
      stats: [
        {
          timezoneBreakdown: [
            { timezone: 'AL', count: 0 },
            { timezone: 'ET', count: 5 },
          ],
          campaignId: 103629512,
          serviceId: 1008351,
          loaded: 11,
          uploaded: 15,
          remaining: 10,
        },
      ],
    });
    expect(await realtime.campaignLevelStatistics({ campaignIds: ['103629512'] })).toEqual([
      {
        timezoneBreakdown: [
          { timezone: 'AL', count: 0 },
          { timezone: 'ET', count: 5 },
        ],
        campaignId: '103629512',
        serviceId: '1008351',
        loaded: 11,
        uploaded: 15,
        remaining: 10,
      },
    ]);
    expect(asked()).toMatchObject({ verb: 'POST', path: '/realtime/campaign/stats' });
    expect(JSON.parse(asked().body)).toEqual({ filter: { campaign: [{ id: '103629512' }] } });
  });

  it('reads the example of agent averages', async () => {
    const { realtime, asked } = await answering({
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
    });
    const answer = await realtime.getAgentAverages(service);
    expect(answer.timeStamp).toEqual(new Date(1417077749955));
    expect(answer.agentAverages).toMatchObject([
      { averageReadyTime: 3, averageTalkTime: 5, averageReservedTime: 0, timeStamp: new Date(1417075930315) },
    ]);
    expect(asked().path).toBe('/realtime/service/agents/averages');
    expect(JSON.parse(asked().body)).toEqual(serviceBody);
  });

  // The example's answer lacks its opening brace.
  it('reads the example of agent statistics', async () => {
    const agent = { agentName: 'VINAY K', agentStatus: 'Ready', stateChangedTime: 1401957077840, ...agentNumbers };
    const { realtime, asked } = await answering({ agentStatistics: [agent] });
    expect(await realtime.getAgentStatistics(service)).toEqual([
      { ...agent, stateChangedTime: new Date(1401957077840) },
    ]);
    expect(asked().path).toBe('/realtime/service/agent/stats');
    expect(JSON.parse(asked().body)).toEqual(serviceBody);
  });

  it('reads the example of agent statistics ex, asked without a filter', async () => {
    const services = [
      { id: 23068, callCenterId: '1623', ...agentNumbers },
      { id: 38049, callCenterId: '1623', ...agentNumbers },
    ];
    const { realtime, asked } = await answering({
      agentStatistics: [{ services, agentName: 'LIVE VOX', agentLoginId: 'SEBY' }],
    });
    expect(await realtime.getAgentStatisticsEx()).toEqual([
      {
        agentName: 'LIVE VOX',
        agentLoginId: 'SEBY',
        services: services.map((one) => ({ ...one, id: String(one.id) })),
      },
    ]);
    expect(asked()).toMatchObject({ path: '/realtime/service/agent/stats/ex', body: '{}' });
  });

  // The example asks /realtime/service/status.
  it('reads the example of agent status', async () => {
    const { realtime, asked } = await answering({
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
    });
    const stateChangedAfter = new Date(1401958827000);
    expect(await realtime.getAgentStatus({ ...service, stateChangedAfter })).toEqual({
      agentDetails: [
        {
          serviceId: '38049',
          serviceName: 'Manual (Manual 4)',
          agentLoginId: 'VKUMARK',
          agentName: 'VINAY K',
          state: 'Not Ready',
          stateId: '3',
          stateChangedAfter: new Date(1401958827016),
          isAgentMonitored: false,
          callCenterId: '1623',
          callCenterName: 'Call Center',
        },
      ],
      timeStamp: new Date(1401958827016),
    });
    expect(asked().path).toBe('/realtime/service/agents/status');
    expect(JSON.parse(asked().body)).toEqual({ stateChangedAfter: 1401958827000, ...serviceBody });
  });

  // The example has a comma too many and one too few, and its first time is in seconds.
  it('reads the example of calls on hold', async () => {
    const { realtime, asked } = await answering({
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
    });
    expect(await realtime.getHoldServiceDetails(service)).toMatchObject({
      callsDetails: [{ account: '34964238', phone: '6503517490', priority: 1, timeStamp: new Date(1417066734000) }],
      timeStamp: new Date(1417077534000),
    });
    expect(asked().path).toBe('/realtime/service/calls/status');
    expect(JSON.parse(asked().body)).toEqual(serviceBody);
  });

  it('reads the example of live connects', async () => {
    const { realtime, asked } = await answering({
      liveConnects: [
        { total: '10', timeStamp: '1417075930315' },
        { total: '12', timeStamp: '1417077749955' },
      ],
    });
    expect(await realtime.getLiveConnects(service)).toEqual([
      { total: 10, timeStamp: new Date(1417075930315) },
      { total: 12, timeStamp: new Date(1417077749955) },
    ]);
    expect(asked().path).toBe('/realtime/service/liveConnects');
    expect(JSON.parse(asked().body)).toEqual(serviceBody);
  });

  it('reads the example of service statistics', async () => {
    const stats = {
      calls: [],
      serviceName: 'Manual (Manual 4)',
      cip: 0,
      totalOffered: 0,
      abandonRate: 0,
      pacingMethod: 'Max CIP',
      throttle: '750',
      units: 'calls',
      totalCallsInQueue: 1,
      totalAgents: 1,
      longestCallInQueue: 4024,
      maxHoldTime: 30,
      percentComplete: 100,
      serviceId: '38049',
      callCenterId: '1623',
      callCenterName: 'Call Center',
    };
    const { realtime, asked } = await answering({ stats: [stats] });
    expect(await realtime.getServiceStatistics(service)).toEqual([stats]);
    expect(asked().path).toBe('/realtime/service/stats');
    expect(JSON.parse(asked().body)).toEqual(serviceBody);
  });

  it('asks for call centers, and refuses a filter that names none or no id', async () => {
    const { realtime, asked } = await answering({ liveConnects: null });
    expect(await realtime.getLiveConnects({ callCenterIds: [1623] })).toEqual([]);
    expect(JSON.parse(asked().body)).toEqual({ filter: { callCenter: [{ id: '1623' }] } });
    await expect(realtime.getLiveConnects({ serviceIds: [] })).rejects.toThrow(FatalError);
    await expect(realtime.getLiveConnects({ serviceIds: ['x'] })).rejects.toThrow(FatalError);
  });

  it('an answer of another shape is an error that quotes nothing of it', async () => {
    const { realtime } = await answering({ stats: [{ serviceName: 'Sally' }] });
    await expect(realtime.getServiceStatistics()).rejects.toThrow(/Get Service Statistics" in a shape we do not know/);
  });
});

describe('against the sandbox', () => {
  it('every statistic is readable', async () => {
    const sandbox = await startSandbox({ contacts: 20 });
    const { clientName, userName, password, accessToken } = sandbox.credentials;
    const credentials = { clientName, userName, password: secret(password), accessToken: secret(accessToken) };
    const client = makeClient(sandbox.url, { credentials });
    open.push(client, sandbox);
    const { realtime } = client;
    expect(Array.isArray(await realtime.campaignLevelStatistics())).toBe(true);
    expect((await realtime.getAgentAverages()).agentAverages.length).toBeGreaterThanOrEqual(0);
    expect(Array.isArray(await realtime.getAgentStatistics())).toBe(true);
    expect(Array.isArray(await realtime.getAgentStatisticsEx())).toBe(true);
    expect((await realtime.getAgentStatus()).timeStamp).toBeInstanceOf(Date);
    expect((await realtime.getHoldServiceDetails()).timeStamp).toBeInstanceOf(Date);
    expect((await realtime.getLiveConnects()).length).toBeGreaterThanOrEqual(0);
    expect((await realtime.getServiceStatistics()).length).toBeGreaterThan(0);
    expect(await realtime.readInCallMetadata({ sessionId: 'none', transactionId: 1 })).toBeUndefined();
  });
});
