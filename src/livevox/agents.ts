/**
 * The namespace `client.agents`: the vendor's agent methods, each a line into agent-reads.ts or agent-writes.ts
 * (vendor page: Agents API Methods). The user needs the role Sysadmin, IT User or Superuser, or Manager with the power "Administer Agents".
 */
import {
  type Agent,
  type AgentEntry,
  type AgentRelatedObjects,
  type AgentSearch,
  findMatchingAgents,
  getAgentListInfo,
  getAgentRelatedObjects,
  type ListFilter,
  type ListInfo,
  listAgents,
  readAgent,
} from './agent-reads.ts';
import {
  type AgentChanges,
  addAgentSkill,
  addService,
  createAgent,
  deleteAgent,
  type NewAgent,
  removeAgentSkill,
  removeService,
  updateAgent,
} from './agent-writes.ts';
import type { Calls } from './calls.ts';
import type { LiveVoxId } from './livevox-id.ts';
import type { WriteAnswer } from './write-answer.ts';

export type Agents = {
  /**
   * Create Agent: the answer's `id` is the new agent's. A service the user may not assign is a 403, and thrown.
   * @throws FatalError for an id or a proficiency that is none, and like every write only where the request had no effect.
   */
  createAgent(agent: NewAgent, signal?: AbortSignal): Promise<WriteAnswer>;
  /** Delete Agent. One that does not exist is `refused`. Not repeated after a 503. @throws like `createAgent`. */
  deleteAgent(agentId: LiveVoxId, signal?: AbortSignal): Promise<WriteAnswer>;
  /** Find Matching Agents: by a part of the login id or last name, or by phone. @throws FatalError unless exactly one is given. */
  findMatchingAgents(search: AgentSearch, filter?: ListFilter, signal?: AbortSignal): AsyncIterable<AgentEntry>;
  /** Get Agent List Info: how many agents there are. @throws as every read; see errors.ts. */
  getAgentListInfo(clientId?: LiveVoxId, signal?: AbortSignal): Promise<ListInfo>;
  /** Get Agent Related Objects: the call centers and services of an agent; undefined when there is none. @throws like `readAgent`. */
  getAgentRelatedObjects(agentId: LiveVoxId, signal?: AbortSignal): Promise<AgentRelatedObjects | undefined>;
  /** List Agents, over all pages; see paging.ts for what it promises while the list changes. @throws as every read. */
  listAgents(filter?: ListFilter, signal?: AbortSignal): AsyncIterable<AgentEntry>;
  /** Read Agent; undefined when there is none. @throws FatalError for an id that is none, and as every read; see errors.ts. */
  readAgent(agentId: LiveVoxId, signal?: AbortSignal): Promise<Agent | undefined>;
  /** Update Agent: what is left out stays. With a password it is not repeated after a 503. @throws FatalError for no change at all. */
  updateAgent(agentId: LiveVoxId, changes: AgentChanges, signal?: AbortSignal): Promise<WriteAnswer>;
  /** Update Agent Add Agent Skill, with a proficiency from 1 to 5. @throws like `createAgent`. */
  addAgentSkill(
    agentId: LiveVoxId,
    skillId: LiveVoxId,
    proficiency: number,
    signal?: AbortSignal,
  ): Promise<WriteAnswer>;
  /** Update Agent Remove Agent Skill. Not repeated after a 503. @throws like `createAgent`. */
  removeAgentSkill(agentId: LiveVoxId, skillId: LiveVoxId, signal?: AbortSignal): Promise<WriteAnswer>;
  /** Update Agent Add Service: ACD services only. The agent's session shows it after 5 minutes. @throws like `createAgent`. */
  addService(agentId: LiveVoxId, serviceId: LiveVoxId, signal?: AbortSignal): Promise<WriteAnswer>;
  /** Update Agent Remove Service. Not repeated after a 503. @throws like `createAgent`. */
  removeService(agentId: LiveVoxId, serviceId: LiveVoxId, signal?: AbortSignal): Promise<WriteAnswer>;
};

/** The agent methods over one tenant's calls. */
export function makeAgents(calls: Calls): Agents {
  return {
    createAgent: (agent, signal) => createAgent(calls, agent, signal),
    deleteAgent: (agentId, signal) => deleteAgent(calls, agentId, signal),
    findMatchingAgents: (search, filter, signal) => findMatchingAgents(calls, search, filter, signal),
    getAgentListInfo: (clientId, signal) => getAgentListInfo(calls, clientId, signal),
    getAgentRelatedObjects: (agentId, signal) => getAgentRelatedObjects(calls, agentId, signal),
    listAgents: (filter, signal) => listAgents(calls, filter, signal),
    readAgent: (agentId, signal) => readAgent(calls, agentId, signal),
    updateAgent: (agentId, changes, signal) => updateAgent(calls, agentId, changes, signal),
    addAgentSkill: (agentId, skillId, proficiency, signal) =>
      addAgentSkill(calls, agentId, skillId, proficiency, signal),
    removeAgentSkill: (agentId, skillId, signal) => removeAgentSkill(calls, agentId, skillId, signal),
    addService: (agentId, serviceId, signal) => addService(calls, agentId, serviceId, signal),
    removeService: (agentId, serviceId, signal) => removeService(calls, agentId, serviceId, signal),
  };
}
