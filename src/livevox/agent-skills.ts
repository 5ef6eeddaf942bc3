/**
 * The namespace `client.agentSkills`: what agents are good at, for the routing of calls (vendor page: Agents API Methods). Which agent has
 * which skill is changed by `client.agents`.
 * Surprise: the page's path of List Agent Skills is `/configuration/agents/Skills`, its example `/configuration/agents/skills`; the example is
 * what all the other methods have.
 */
import { z } from 'zod';
import { agentsPath, type ListFilter, type ListInfo, listInfo, withClient } from './agent-reads.ts';
import { assertSomething, sendWrite } from './agent-writes.ts';
import type { Calls } from './calls.ts';
import { type LiveVoxId, toIdText } from './livevox-id.ts';
import { fetchAnswer, toReadAnswerIfAny } from './read-answer.ts';
import { readList } from './read-list.ts';
import type { VendorMethod } from './vendor-method.ts';
import { optionalId, wireId, wireList, wireText, wireWhole } from './wire-scalars.ts';
import type { WriteAnswer } from './write-answer.ts';

export const createAgentSkillMethod: VendorMethod = { name: 'Create Agent Skill', verb: 'POST', kind: 'create' };
/** Sent once, like Delete Agent. */
export const deleteAgentSkillMethod: VendorMethod = { name: 'Delete Agent Skill', verb: 'DELETE', kind: 'create' };
export const getAgentSkillListInfoMethod: VendorMethod = {
  name: 'Get Agent Skill List Info',
  verb: 'GET',
  kind: 'read',
};
export const listAgentSkillsMethod: VendorMethod = { name: 'List Agent Skills', verb: 'GET', kind: 'read' };
export const readAgentSkillMethod: VendorMethod = { name: 'Read Agent Skill', verb: 'GET', kind: 'read' };
export const updateAgentSkillMethod: VendorMethod = { name: 'Update Agent Skill', verb: 'PUT', kind: 'update' };

export type NewAgentSkill = {
  readonly name: string;
  readonly description?: string;
};

/** An agent skill as the list shows it. */
export type AgentSkillEntry = { readonly id: string; readonly name: string };

/** An agent skill in full; its id is the one asked for. */
export type AgentSkill = {
  readonly name: string;
  readonly description: string;
  readonly clientId?: string;
  /** The agents who have it, with their proficiency, 1 to 5. */
  readonly agent: readonly { readonly id: string; readonly proficiency: number }[];
};

export type AgentSkills = {
  /**
   * Create Agent Skill, for a client or the user's own: the answer's `id` is the new skill's.
   * @throws like every write only where the request had no effect.
   */
  createAgentSkill(skill: NewAgentSkill, clientId?: LiveVoxId, signal?: AbortSignal): Promise<WriteAnswer>;
  /** Delete Agent Skill. One that does not exist is `refused`. Not repeated after a 503. @throws like `createAgentSkill`. */
  deleteAgentSkill(skillId: LiveVoxId, signal?: AbortSignal): Promise<WriteAnswer>;
  /** Get Agent Skill List Info: how many there are. @throws as every read; see errors.ts. */
  getAgentSkillListInfo(clientId?: LiveVoxId, signal?: AbortSignal): Promise<ListInfo>;
  /** List Agent Skills, over all pages; see paging.ts for what it promises while the list changes. @throws as every read. */
  listAgentSkills(filter?: ListFilter, signal?: AbortSignal): AsyncIterable<AgentSkillEntry>;
  /** Read Agent Skill; undefined when there is none. @throws FatalError for an id that is none, and as every read; see errors.ts. */
  readAgentSkill(skillId: LiveVoxId, signal?: AbortSignal): Promise<AgentSkill | undefined>;
  /** Update Agent Skill: what is left out stays. @throws FatalError for no change at all, and like `createAgentSkill`. */
  updateAgentSkill(skillId: LiveVoxId, changes: Partial<NewAgentSkill>, signal?: AbortSignal): Promise<WriteAnswer>;
};

const path = `${agentsPath}/skills`;

const agentSkillEntry: z.ZodType<AgentSkillEntry> = z.object({ id: wireId, name: wireText });
const agentSkill: z.ZodType<AgentSkill> = z.object({
  name: wireText,
  description: wireText,
  clientId: optionalId,
  agent: wireList(z.object({ id: wireId, proficiency: wireWhole })),
});

/** The agent-skill methods over one tenant's calls. */
export function makeAgentSkills(calls: Calls): AgentSkills {
  return {
    createAgentSkill: async (skill, clientId, signal) => {
      const target = withClient(path, clientId);
      return sendWrite(calls, createAgentSkillMethod, target, skill, signal);
    },
    deleteAgentSkill: async (skillId, signal) =>
      sendWrite(calls, deleteAgentSkillMethod, `${path}/${toIdText(skillId)}`, {}, signal),
    getAgentSkillListInfo: (clientId, signal) => getAgentSkillListInfo(calls, clientId, signal),
    listAgentSkills: (filter, signal) => listAgentSkills(calls, filter, signal),
    readAgentSkill: (skillId, signal) => readAgentSkill(calls, skillId, signal),
    updateAgentSkill: async (skillId, changes, signal) => {
      assertSomething(changes);
      return sendWrite(calls, updateAgentSkillMethod, `${path}/${toIdText(skillId)}`, changes, signal);
    },
  };
}

async function getAgentSkillListInfo(calls: Calls, clientId?: LiveVoxId, signal?: AbortSignal): Promise<ListInfo> {
  const target = withClient(`${path}/info`, clientId);
  return fetchAnswer(calls, getAgentSkillListInfoMethod, { path: target }, listInfo, signal);
}

async function* listAgentSkills(
  calls: Calls,
  { clientId, count }: ListFilter = {},
  signal?: AbortSignal,
): AsyncGenerator<AgentSkillEntry, void, undefined> {
  const list = { method: listAgentSkillsMethod, path: withClient(path, clientId), keys: ['agentSkill'], count };
  yield* readList(calls, { ...list, item: agentSkillEntry, keyOf: ({ id }) => id }, signal);
}

async function readAgentSkill(calls: Calls, skillId: LiveVoxId, signal?: AbortSignal): Promise<AgentSkill | undefined> {
  const reply = await calls.call(readAgentSkillMethod, { path: `${path}/${toIdText(skillId)}` }, signal);
  return toReadAnswerIfAny(reply, agentSkill, { method: readAgentSkillMethod.name, origin: calls.origin });
}
