/**
 * Campaigns and services, in real time: Campaign Level Statistics, Get Hold Service Details, Get Live Connects, Get Service Statistics (vendor
 * page: Real-Time Reporting API, Campaign and Service). Services without agents do not show in Get Service Statistics.
 */
import { z } from 'zod';
import type { Calls } from './calls.ts';
import type { CampaignFilter, ServiceFilter } from './realtime-filter.ts';
import { optionalInstant, optionalNumber } from './realtime-values.ts';
import { fetchStatistics } from './statistics.ts';
import type { VendorMethod } from './vendor-method.ts';
import { optionalId, optionalText, wireId, wireList } from './wire-scalars.ts';

export const campaignLevelStatisticsMethod: VendorMethod = {
  name: 'Campaign Level Statistics',
  verb: 'POST',
  kind: 'read',
};
export const getHoldServiceDetailsMethod: VendorMethod = {
  name: 'Get Hold Service Details',
  verb: 'POST',
  kind: 'read',
};
export const getLiveConnectsMethod: VendorMethod = { name: 'Get Live Connects', verb: 'POST', kind: 'read' };
export const getServiceStatisticsMethod: VendorMethod = { name: 'Get Service Statistics', verb: 'POST', kind: 'read' };

const campaignStatistics = z.object({
  campaignId: wireId,
  serviceId: optionalId,
  loaded: optionalNumber,
  uploaded: optionalNumber,
  remaining: optionalNumber,
  timezoneBreakdown: wireList(z.object({ timezone: optionalText, count: optionalNumber })),
});

const heldCalls = z.object({
  callsDetails: wireList(
    z.object({
      serviceId: optionalId,
      serviceName: optionalText,
      name: optionalText,
      account: optionalText,
      phone: optionalText,
      timeStamp: optionalInstant,
      agentSkill: optionalText,
      priority: optionalNumber,
    }),
  ),
  timeStamp: optionalInstant,
});

const liveConnects = z.object({ total: optionalNumber, timeStamp: optionalInstant });

const serviceStatistics = z.object({
  serviceId: wireId,
  serviceName: optionalText,
  callCenterId: optionalId,
  callCenterName: optionalText,
  /** The page does not say what is in it, and its example is empty. */
  calls: wireList(z.unknown()),
  cip: optionalNumber,
  totalOffered: optionalNumber,
  totalHandled: optionalNumber,
  totalAbandoned: optionalNumber,
  abandonRate: optionalNumber,
  serviceLevel: optionalNumber,
  averageSpeedOfAnswer: optionalNumber,
  averageDurationToAbandon: optionalNumber,
  averageTalkDuration: optionalNumber,
  averageWrapupDuration: optionalNumber,
  averageHandleDuration: optionalNumber,
  totalCallsAnsweredWithinSLA: optionalNumber,
  totalCallsAbandonedWithinSLA: optionalNumber,
  pacingMethod: optionalText,
  throttle: optionalText,
  units: optionalText,
  totalCallsInQueue: optionalNumber,
  callsWithAgent: optionalNumber,
  totalAgents: optionalNumber,
  longestCallInQueue: optionalNumber,
  maxHoldTime: optionalNumber,
  loaded: optionalNumber,
  remaining: optionalNumber,
  playingDialable: optionalNumber,
  percentComplete: optionalNumber,
});

export type CampaignStatistics = Readonly<z.output<typeof campaignStatistics>>;
export type HeldCalls = Readonly<z.output<typeof heldCalls>>;
export type LiveConnects = Readonly<z.output<typeof liveConnects>>;
export type ServiceStatistics = Readonly<z.output<typeof serviceStatistics>>;

/** How far today's campaigns have got. */
export async function fetchCampaignStatistics(
  calls: Calls,
  filter?: CampaignFilter,
  signal?: AbortSignal,
): Promise<readonly CampaignStatistics[]> {
  const answer = z.object({ stats: wireList(campaignStatistics) });
  const request = { method: campaignLevelStatisticsMethod, path: '/realtime/campaign/stats', filter, answer };
  return (await fetchStatistics(calls, request, signal)).stats;
}

/** The calls on hold. */
export function fetchHeldCalls(calls: Calls, filter?: ServiceFilter, signal?: AbortSignal): Promise<HeldCalls> {
  const path = '/realtime/service/calls/status';
  return fetchStatistics(calls, { method: getHoldServiceDetailsMethod, path, filter, answer: heldCalls }, signal);
}

/** Right party connects of the last half hour, by five minutes. */
export async function fetchLiveConnects(
  calls: Calls,
  filter?: ServiceFilter,
  signal?: AbortSignal,
): Promise<readonly LiveConnects[]> {
  const answer = z.object({ liveConnects: wireList(liveConnects) });
  const request = { method: getLiveConnectsMethod, path: '/realtime/service/liveConnects', filter, answer };
  return (await fetchStatistics(calls, request, signal)).liveConnects;
}

/** The state of each service that has agents. */
export async function fetchServiceStatistics(
  calls: Calls,
  filter?: ServiceFilter,
  signal?: AbortSignal,
): Promise<readonly ServiceStatistics[]> {
  const answer = z.object({ stats: wireList(serviceStatistics) });
  const request = { method: getServiceStatisticsMethod, path: '/realtime/service/stats', filter, answer };
  return (await fetchStatistics(calls, request, signal)).stats;
}
