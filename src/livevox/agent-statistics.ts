/**
 * The agents of a service, in real time: Get Agent Averages, Get Agent Statistics, Get Agent Statistics Ex, Get Agent Status (vendor page:
 * Real-Time Reporting API, Service). Get Agent Statistics covers who is logged in at that moment, Ex whoever was logged in today.
 * The page's example of Get Agent Status asks `/realtime/service/status`; the path of its heading has `agents`, and so have its siblings.
 */
import { z } from 'zod';
import type { Calls } from './calls.ts';
import type { ServiceFilter } from './realtime-filter.ts';
import { optionalInstant, optionalNumber } from './realtime-values.ts';
import { fetchStatistics } from './statistics.ts';
import type { VendorMethod } from './vendor-method.ts';
import { optionalId, optionalText, wireBoolean, wireId, wireList } from './wire-scalars.ts';

export const getAgentAveragesMethod: VendorMethod = { name: 'Get Agent Averages', verb: 'POST', kind: 'read' };
export const getAgentStatisticsMethod: VendorMethod = { name: 'Get Agent Statistics', verb: 'POST', kind: 'read' };
export const getAgentStatisticsExMethod: VendorMethod = { name: 'Get Agent Statistics Ex', verb: 'POST', kind: 'read' };
export const getAgentStatusMethod: VendorMethod = { name: 'Get Agent Status', verb: 'POST', kind: 'read' };

const agentAverages = z.object({
  agentAverages: wireList(
    z.object({
      averageReadyTime: optionalNumber,
      averageNotReadyTime: optionalNumber,
      averageTalkTime: optionalNumber,
      averageWrapupTime: optionalNumber,
      averagePreviewDialTime: optionalNumber,
      averageManualDialTime: optionalNumber,
      averageHoldTime: optionalNumber,
      averageTransferringTime: optionalNumber,
      averageRegisteringTime: optionalNumber,
      averageDialingTime: optionalNumber,
      averageReservedTime: optionalNumber,
      timeStamp: optionalInstant,
    }),
  ),
  timeStamp: optionalInstant,
});

/** Counts of calls and results, and durations, of one agent. */
const agentNumbers = {
  inboundCalls: optionalNumber,
  outboundCalls: optionalNumber,
  readyDuration: optionalNumber,
  totalNotReadyDuration: optionalNumber,
  notReadyLunchDuration: optionalNumber,
  notReadyTrainingDuration: optionalNumber,
  notReadyBreakDuration: optionalNumber,
  notReadyMeetingDuration: optionalNumber,
  notReadyTechDiffDuration: optionalNumber,
  notReadyOtherDuration: optionalNumber,
  wrapupDuration: optionalNumber,
  talkDuration: optionalNumber,
  /** Right party contacts, complete and incomplete; wrong party contacts. */
  rpcComplete: optionalNumber,
  rpcIncomplete: optionalNumber,
  wpc: optionalNumber,
  nonContacts: optionalNumber,
};

const agentStatistics = z.object({
  agentName: optionalText,
  agentStatus: optionalText,
  stateChangedTime: optionalInstant,
  ...agentNumbers,
});

const agentStatisticsEx = z.object({
  agentName: optionalText,
  agentLoginId: optionalText,
  services: wireList(z.object({ id: wireId, callCenterId: optionalId, ...agentNumbers })),
});

const agentStatus = z.object({
  agentDetails: wireList(
    z.object({
      serviceId: optionalId,
      serviceName: optionalText,
      agentLoginId: optionalText,
      agentName: optionalText,
      state: optionalText,
      stateId: optionalId,
      reasonCode: optionalText,
      callType: optionalText,
      stateChangedAfter: optionalInstant,
      inboundCalls: optionalNumber,
      outboundCalls: optionalNumber,
      isAgentMonitored: wireBoolean.nullish().catch(undefined),
      transactionId: optionalText,
      sessionId: optionalText,
      account: optionalText,
      agentSkill: optionalText,
      phone: optionalText,
      callCenterId: optionalId,
      callCenterName: optionalText,
    }),
  ),
  timeStamp: optionalInstant,
});

export type AgentAverages = Readonly<z.output<typeof agentAverages>>;
export type AgentStatistics = Readonly<z.output<typeof agentStatistics>>;
export type AgentStatisticsEx = Readonly<z.output<typeof agentStatisticsEx>>;
export type AgentStatus = Readonly<z.output<typeof agentStatus>>;

/** Which agents a status shall cover. */
export type AgentStatusQuery = ServiceFilter & {
  /** Only agents whose state has changed since. */
  readonly stateChangedAfter?: Date;
};

/** The average time agents spent in each state. */
export function fetchAgentAverages(calls: Calls, filter?: ServiceFilter, signal?: AbortSignal): Promise<AgentAverages> {
  const path = '/realtime/service/agents/averages';
  return fetchStatistics(calls, { method: getAgentAveragesMethod, path, filter, answer: agentAverages }, signal);
}

/** One entry per agent logged in now. */
export async function fetchAgentStatistics(
  calls: Calls,
  filter?: ServiceFilter,
  signal?: AbortSignal,
): Promise<readonly AgentStatistics[]> {
  const answer = z.object({ agentStatistics: wireList(agentStatistics) });
  const request = { method: getAgentStatisticsMethod, path: '/realtime/service/agent/stats', filter, answer };
  return (await fetchStatistics(calls, request, signal)).agentStatistics;
}

/** One entry per agent logged in today, by service. */
export async function fetchAgentStatisticsEx(
  calls: Calls,
  filter?: ServiceFilter,
  signal?: AbortSignal,
): Promise<readonly AgentStatisticsEx[]> {
  const answer = z.object({ agentStatistics: wireList(agentStatisticsEx) });
  const request = { method: getAgentStatisticsExMethod, path: '/realtime/service/agent/stats/ex', filter, answer };
  return (await fetchStatistics(calls, request, signal)).agentStatistics;
}

/** What each agent is doing now. */
export function fetchAgentStatus(
  calls: Calls,
  { stateChangedAfter, ...filter }: AgentStatusQuery = {},
  signal?: AbortSignal,
): Promise<AgentStatus> {
  const path = '/realtime/service/agents/status';
  const body = { stateChangedAfter: stateChangedAfter?.getTime() };
  return fetchStatistics(calls, { method: getAgentStatusMethod, path, filter, body, answer: agentStatus }, signal);
}
