/**
 * `/sandbox/agents`, `/sandbox/agent-skills`, `/sandbox/services` and `/sandbox/calls`: what LiveVox would hold of them,
 * seen and set from outside its API. Naming another client makes it one of the user's.
 */
import { z } from 'zod';
import { type Answer, json } from '../answer.ts';
import { makeAgent } from '../model/agents.ts';
import { clientId } from '../model/population.ts';
import { acdModes } from '../model/services.ts';
import type { Exchange } from '../router.ts';
import { parsePathId } from '../wire/agent-details.ts';
import { parseBody } from '../wire/parse-body.ts';

const agentBody = z
  .strictObject({
    clientId: z.int(),
    loginId: z.string(),
    firstName: z.string(),
    lastName: z.string(),
    phone: z.string(),
    password: z.string(),
    wrapUpTime: z.int(),
    homeAgent: z.boolean(),
    active: z.boolean(),
    locked: z.boolean(),
    lastLogin: z.int().nullable(),
    lastLoginIp: z.string().nullable(),
    passwordLastModified: z.int(),
    services: z.array(z.int()),
    skills: z.array(z.strictObject({ id: z.int(), proficiency: z.int() })),
  })
  .partial();
const skillBody = z.strictObject({
  clientId: z.int().optional(),
  name: z.string(),
  description: z.string().default(''),
});
const serviceBody = z.strictObject({
  clientId: z.int().optional(),
  name: z.string().default('Service'),
  callCenterId: z.int().default(1623),
  callCenterName: z.string().default('Collections'),
  acdMode: z.enum(acdModes).default('Manual'),
});
const callBody = z.strictObject({
  session: z.string().min(1),
  transaction: z.int(),
  serviceId: z.int(),
  callCenterId: z.int(),
  firstName: z.string(),
  lastName: z.string(),
  account: z.string().nullable(),
  zipCode: z.string().nullable(),
  totalDue: z.number().nullable(),
  callDirectionOutbound: z.boolean(),
  callStartTime: z.int(),
  callEndTime: z.int().nullable(),
  lvResult: z.string(),
  phoneDialed: z.string(),
  termCodeName: z.string().nullable(),
});

/** `GET /sandbox/agents`; passwords are not shown. */
export function readAgents({ world }: Exchange): Answer {
  const agents = world.agents.list().map(({ passwords: _, services, skills, ...shown }) => ({
    ...shown,
    services: [...services],
    skills: [...skills].map(([id, proficiency]) => ({ id, proficiency })),
  }));
  return json({ agents });
}

/** `PUT /sandbox/agents/{id}`: sets the agent, whatever it was before. */
export function putAgent({ world, params, body }: Exchange): Answer {
  const { password, services, skills, ...set } = parseBody(agentBody, body);
  const changes = {
    ...set,
    ...(password === undefined ? {} : { passwords: [password] }),
    services: new Set(services),
    skills: new Map(skills?.map(({ id, proficiency }) => [id, proficiency])),
  };
  const agent = makeAgent(parsePathId(params['id'], 'Agent'), changes);
  world.agents.put(agent);
  return json({ id: agent.id });
}

/** `PUT /sandbox/agent-skills/{id}` */
export function putAgentSkill({ world, params, body }: Exchange): Answer {
  const id = parsePathId(params['id'], 'Agent skill');
  world.agentSkills.put({ clientId, ...parseBody(skillBody, body), id });
  return json({ id });
}

/** `GET /sandbox/services` */
export function readServices({ world }: Exchange): Answer {
  return json({ services: world.services.list() });
}

/** `PUT /sandbox/services/{id}` */
export function putService({ world, params, body }: Exchange): Answer {
  const id = parsePathId(params['id'], 'Service');
  world.services.put({ clientId, ...parseBody(serviceBody, body), id });
  return json({ id });
}

/** `GET /sandbox/calls` */
export function readCalls({ world }: Exchange): Answer {
  return json({ calls: world.calls.list() });
}

/** `POST /sandbox/calls`: sets one call; without an end it is running. */
export function putCall({ world, body }: Exchange): Answer {
  const call = parseBody(callBody, body);
  world.calls.put(call);
  return json(call, 201);
}
