/**
 * The agents of the client. An agent logs in with its loginId, always upper case, and its password; too many wrong
 * passwords lock it until an Update Agent unlocks it. Twenty to start with, whose ids are among those the generated
 * contacts name.
 */
import type { SandboxUser } from '../session-book.ts';
import type { AgentSkill } from './agent-skills.ts';
import { chance, type Dice, pick, roll, toHash } from './dice.ts';
import { firstNames, lastNames } from './pools.ts';
import { clientId } from './population.ts';
import { isAcdService, type Service } from './services.ts';

export type Agent = {
  readonly id: number;
  readonly clientId: number;
  loginId: string;
  firstName: string;
  lastName: string;
  phone: string;
  /** Seconds; -1 for unlimited. */
  wrapUpTime: number;
  homeAgent: boolean;
  active: boolean;
  locked: boolean;
  failedLogins: number;
  /** Epoch ms. */
  lastLogin: number | null;
  lastLoginIp: string | null;
  /** Newest first; the first is the one in use. */
  passwords: readonly string[];
  passwordLastModified: number;
  readonly services: Set<number>;
  /** Proficiency 1..5 by id of the skill. */
  readonly skills: Map<number, number>;
};

/** The password of every generated agent. */
const defaultPassword = 'agent-password-1';
/** The last of the twenty is the agent of the vendor's Bulk Create example; the generated contacts name these ids. */
const firstAgentId = 657_530_652;
const defaultAgents = 20;
const purpose = 71;
const allowedFailures = 5;
const dayMs = 86_400_000;

export type AgentPopulation = {
  readonly seed: number;
  /** Epoch ms; nothing of an agent is younger. */
  readonly asOf: number;
  readonly services: readonly Service[];
  readonly skills: readonly AgentSkill[];
};

/** An agent with nothing assigned, as it is right after its creation. */
export function makeAgent(id: number, changes: Partial<Agent> = {}): Agent {
  return {
    id,
    clientId,
    loginId: `AGENT${id}`,
    firstName: 'Agent',
    lastName: String(id),
    phone: '5555550100',
    wrapUpTime: -1,
    homeAgent: false,
    active: true,
    locked: false,
    failedLogins: 0,
    lastLogin: null,
    lastLoginIp: null,
    passwords: [defaultPassword],
    passwordLastModified: 0,
    services: new Set(),
    skills: new Map(),
    ...changes,
  };
}

/** The same seed gives the same twenty; their dates move with `asOf`. */
export function makeDefaultAgents(population: AgentPopulation): Agent[] {
  return Array.from({ length: defaultAgents }, (_, index) => makeDefaultAgent(index, population));
}

function makeDefaultAgent(index: number, { seed, asOf, services, skills }: AgentPopulation): Agent {
  const dice: Dice = { state: toHash(seed, index, purpose) };
  const acd = services.filter(isAcdService);
  const own = acd[index % acd.length];
  return makeAgent(firstAgentId + index, {
    loginId: `AGENT${String(index + 1).padStart(2, '0')}`,
    firstName: pick(dice, firstNames),
    lastName: pick(dice, lastNames),
    phone: `617555${String(1000 + roll(dice, 9000))}`,
    wrapUpTime: pick(dice, [-1, 30, 60, 120]),
    homeAgent: chance(dice, 40),
    active: index !== defaultAgents - 1,
    locked: index === defaultAgents - 2,
    lastLogin: index === 0 ? null : asOf - roll(dice, 30) * dayMs,
    lastLoginIp: index === 0 ? null : `192.0.2.${1 + roll(dice, 250)}`,
    passwordLastModified: asOf - 30 * dayMs - roll(dice, 60) * dayMs,
    services: new Set([...(own === undefined ? [] : [own.id]), ...(chance(dice, 30) ? acd.map(({ id }) => id) : [])]),
    skills: new Map(skills.filter(() => chance(dice, 35)).map(({ id }) => [id, 1 + roll(dice, 5)])),
  });
}

const usersByAgent = new WeakMap<Agent, SandboxUser>();

/** The agent as a user of the session methods; the same object each time, because a session belongs to it. */
function toUser(agent: Agent): SandboxUser {
  const user = usersByAgent.get(agent) ?? { userName: agent.loginId, password: '', role: 'Agent' };
  usersByAgent.set(agent, user);
  return user;
}

export type AgentLogin = { readonly loginId: string; readonly password: string; readonly now: number };

/** An agent's login. Undefined when nobody has that loginId and password, or the agent is locked or not active. */
export function loginAgent(agents: readonly Agent[], { loginId, password, now }: AgentLogin): SandboxUser | undefined {
  const agent = agents.find((one) => one.loginId === loginId.toUpperCase());
  if (agent === undefined || agent.locked || !agent.active) return undefined;
  if (agent.passwords[0] !== password) {
    agent.failedLogins += 1;
    agent.locked = agent.failedLogins >= allowedFailures;
    return undefined;
  }
  agent.failedLogins = 0;
  agent.lastLogin = now;
  agent.lastLoginIp = '127.0.0.1';
  return toUser(agent);
}
