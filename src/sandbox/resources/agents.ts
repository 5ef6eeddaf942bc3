/**
 * Agents: create, read, update, delete, find, list. A client the user has nothing to do with, and a service that is not
 * for agents, are refused as the page's example has it: 403 "Access denied".
 */
import { type Answer, empty, json, Refusal } from '../answer.ts';
import { type Agent, makeAgent } from '../model/agents.ts';
import { isAcdService } from '../model/services.ts';
import type { Exchange } from '../router.ts';
import {
  type AgentCreation,
  type AgentSearch,
  type AgentUpdate,
  assertPassword,
  parseAgentCreation,
  parseAgentSearch,
  parseAgentUpdate,
  parsePathId,
  refuseAccess,
  refuseInput,
  refuseUnknown,
} from '../wire/agent-details.ts';
import { cutPage, readPage, toListAnswer } from '../wire/page.ts';
import { toWireJson } from '../wire/wire-json.ts';
import type { World } from '../world.ts';
import { readClient } from './client-scope.ts';

/** As many passwords as an agent may not use again. */
const rememberedPasswords = 4;

/** `POST /configuration/agents` */
export function createAgent({ world, body }: Exchange): Answer {
  const creation = parseAgentCreation(body);
  assertCreatable(world, creation);
  const { password, assignedService, assignedAgentSkill, ...rest } = creation;
  const agent = makeAgent(world.agents.nextId(), {
    ...rest,
    loginId: creation.loginId.toUpperCase(),
    passwords: [password],
    passwordLastModified: world.now(),
    services: new Set(assignedService.map(({ id }) => id)),
    skills: new Map(assignedAgentSkill.map(({ id, proficiency }) => [id, proficiency])),
  });
  world.agents.put(agent);
  return json(toWireJson(world.dialect, { id: agent.id }), 201);
}

function assertCreatable(world: World, creation: AgentCreation): void {
  assertPassword(creation.password, []);
  if (!world.hasClient(creation.clientId)) throw refuseAccess();
  for (const { id } of creation.assignedService) {
    const service = world.services.find(id);
    if (service === undefined || !isAcdService(service)) throw refuseAccess();
  }
  const strange = creation.assignedAgentSkill.find(({ id }) => !world.agentSkills.has(id));
  if (strange !== undefined) throw refuseInput(`Agent skill not found [ID:${strange.id}]`);
  const loginId = creation.loginId.toUpperCase();
  if (world.agents.list().some((agent) => agent.loginId === loginId))
    throw refuseInput('Invalid loginId [already in use]');
}

/** `GET /configuration/agents/{id}` */
export function readAgent(exchange: Exchange): Answer {
  const agent = findAgent(exchange);
  const never = { lastLogin: agent.lastLogin ?? undefined, lastLoginIp: agent.lastLoginIp ?? undefined };
  const shown = {
    assignedService: [...agent.services].map((id) => ({ id })),
    assignedAgentSkill: [...agent.skills].map(([id, proficiency]) => ({ id, proficiency })),
    loginId: agent.loginId,
    firstName: agent.firstName,
    lastName: agent.lastName,
    phone: agent.phone,
    wrapUpTime: agent.wrapUpTime,
    homeAgent: agent.homeAgent,
    active: agent.active,
    locked: agent.locked,
    passwordLastModified: agent.passwordLastModified,
    ...never,
  };
  return json(toWireJson(exchange.world.dialect, shown));
}

/** `PUT /configuration/agents/{id}` */
export function updateAgent(exchange: Exchange): Answer {
  const agent = findAgent(exchange);
  applyUpdate(exchange.world, agent, parseAgentUpdate(exchange.body));
  exchange.world.agents.touch();
  return empty();
}

function applyUpdate(world: World, agent: Agent, { password, unlock, ...properties }: AgentUpdate): void {
  if (password !== undefined) {
    assertPassword(password, agent.passwords);
    agent.passwords = [password, ...agent.passwords].slice(0, rememberedPasswords);
    agent.passwordLastModified = world.now();
  }
  if (unlock === true) Object.assign(agent, { locked: false, failedLogins: 0 });
  Object.assign(agent, properties);
}

/** `DELETE /configuration/agents/{id}`; an agent nobody knows gets 404 without a body. */
export function deleteAgent({ world, params }: Exchange): Answer {
  return empty(world.agents.remove(Number(params['id'])) ? 204 : 404);
}

/** `GET /configuration/agents` */
export function listAgents(exchange: Exchange): Answer {
  return toAgentList(exchange, () => true, 'configuration/agents');
}

/** `POST /configuration/agents/search` */
export function findMatchingAgents(exchange: Exchange): Answer {
  const search = parseAgentSearch(exchange.body);
  return toAgentList(exchange, (agent) => matches(agent, search), 'configuration/agents/search');
}

function matches(agent: Agent, { loginId, lastName, phoneNumber }: AgentSearch): boolean {
  const has = (value: string, part: string): boolean => value.toLowerCase().includes(part.toLowerCase());
  if (loginId) return has(agent.loginId, loginId);
  if (lastName) return has(agent.lastName, lastName);
  return agent.phone === phoneNumber;
}

function toAgentList(exchange: Exchange, isWanted: (agent: Agent) => boolean, path: string): Answer {
  const page = readPage(exchange.query);
  const found = listOfClient(exchange).filter(isWanted);
  found.sort((left, right) => (left.loginId < right.loginId ? -1 : 1));
  const { items, hasMore } = cutPage(found, page);
  return toListAnswer(exchange, { page, key: 'agent', items: items.map(toEntry), hasMore, path });
}

function toEntry({ id, loginId, firstName, lastName, phone, active, lastLogin, lastLoginIp }: Agent) {
  const login = lastLogin === null ? {} : { lastLogin, lastLoginIp };
  return { id, loginId, firstName, lastName, phone, active, ...login };
}

/** `GET /configuration/agents/info` */
export function getAgentListInfo(exchange: Exchange): Answer {
  const { world } = exchange;
  const info = { size: listOfClient(exchange).length, lastModified: world.agents.lastModified() };
  return json(toWireJson(world.dialect, info));
}

/** `GET /configuration/agents/{id}/related` */
export function getAgentRelatedObjects(exchange: Exchange): Answer {
  const { world } = exchange;
  const services = [...findAgent(exchange).services];
  const callCenters = new Set(services.flatMap((id) => world.services.find(id)?.callCenterId ?? []));
  const related = { callCenter: [...callCenters].map((id) => ({ id })), service: services.map((id) => ({ id })) };
  return json(toWireJson(world.dialect, related));
}

/**
 * The agent the path names.
 * @throws Refusal 404
 */
export function findAgent({ world, params }: Exchange): Agent {
  const id = parsePathId(params['id'], 'Agent');
  const agent = world.agents.find(id);
  if (agent === undefined) throw refuseUnknown('Agent', id);
  return agent;
}

function listOfClient({ world, query }: Exchange): Agent[] {
  const client = readClient(world, query);
  return world.agents.list().filter((agent) => client === undefined || agent.clientId === client);
}

/** The handler for users who may administer agents: a Manager needs the power of that name. */
export function administering(handle: (exchange: Exchange) => Answer): (exchange: Exchange) => Answer {
  return (exchange) => {
    if (exchange.session?.user.administersAgents === false) {
      throw new Refusal(403, 403, 'Forbidden without the power to administer agents');
    }
    return handle(exchange);
  };
}
