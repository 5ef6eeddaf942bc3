/** The agent skills of the client: what an agent can be good at, from 1 to 5. Who has which stands with the agent. */
import { clientId } from './population.ts';

export type AgentSkill = {
  readonly id: number;
  readonly clientId: number;
  name: string;
  description: string;
};

const skills = [
  ['SILVER', 'Accounts of the silver segment'],
  ['GOLD', 'Accounts of the gold segment'],
  ['PLATINUM', 'Accounts of the platinum segment'],
  ['SPANISH', 'Spanish Speaking Agents'],
  ['FRANÇAIS', ''],
  ['Disputes, billing', 'Disputed balances'],
] as const;

/** Six, always the same; new objects each time, because a sandbox changes them. */
export function makeDefaultSkills(): AgentSkill[] {
  return skills.map(([name, description], index) => ({ id: 1021 + index, clientId, name, description }));
}
