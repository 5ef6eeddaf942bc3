/**
 * What an agent's and a service's day looks like in numbers: durations in seconds and counts, plausible and the same for
 * the same seed, agent and service, however often they are asked for.
 */
import { type Dice, pick, roll, toHash } from './dice.ts';

const agentPurpose = 74;
const servicePurpose = 75;

const agentStates = [
  { stateId: 2, state: 'Ready' },
  { stateId: 3, state: 'Not Ready' },
  { stateId: 4, state: 'In Call' },
  { stateId: 5, state: 'Wrap Up' },
] as const;

export type AgentDay = ReturnType<typeof makeAgentDay>;

/** The day of one agent in one service. */
export function makeAgentDay(seed: number, agentId: number, serviceId: number) {
  const dice: Dice = { state: toHash(seed ^ serviceId, agentId, agentPurpose) };
  const notReady = {
    notReadyLunchDuration: roll(dice, 1800),
    notReadyTrainingDuration: 0,
    notReadyBreakDuration: roll(dice, 900),
    notReadyMeetingDuration: 0,
    notReadyTechDiffDuration: 0,
    notReadyOtherDuration: roll(dice, 600),
  };
  const now = pick(dice, agentStates);
  return {
    isLoggedIn: roll(dice, 3) > 0,
    now,
    /** How long the agent has been in that state. */
    stateAgeMs: roll(dice, 900_000),
    counts: {
      inboundCalls: roll(dice, 20),
      outboundCalls: roll(dice, 40),
      readyDuration: roll(dice, 7200),
      totalNotReadyDuration: Object.values(notReady).reduce((sum, seconds) => sum + seconds, 0),
      ...notReady,
      wrapupDuration: roll(dice, 1200),
      talkDuration: roll(dice, 7200),
      rpcComplete: roll(dice, 10),
      rpcIncomplete: roll(dice, 5),
      wpc: roll(dice, 5),
      nonContacts: roll(dice, 30),
    },
  };
}

/** The day of one service. */
export function makeServiceDay(seed: number, serviceId: number) {
  const dice: Dice = { state: toHash(seed, serviceId, servicePurpose) };
  const totalHandled = roll(dice, 400);
  const totalAbandoned = roll(dice, 40);
  const totalOffered = totalHandled + totalAbandoned;
  const averageTalkDuration = 60 + roll(dice, 240);
  const averageWrapupDuration = roll(dice, 60);
  const loaded = 500 + roll(dice, 2000);
  const remaining = roll(dice, loaded);
  return {
    cip: roll(dice, 20),
    totalOffered,
    totalHandled,
    totalAbandoned,
    abandonRate: totalOffered === 0 ? 0 : Math.round((100 * totalAbandoned) / totalOffered),
    serviceLevel: 80 + roll(dice, 20),
    averageSpeedOfAnswer: roll(dice, 30),
    averageDurationToAbandon: roll(dice, 60),
    averageTalkDuration,
    averageWrapupDuration,
    averageHandleDuration: averageTalkDuration + averageWrapupDuration,
    totalCallsAnsweredWithinSLA: roll(dice, totalHandled + 1),
    totalCallsAbandonedWithinSLA: roll(dice, totalAbandoned + 1),
    totalCallsInQueue: roll(dice, 5),
    longestCallInQueue: roll(dice, 5000),
    maxHoldTime: 30,
    loaded,
    remaining,
    playingDialable: roll(dice, remaining + 1),
    percentComplete: Math.round((100 * (loaded - remaining)) / loaded),
    liveConnects: Array.from({ length: 6 }, () => roll(dice, 15)),
    callsOnHold: roll(dice, 3),
  };
}
