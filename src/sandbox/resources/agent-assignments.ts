/** What an agent is given and loses one by one: agent skills with a proficiency, and services. */
import { type Answer, empty } from '../answer.ts';
import { isAcdService } from '../model/services.ts';
import type { Exchange } from '../router.ts';
import { parsePathId, parseProficiency, refuseInput, refuseUnknown } from '../wire/agent-details.ts';
import { findAgent } from './agents.ts';

/** `PUT /configuration/agents/{id}/skills/{skill}?proficiency=`; a skill the agent has gets the new proficiency. */
export function addAgentSkill(exchange: Exchange): Answer {
  const { world, params, query } = exchange;
  const agent = findAgent(exchange);
  const skill = parsePathId(params['skill'], 'Agent skill');
  if (!world.agentSkills.has(skill)) throw refuseUnknown('Agent skill', skill);
  agent.skills.set(skill, parseProficiency(query.get('proficiency')));
  world.agents.touch();
  return empty();
}

/** `DELETE /configuration/agents/{id}/skills/{skill}` */
export function removeAgentSkill(exchange: Exchange): Answer {
  const agent = findAgent(exchange);
  const skill = parsePathId(exchange.params['skill'], 'Agent skill');
  if (!agent.skills.delete(skill)) throw refuseUnknown('Agent skill', skill);
  exchange.world.agents.touch();
  return empty();
}

/** `PUT /configuration/agents/{id}/services/{service}`; services without an ACD mode are refused. */
export function addService(exchange: Exchange): Answer {
  const { world, params } = exchange;
  const agent = findAgent(exchange);
  const id = parsePathId(params['service'], 'Service');
  const service = world.services.find(id);
  if (service === undefined) throw refuseUnknown('Service', id);
  if (!isAcdService(service)) throw refuseInput('Cannot assign service [incorrect service type]');
  agent.services.add(id);
  world.agents.touch();
  return empty();
}

/** `DELETE /configuration/agents/{id}/services/{service}` */
export function removeService(exchange: Exchange): Answer {
  const agent = findAgent(exchange);
  const id = parsePathId(exchange.params['service'], 'Service');
  if (!agent.services.delete(id)) throw refuseUnknown('Service', id);
  exchange.world.agents.touch();
  return empty();
}
