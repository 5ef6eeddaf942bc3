/** Agent skills: create, read, update, delete, list. A deleted skill is taken from the agents who had it. */
import { type Answer, empty, json } from '../answer.ts';
import type { AgentSkill } from '../model/agent-skills.ts';
import { clientId } from '../model/population.ts';
import type { Exchange } from '../router.ts';
import {
  parsePathId,
  parseSkillCreation,
  parseSkillUpdate,
  refuseInput,
  refuseUnknown,
} from '../wire/agent-details.ts';
import { cutPage, readPage, toListAnswer } from '../wire/page.ts';
import { toWireJson } from '../wire/wire-json.ts';
import { readClient } from './client-scope.ts';

/** `POST /configuration/agents/skills` */
export function createAgentSkill({ world, body, query }: Exchange): Answer {
  const { name, description } = parseSkillCreation(body);
  const id = world.agentSkills.nextId();
  const client = readClient(world, query) ?? clientId;
  world.agentSkills.put({ id, clientId: client, name, description: description ?? '' });
  return json(toWireJson(world.dialect, { id }), 201);
}

/** `GET /configuration/agents/skills/{id}` */
export function readAgentSkill(exchange: Exchange): Answer {
  const { world } = exchange;
  const { id, name, description, clientId: client } = findSkill(exchange);
  const agent = world.agents.list().flatMap((one) => {
    const proficiency = one.skills.get(id);
    return proficiency === undefined ? [] : [{ id: one.id, proficiency }];
  });
  return json(toWireJson(world.dialect, { agent, name, description, clientId: client }));
}

/** `PUT /configuration/agents/skills/{id}` */
export function updateAgentSkill(exchange: Exchange): Answer {
  const skill = findSkill(exchange);
  const { name, description } = parseSkillUpdate(exchange.body);
  if (name === '') throw refuseInput('Missing required field [name]');
  if (name !== undefined) skill.name = name;
  if (typeof description === 'string') skill.description = description;
  exchange.world.agentSkills.touch();
  return empty();
}

/** `DELETE /configuration/agents/skills/{id}`; a skill nobody knows gets 404 without a body. */
export function deleteAgentSkill({ world, params }: Exchange): Answer {
  const id = Number(params['id']);
  if (!world.agentSkills.remove(id)) return empty(404);
  for (const agent of world.agents.list()) agent.skills.delete(id);
  return empty();
}

/** `GET /configuration/agents/skills` */
export function listAgentSkills(exchange: Exchange): Answer {
  const page = readPage(exchange.query);
  const { items, hasMore } = cutPage(listOfClient(exchange), page);
  const entries = items.map(({ id, name }) => ({ id, name }));
  return toListAnswer(exchange, {
    page,
    key: 'agentSkill',
    items: entries,
    hasMore,
    path: 'configuration/agents/skills',
  });
}

/** `GET /configuration/agents/skills/info` */
export function getAgentSkillListInfo(exchange: Exchange): Answer {
  const { world } = exchange;
  const info = { size: listOfClient(exchange).length, lastModified: world.agentSkills.lastModified() };
  return json(toWireJson(world.dialect, info));
}

function findSkill({ world, params }: Exchange): AgentSkill {
  const id = parsePathId(params['id'], 'Agent skill');
  const skill = world.agentSkills.find(id);
  if (skill === undefined) throw refuseUnknown('Agent skill', id);
  return skill;
}

function listOfClient({ world, query }: Exchange): readonly AgentSkill[] {
  const client = readClient(world, query);
  return world.agentSkills.list().filter((skill) => client === undefined || skill.clientId === client);
}
