/**
 * What can be read of agents (vendor page: Agents API Methods): one, a list, a search, how many, what belongs to one. Agent sessions
 * may call all of these but Get Agent List Info.
 */
import { z } from 'zod';
import { FatalError } from '../errors.ts';
import type { Calls } from './calls.ts';
import { type LiveVoxId, toIdText } from './livevox-id.ts';
import { fetchAnswer, toReadAnswerIfAny } from './read-answer.ts';
import { readList } from './read-list.ts';
import type { VendorMethod } from './vendor-method.ts';
import { optionalMoment, optionalText, wireBoolean, wireId, wireList, wireText, wireWhole } from './wire-scalars.ts';
import { withQuery } from './with-query.ts';

export const findMatchingAgentsMethod: VendorMethod = { name: 'Find Matching Agents', verb: 'POST', kind: 'read' };
export const getAgentListInfoMethod: VendorMethod = { name: 'Get Agent List Info', verb: 'GET', kind: 'read' };
export const getAgentRelatedObjectsMethod: VendorMethod = {
  name: 'Get Agent Related Objects',
  verb: 'GET',
  kind: 'read',
};
export const listAgentsMethod: VendorMethod = { name: 'List Agents', verb: 'GET', kind: 'read' };
export const readAgentMethod: VendorMethod = { name: 'Read Agent', verb: 'GET', kind: 'read' };

/** Which list, and how it is read. */
export type ListFilter = {
  /** LiveVox's id of the client whose entries are wanted. @default what the session's user may see */
  readonly clientId?: LiveVoxId;
  /** Entries per request. @default 1000, LiveVox's cap */
  readonly count?: number;
};

/** Exactly one of the three: with more, "the result is unpredictable". Case does not matter. */
export type AgentSearch =
  /** A part of the login id is enough. */
  | { readonly loginId: string; readonly lastName?: never; readonly phoneNumber?: never }
  /** A part of the last name is enough. */
  | { readonly lastName: string; readonly loginId?: never; readonly phoneNumber?: never }
  | { readonly phoneNumber: string; readonly loginId?: never; readonly lastName?: never };

/** An agent as lists and searches show it. */
export type AgentEntry = {
  readonly id: string;
  readonly loginId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly phone: string;
  readonly active: boolean;
  readonly lastLogin?: Date;
  readonly lastLoginIp?: string;
};

/** An agent in full; its id is the one asked for. */
export type Agent = Omit<AgentEntry, 'id'> & {
  /** Time for after-call work; -1 is without limit. The page names no unit. */
  readonly wrapUpTime: number;
  readonly homeAgent: boolean;
  /** Locked out after too many wrong passwords. */
  readonly locked: boolean;
  /** Only where password management is on. */
  readonly passwordLastModified?: Date;
  readonly assignedService: readonly { readonly id: string }[];
  /** With the proficiency, 1 to 5. */
  readonly assignedAgentSkill: readonly { readonly id: string; readonly proficiency: number }[];
};

export type AgentRelatedObjects = {
  readonly callCenter: readonly { readonly id: string }[];
  readonly service: readonly { readonly id: string }[];
};

export type ListInfo = {
  /** Entries of the list. */
  readonly size: number;
  /** When the list last changed; LiveVox may not know. */
  readonly lastModified?: Date;
};

const agentFields = {
  loginId: wireText,
  firstName: wireText,
  lastName: wireText,
  phone: wireText,
  active: wireBoolean,
  lastLogin: optionalMoment,
  lastLoginIp: optionalText,
};
const withId = z.object({ id: wireId });
const agentEntry: z.ZodType<AgentEntry> = z.object({ id: wireId, ...agentFields });
const agent: z.ZodType<Agent> = z.object({
  ...agentFields,
  wrapUpTime: wireWhole,
  homeAgent: wireBoolean,
  locked: wireBoolean,
  passwordLastModified: optionalMoment,
  assignedService: wireList(withId),
  assignedAgentSkill: wireList(z.object({ id: wireId, proficiency: wireWhole })),
});
const relatedObjects: z.ZodType<AgentRelatedObjects> = z.object({
  callCenter: wireList(withId),
  service: wireList(withId),
});
/** Answer of the methods named "List Info". */
export const listInfo: z.ZodType<ListInfo> = z.object({ size: wireWhole, lastModified: optionalMoment });

export const agentsPath = '/configuration/agents';

/** Sends a Find Matching Agents, page by page. @throws FatalError when the search has not exactly one criterion. */
export async function* findMatchingAgents(
  calls: Calls,
  search: AgentSearch,
  filter?: ListFilter,
  signal?: AbortSignal,
): AsyncGenerator<AgentEntry, void, undefined> {
  const { loginId, lastName, phoneNumber } = search;
  const criteria = [loginId, lastName, phoneNumber].filter((value) => value !== undefined && value !== '');
  if (criteria.length !== 1) {
    throw new FatalError('A search for agents takes exactly one of loginId, lastName and phoneNumber: give one');
  }
  const target = { method: findMatchingAgentsMethod, path: `${agentsPath}/search` };
  const body = { loginId, lastName, phoneNumber };
  yield* fetchAgentEntries(calls, { ...target, body }, filter, signal);
}

/** Reads the list of agents, page by page. */
export async function* listAgents(
  calls: Calls,
  filter?: ListFilter,
  signal?: AbortSignal,
): AsyncGenerator<AgentEntry, void, undefined> {
  yield* fetchAgentEntries(calls, { method: listAgentsMethod, path: agentsPath }, filter, signal);
}

function fetchAgentEntries(
  calls: Calls,
  target: { readonly method: VendorMethod; readonly path: string; readonly body?: unknown },
  { clientId, count }: ListFilter = {},
  signal?: AbortSignal,
): AsyncIterable<AgentEntry> {
  const path = withClient(target.path, clientId);
  const keyOf = ({ id }: AgentEntry): string => id;
  return readList(calls, { ...target, path, keys: ['agent'], item: agentEntry, keyOf, count }, signal);
}

/** Reads how many agents there are. */
export async function getAgentListInfo(calls: Calls, clientId?: LiveVoxId, signal?: AbortSignal): Promise<ListInfo> {
  const path = withClient(`${agentsPath}/info`, clientId);
  return fetchAnswer(calls, getAgentListInfoMethod, { path }, listInfo, signal);
}

/** Reads the call centers and services of an agent. */
export async function getAgentRelatedObjects(
  calls: Calls,
  agentId: LiveVoxId,
  signal?: AbortSignal,
): Promise<AgentRelatedObjects | undefined> {
  const path = `${agentsPath}/${toIdText(agentId)}/related`;
  const reply = await calls.call(getAgentRelatedObjectsMethod, { path }, signal);
  const context = { method: getAgentRelatedObjectsMethod.name, origin: calls.origin };
  return toReadAnswerIfAny(reply, relatedObjects, context);
}

/** Reads one agent. */
export async function readAgent(calls: Calls, agentId: LiveVoxId, signal?: AbortSignal): Promise<Agent | undefined> {
  const reply = await calls.call(readAgentMethod, { path: `${agentsPath}/${toIdText(agentId)}` }, signal);
  return toReadAnswerIfAny(reply, agent, { method: readAgentMethod.name, origin: calls.origin });
}

/** A path with the `client` parameter of lists, if there is one. @throws FatalError when the id is none. */
export function withClient(path: string, clientId: LiveVoxId | undefined): string {
  return withQuery(path, { client: clientId === undefined ? undefined : toIdText(clientId) });
}
