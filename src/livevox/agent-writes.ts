/**
 * What can be changed about agents (vendor page: Agents API Methods). What LiveVox decides - passwords, services that may not be
 * assigned, ids that do not exist - is left to it; refused here is only what could not mean anything.
 * Surprise: after a 503 a delete or a removal is not repeated, because the second one finds nothing and is refused, which would hide
 * that the first took effect; nor is a change of password, because the same one may not be set twice.
 */
import { FatalError } from '../errors.ts';
import { agentsPath } from './agent-reads.ts';
import type { Calls } from './calls.ts';
import { type LiveVoxId, toIdJson, toIdText } from './livevox-id.ts';
import type { VendorMethod } from './vendor-method.ts';
import { withQuery } from './with-query.ts';
import { toWriteAnswer, type WriteAnswer } from './write-answer.ts';

export const createAgentMethod: VendorMethod = { name: 'Create Agent', verb: 'POST', kind: 'create' };
export const deleteAgentMethod: VendorMethod = { name: 'Delete Agent', verb: 'DELETE', kind: 'create' };
export const updateAgentMethod: VendorMethod = { name: 'Update Agent', verb: 'PUT', kind: 'update' };
export const addAgentSkillMethod: VendorMethod = { name: 'Update Agent Add Agent Skill', verb: 'PUT', kind: 'update' };
export const addServiceMethod: VendorMethod = { name: 'Update Agent Add Service', verb: 'PUT', kind: 'update' };
export const removeAgentSkillMethod: VendorMethod = {
  name: 'Update Agent Remove Agent Skill',
  verb: 'DELETE',
  kind: 'create',
};
export const removeServiceMethod: VendorMethod = {
  name: 'Update Agent Remove Service',
  verb: 'DELETE',
  kind: 'create',
};

/** A new agent; LiveVox wants all of it but the assignments. */
export type NewAgent = {
  /** LiveVox's id of the client that gets the agent. */
  readonly clientId: LiveVoxId;
  /** What the agent logs in with; LiveVox turns it into upper case. */
  readonly loginId: string;
  readonly firstName: string;
  readonly lastName: string;
  /** At least 8 characters with a digit among them, none of the last passwords. */
  readonly password: string;
  readonly phone: string;
  /** Time for after-call work; -1 is without limit. The page names no unit. */
  readonly wrapUpTime: number;
  readonly homeAgent: boolean;
  readonly active: boolean;
  /** ACD services that the session's user may assign. */
  readonly assignedService?: readonly { readonly id: LiveVoxId }[];
  /** With the proficiency, 1 to 5. */
  readonly assignedAgentSkill?: readonly { readonly id: LiveVoxId; readonly proficiency: number }[];
};

/** What to change about an agent; what is left out stays. Services and skills have methods of their own. */
export type AgentChanges = Partial<
  Pick<NewAgent, 'firstName' | 'lastName' | 'password' | 'phone' | 'wrapUpTime' | 'homeAgent' | 'active'>
> & {
  /** True lets an agent in again whom too many wrong passwords locked out. */
  readonly unlock?: boolean;
};

/** Sends a Create Agent. */
export async function createAgent(calls: Calls, agent: NewAgent, signal?: AbortSignal): Promise<WriteAnswer> {
  const body = {
    ...agent,
    clientId: toIdJson(agent.clientId),
    assignedService: agent.assignedService?.map(({ id }) => ({ id: toIdJson(id) })),
    assignedAgentSkill: agent.assignedAgentSkill?.map(({ id, proficiency }) => ({
      id: toIdJson(id),
      proficiency: toProficiency(proficiency),
    })),
  };
  return sendWrite(calls, createAgentMethod, agentsPath, body, signal);
}

/** Sends a Delete Agent. */
export async function deleteAgent(calls: Calls, agentId: LiveVoxId, signal?: AbortSignal): Promise<WriteAnswer> {
  return sendWrite(calls, deleteAgentMethod, `${agentsPath}/${toIdText(agentId)}`, {}, signal);
}

/** Sends an Update Agent. @throws FatalError when there is nothing to change. */
export async function updateAgent(
  calls: Calls,
  agentId: LiveVoxId,
  changes: AgentChanges,
  signal?: AbortSignal,
): Promise<WriteAnswer> {
  assertSomething(changes);
  const method: VendorMethod =
    changes.password === undefined ? updateAgentMethod : { ...updateAgentMethod, kind: 'create' };
  return sendWrite(calls, method, `${agentsPath}/${toIdText(agentId)}`, changes, signal);
}

/** Sends an Update Agent Add Agent Skill. @throws FatalError when the proficiency is not 1 to 5. */
export async function addAgentSkill(
  calls: Calls,
  agentId: LiveVoxId,
  skillId: LiveVoxId,
  proficiency: number,
  signal?: AbortSignal,
): Promise<WriteAnswer> {
  const path = withQuery(toSkillPath(agentId, skillId), { proficiency: String(toProficiency(proficiency)) });
  return sendWrite(calls, addAgentSkillMethod, path, {}, signal);
}

/** Sends an Update Agent Remove Agent Skill. */
export async function removeAgentSkill(
  calls: Calls,
  agentId: LiveVoxId,
  skillId: LiveVoxId,
  signal?: AbortSignal,
): Promise<WriteAnswer> {
  return sendWrite(calls, removeAgentSkillMethod, toSkillPath(agentId, skillId), {}, signal);
}

/** Sends an Update Agent Add Service. */
export async function addService(
  calls: Calls,
  agentId: LiveVoxId,
  serviceId: LiveVoxId,
  signal?: AbortSignal,
): Promise<WriteAnswer> {
  return sendWrite(calls, addServiceMethod, toServicePath(agentId, serviceId), {}, signal);
}

/** Sends an Update Agent Remove Service. */
export async function removeService(
  calls: Calls,
  agentId: LiveVoxId,
  serviceId: LiveVoxId,
  signal?: AbortSignal,
): Promise<WriteAnswer> {
  return sendWrite(calls, removeServiceMethod, toServicePath(agentId, serviceId), {}, signal);
}

/** Sends a write whose answer says only whether it was taken, and maybe an id. A body is mandatory, `{}` at least. */
export async function sendWrite(
  calls: Calls,
  method: VendorMethod,
  path: string,
  body: object,
  signal?: AbortSignal,
): Promise<WriteAnswer> {
  const reply = await calls.call(method, { path, body }, signal);
  return toWriteAnswer(reply, { method: method.name, origin: calls.origin });
}

/** @throws FatalError when no key has a value: "The body of your request must contain at least one key". */
export function assertSomething(changes: object): void {
  if (Object.values(changes).every((value) => value === undefined)) {
    throw new FatalError('An update needs something to change: name at least one field');
  }
}

function toSkillPath(agentId: LiveVoxId, skillId: LiveVoxId): string {
  return `${agentsPath}/${toIdText(agentId)}/skills/${toIdText(skillId)}`;
}

function toServicePath(agentId: LiveVoxId, serviceId: LiveVoxId): string {
  return `${agentsPath}/${toIdText(agentId)}/services/${toIdText(serviceId)}`;
}

function toProficiency(proficiency: number): number {
  if (Number.isInteger(proficiency) && proficiency >= 1 && proficiency <= 5) return proficiency;
  throw new FatalError('A proficiency is a whole number from 1 to 5: correct the request');
}
