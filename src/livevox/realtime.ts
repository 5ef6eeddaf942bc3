/**
 * The namespace `client.realtime`: the vendor's Real-Time Reporting API under the vendor's names, each a line into the file of its
 * resource. Today's data only. Ids come as texts, times as instants; a number or text that LiveVox leaves out is undefined.
 */
import {
  type AgentAverages,
  type AgentStatistics,
  type AgentStatisticsEx,
  type AgentStatus,
  type AgentStatusQuery,
  fetchAgentAverages,
  fetchAgentStatistics,
  fetchAgentStatisticsEx,
  fetchAgentStatus,
} from './agent-statistics.ts';
import {
  type CallKey,
  fetchInCallMetadata,
  fetchPostCallMetadata,
  type InCallMetadata,
  type PostCallMetadata,
} from './call-metadata.ts';
import type { Calls } from './calls.ts';
import {
  type FeedOptions,
  type InteractionFeedOptions,
  readAgentEventFeed,
  readInteractionEventFeed,
} from './event-feed.ts';
import { readEventStream, type StreamDeps, type StreamStep } from './event-stream.ts';
import type { FeedStep } from './feed-step.ts';
import type { AgentEvent, InteractionEvent } from './realtime-events.ts';
import type { CampaignFilter, ServiceFilter } from './realtime-filter.ts';
import {
  type CampaignStatistics,
  fetchCampaignStatistics,
  fetchHeldCalls,
  fetchLiveConnects,
  fetchServiceStatistics,
  type HeldCalls,
  type LiveConnects,
  type ServiceStatistics,
} from './service-statistics.ts';

export type Realtime = {
  /**
   * Retrieve Agent Event Feed: without end, step by step; the next request goes out when the next step is asked for.
   * @throws as every read, and the signal's reason; start again with the token of the last step.
   */
  retrieveAgentEventFeed(options?: FeedOptions, signal?: AbortSignal): AsyncIterable<FeedStep<AgentEvent>>;
  /** Read In Call Metadata, of a call under way; undefined when there is none. @throws as every read; see errors.ts. */
  readInCallMetadata(call: CallKey, signal?: AbortSignal): Promise<InCallMetadata | undefined>;
  /** Read Post Call Metadata, of a call that ended today; undefined when there is none. @throws as every read. */
  readPostCallMetadata(call: CallKey, signal?: AbortSignal): Promise<PostCallMetadata | undefined>;
  /** Retrieve Interaction Event Feed: without end, like the agents' feed. @throws like it, and FatalError for a wrong count or filter. */
  retrieveInteractionEventFeed(
    options?: InteractionFeedOptions,
    signal?: AbortSignal,
  ): AsyncIterable<FeedStep<InteractionEvent>>;
  /**
   * Retrieve Event Feed Through Server-Sent Event (SSE): the same events as they happen. Tokens are event ids; there is none before the
   * first event. Connections that end are opened again. @throws RetriableError when that does not work, and like the other feeds.
   */
  retrieveEventFeedThroughServerSentEvent(
    options?: InteractionFeedOptions,
    signal?: AbortSignal,
  ): AsyncIterable<StreamStep>;
  /** Campaign Level Statistics. @throws as every read; see errors.ts. */
  campaignLevelStatistics(filter?: CampaignFilter, signal?: AbortSignal): Promise<readonly CampaignStatistics[]>;
  /** Get Agent Averages: seconds in each state. @throws as every read. */
  getAgentAverages(filter?: ServiceFilter, signal?: AbortSignal): Promise<AgentAverages>;
  /** Get Agent Statistics, of agents logged in now. @throws as every read. */
  getAgentStatistics(filter?: ServiceFilter, signal?: AbortSignal): Promise<readonly AgentStatistics[]>;
  /** Get Agent Statistics Ex, of agents logged in today. @throws as every read. */
  getAgentStatisticsEx(filter?: ServiceFilter, signal?: AbortSignal): Promise<readonly AgentStatisticsEx[]>;
  /** Get Agent Status: what each agent is doing. @throws as every read. */
  getAgentStatus(query?: AgentStatusQuery, signal?: AbortSignal): Promise<AgentStatus>;
  /** Get Hold Service Details: the calls on hold. @throws as every read. */
  getHoldServiceDetails(filter?: ServiceFilter, signal?: AbortSignal): Promise<HeldCalls>;
  /** Get Live Connects: right party connects of the last half hour. @throws as every read. */
  getLiveConnects(filter?: ServiceFilter, signal?: AbortSignal): Promise<readonly LiveConnects[]>;
  /** Get Service Statistics. @throws as every read. */
  getServiceStatistics(filter?: ServiceFilter, signal?: AbortSignal): Promise<readonly ServiceStatistics[]>;
};

/** The real-time methods over one tenant's calls. */
export function makeRealtime(calls: Calls, deps: StreamDeps): Realtime {
  return {
    retrieveAgentEventFeed: (options, signal) => readAgentEventFeed(calls, deps.clock, options, signal),
    readInCallMetadata: (call, signal) => fetchInCallMetadata(calls, call, signal),
    readPostCallMetadata: (call, signal) => fetchPostCallMetadata(calls, call, signal),
    retrieveInteractionEventFeed: (options, signal) => readInteractionEventFeed(calls, deps.clock, options, signal),
    retrieveEventFeedThroughServerSentEvent: (options, signal) => readEventStream(calls, deps, options, signal),
    campaignLevelStatistics: (filter, signal) => fetchCampaignStatistics(calls, filter, signal),
    getAgentAverages: (filter, signal) => fetchAgentAverages(calls, filter, signal),
    getAgentStatistics: (filter, signal) => fetchAgentStatistics(calls, filter, signal),
    getAgentStatisticsEx: (filter, signal) => fetchAgentStatisticsEx(calls, filter, signal),
    getAgentStatus: (query, signal) => fetchAgentStatus(calls, query, signal),
    getHoldServiceDetails: (filter, signal) => fetchHeldCalls(calls, filter, signal),
    getLiveConnects: (filter, signal) => fetchLiveConnects(calls, filter, signal),
    getServiceStatistics: (filter, signal) => fetchServiceStatistics(calls, filter, signal),
  };
}
