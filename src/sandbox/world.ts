/**
 * Everything a sandbox holds: its clock, its contacts, its sessions, its moods. Handlers get it whole; two sandboxes in
 * one process share nothing.
 */
import { type ClientZone, dayMs, makeClientZone } from './client-zone.ts';
import { type Dialect, defaultDialect } from './dialect.ts';
import { type FaultBook, makeFaultBook } from './faults.ts';
import { type AgentSkill, makeDefaultSkills } from './model/agent-skills.ts';
import { type Agent, makeDefaultAgents } from './model/agents.ts';
import { type CallBook, makeCallBook } from './model/calls.ts';
import { type ContactBook, makeContactBook } from './model/contact-book.ts';
import { type GroupBook, makeGroupBook } from './model/contact-groups.ts';
import { makeNoteBook, type NoteBook } from './model/contact-notes.ts';
import { type CustomFieldBook, makeCustomFieldBook } from './model/custom-field-book.ts';
import { type EventBook, makeEventBook } from './model/events.ts';
import { type LateCommits, makeLateCommits } from './model/late-commits.ts';
import { clientId, makePopulation } from './model/population.ts';
import { makeRecordBook, type RecordBook } from './model/record-book.ts';
import { defaultServices, type Service } from './model/services.ts';
import { makeWriteHistory, type WriteHistory } from './model/write-history.ts';
import { type Limits, makeRateLimits, type RateLimits } from './rate-limits.ts';
import { makeRequestLog, type RequestLog } from './request-log.ts';
import { makeSessionBook, type SandboxUser, type SessionBook } from './session-book.ts';
import { type ContactBodies, makeContactBodies } from './wire/contact-details.ts';

/** How the feeds keep their readers waiting, milliseconds. */
type FeedTimes = {
  /** How long a request without news is held. */
  readonly holdMs: number;
  /** How often a stream without news says that it lives. */
  readonly keepAliveMs: number;
  /** After how long without news a stream ends. */
  readonly idleMs: number;
};

export type WorldOptions = {
  readonly contacts: number;
  readonly seed: number;
  readonly dialect: Partial<Dialect>;
  readonly timeZone: string;
  readonly clientName: string;
  readonly users: readonly SandboxUser[];
  readonly accessTokens: readonly string[];
  readonly feedTimes: FeedTimes;
  readonly limits: Limits;
  /** Whether every write is kept. */
  readonly keepsWrites: boolean;
  readonly now: () => number;
};

export type World = {
  /** The sandbox's own clock, epoch ms. */
  readonly now: () => number;
  /** The client's calendar day it is now. */
  readonly today: () => number;
  readonly setClockOffset: (offsetMs: number) => void;
  readonly zone: ClientZone;
  readonly contacts: ContactBook;
  /** The contacts for those who read, and for writes that are seen late. */
  readonly lateCommits: LateCommits;
  /** Every write; undefined where they are not kept. */
  readonly writes: WriteHistory | undefined;
  readonly groups: GroupBook;
  readonly notes: NoteBook;
  readonly customFields: CustomFieldBook;
  readonly agents: RecordBook<Agent>;
  readonly agentSkills: RecordBook<AgentSkill>;
  readonly services: RecordBook<Service>;
  readonly calls: CallBook;
  readonly events: EventBook;
  readonly feedTimes: FeedTimes;
  /** Whether the user may see that client: the one of the login, and those an agent, a skill or a service was set for. */
  readonly hasClient: (id: number) => boolean;
  /** Whether a write may name that agent. */
  readonly hasAgent: (id: number) => boolean;
  readonly seed: number;
  /** What was generated is as of this instant, epoch ms. */
  readonly asOf: number;
  readonly sessions: SessionBook;
  readonly faults: FaultBook;
  readonly limits: RateLimits;
  readonly log: RequestLog;
  readonly bodies: ContactBodies;
  readonly clientName: string;
  readonly users: readonly SandboxUser[];
  readonly accessTokens: readonly string[];
  dialect: Dialect;
};

/** @throws RangeError when the time zone is none. */
export function makeWorld(options: WorldOptions): World {
  let offsetMs = 0;
  const now = (): number => options.now() + offsetMs;
  const zone = makeClientZone(options.timeZone);
  // Whole days, so that a sandbox started again the same day has the same contacts.
  const asOf = (Math.floor(options.now() / dayMs) - 1) * dayMs;
  const population = makePopulation({ size: options.contacts, seed: options.seed, asOf });
  const today = (): number => zone.dayOf(now());
  const writes = options.keepsWrites ? makeWriteHistory(now, today) : undefined;
  const book = makeContactBook(population);
  const contacts = writes === undefined ? book : writes.noted(book);
  const events = makeEventBook(now);
  const workforce = makeWorkforce(options.seed, asOf, now);
  return {
    now,
    today,
    setClockOffset: (ms) => {
      offsetMs = ms;
      events.wake();
    },
    zone,
    contacts,
    lateCommits: makeLateCommits(contacts, now),
    writes,
    groups: makeGroupBook(asOf),
    notes: makeNoteBook(population, options.seed),
    customFields: makeCustomFieldBook(zone),
    ...workforce,
    events,
    feedTimes: options.feedTimes,
    hasAgent: workforce.agents.has,
    seed: options.seed,
    asOf,
    sessions: makeSessionBook(now),
    faults: makeFaultBook(),
    limits: makeRateLimits(options.limits),
    log: makeRequestLog(),
    bodies: makeContactBodies(zone),
    clientName: options.clientName,
    users: options.users,
    accessTokens: options.accessTokens,
    dialect: { ...defaultDialect, ...options.dialect },
  };
}

/** Agents, what they can do and whom they work for. */
function makeWorkforce(seed: number, asOf: number, now: () => number) {
  const services = makeRecordBook<Service>(defaultServices, { asOf, now });
  const agentSkills = makeRecordBook<AgentSkill>(makeDefaultSkills(), { asOf, now });
  const people = makeDefaultAgents({ seed, asOf, services: services.list(), skills: agentSkills.list() });
  const agents = makeRecordBook<Agent>(people, { asOf, now });
  const hasClient = (id: number): boolean =>
    id === clientId ||
    [services, agentSkills, agents].some((book) => book.list().some((record) => record.clientId === id));
  return { services, agentSkills, agents, calls: makeCallBook(seed, asOf, services.list()), hasClient };
}
