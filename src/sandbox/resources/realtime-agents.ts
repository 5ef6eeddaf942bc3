/**
 * Real-time numbers about agents: averages, statistics in the older and the newer shape, and who is doing what. An agent
 * counts in every service it is assigned to; the older statistics and the status show those logged in now, the newer
 * statistics everybody of the day. Which values are texts follows the page's examples.
 */
import { type Answer, json } from '../answer.ts';
import type { Agent } from '../model/agents.ts';
import type { Service } from '../model/services.ts';
import { type AgentDay, makeAgentDay } from '../model/workday.ts';
import type { Exchange } from '../router.ts';
import { toWireJson } from '../wire/wire-json.ts';
import type { World } from '../world.ts';
import { readServices, readStatusRequest } from './service-scope.ts';

type Shift = { readonly agent: Agent; readonly service: Service; readonly day: AgentDay };

/** `POST /realtime/service/agents/averages` */
export function getAgentAverages(exchange: Exchange): Answer {
  const { world } = exchange;
  const days = listShifts(world, readServices(exchange)).map(({ day }) => day.counts);
  const average = (read: (counts: AgentDay['counts']) => number): string =>
    String(Math.round(days.reduce((sum, counts) => sum + read(counts), 0) / Math.max(1, days.length)));
  const timeStamp = String(world.now());
  const averages = {
    averageReadyTime: average((counts) => counts.readyDuration),
    averageNotReadyTime: average((counts) => counts.totalNotReadyDuration),
    averageTalkTime: average((counts) => counts.talkDuration),
    averageWrapupTime: average((counts) => counts.wrapupDuration),
    averagePreviewDialTime: '1',
    averageManualDialTime: '0',
    averageHoldTime: '2',
    averageTransferringTime: '1',
    averageRegisteringTime: '0',
    averageDialingTime: '0',
    averageReservedTime: '0',
    timeStamp,
  };
  return json(toWireJson(world.dialect, { agentAverages: days.length === 0 ? [] : [averages], timeStamp }));
}

/** `POST /realtime/service/agent/stats` */
export function getAgentStatistics(exchange: Exchange): Answer {
  const { world } = exchange;
  const agentStatistics = listPresent(world, readServices(exchange)).map(({ agent, day }) => {
    const { inboundCalls, outboundCalls, ...durations } = day.counts;
    return {
      agentName: toName(agent),
      agentStatus: day.now.state,
      inboundCalls,
      outboundCalls,
      stateChangedTime: world.now() - day.stateAgeMs,
      ...durations,
    };
  });
  return json(toWireJson(world.dialect, { agentStatistics }));
}

/** `POST /realtime/service/agent/stats/ex` */
export function getAgentStatisticsEx(exchange: Exchange): Answer {
  const { world } = exchange;
  const shifts = listShifts(world, readServices(exchange));
  const agents = [...new Set(shifts.map(({ agent }) => agent))];
  const agentStatistics = agents.map((agent) => ({
    services: shifts.filter((shift) => shift.agent === agent).map(toServicePart),
    agentName: toName(agent),
    agentLoginId: agent.loginId,
  }));
  return json(toWireJson(world.dialect, { agentStatistics }));
}

function toServicePart({ service, day }: Shift) {
  return { id: service.id, callCenterId: String(service.callCenterId), ...day.counts };
}

/** `POST /realtime/service/agents/status` */
export function getAgentStatus(exchange: Exchange): Answer {
  const { world } = exchange;
  const { services, stateChangedAfter } = readStatusRequest(exchange);
  const agentDetails = listPresent(world, services)
    .map((shift) => toStatus(world, shift))
    .filter((status) => status.stateChangedAfter > stateChangedAfter);
  return json(toWireJson(world.dialect, { agentDetails, timeStamp: world.now() }));
}

function toStatus(world: World, { agent, service, day }: Shift) {
  const isInCall = day.now.state === 'In Call';
  return {
    serviceId: service.id,
    serviceName: service.name,
    agentLoginId: agent.loginId,
    agentName: toName(agent),
    ...day.now,
    reasonCode: '',
    callType: isInCall ? 'OUTBOUND' : null,
    stateChangedAfter: world.now() - day.stateAgeMs,
    inboundCalls: isInCall ? day.counts.inboundCalls : null,
    outboundCalls: isInCall ? day.counts.outboundCalls : null,
    isAgentMonitored: false,
    transactionId: isInCall ? 51_296_000_000 + agent.id : null,
    sessionId: isInCall ? `U${agent.id}T${service.id}@192.0.2.68` : null,
    account: isInCall ? 'A0000001' : null,
    agentSkill: null,
    phone: isInCall ? agent.phone : null,
    callCenterId: String(service.callCenterId),
    callCenterName: service.callCenterName,
  };
}

function toName({ firstName, lastName }: Agent): string {
  return `${firstName} ${lastName}`.toUpperCase();
}

function listPresent(world: World, services: readonly Service[]): readonly Shift[] {
  return listShifts(world, services).filter(({ day }) => day.isLoggedIn);
}

function listShifts(world: World, services: readonly Service[]): readonly Shift[] {
  return services.flatMap((service) =>
    world.agents
      .list()
      .filter((agent) => agent.active && agent.services.has(service.id))
      .map((agent) => ({ agent, service, day: makeAgentDay(world.seed, agent.id, service.id) })),
  );
}
