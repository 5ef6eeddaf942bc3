/**
 * The client of one tenant's LiveVox: the session methods, and a namespace per resource with one function per vendor method.
 * It keeps to the vendor's advice (one call in flight per method), repeats only what may be repeated, and says of every write whether it
 * was taken, refused, or nobody knows. Errors are those of errors.ts; no error and no log line holds a secret.
 */
import { type Clock, systemClock } from '../clock.ts';
import type { LiveVoxCredentials } from '../config.ts';
import { ConfigError } from '../errors.ts';
import { type Log, silentLog } from '../log.ts';
import { type AgentSkills, makeAgentSkills } from './agent-skills.ts';
import { type Agents, makeAgents } from './agents.ts';
import { Calls, type RequestWatch } from './calls.ts';
import { type ContactGroups, makeContactGroups } from './contact-groups.ts';
import { type ContactNotes, makeContactNotes } from './contact-notes.ts';
import { type Contacts, makeContacts } from './contacts.ts';
import { type CustomFields, makeCustomFields } from './custom-fields.ts';
import { Http } from './http.ts';
import { makeProcessSlots } from './process-slots.ts';
import { makeRealtime, type Realtime } from './realtime.ts';
import { fetchServerNow, isSessionValid } from './server-clock.ts';
import { makeProcessSessionStore } from './session.ts';
import { makeSharedSessionStore, type SharedSessions } from './shared-session.ts';
import type { SharedSlots } from './shared-slots.ts';
import { type Limits, makeSlotBook, toLanesName } from './slot-book.ts';
import { vendorMethods } from './vendor-methods.ts';

export type LiveVoxOptions = {
  /** Scheme, host and port, e.g. `https://api.livevox.com`; plain http to loopback only. */
  readonly baseUrl: string;
  readonly credentials: LiveVoxCredentials;
  /** IANA zone of the tenant: dates go out as midnight there. */
  readonly timeZone: string;
  /** Most calls in flight per vendor method name, fewer while LiveVox has trouble. @default 1 each, the vendor's advice */
  readonly inFlight?: Readonly<Record<string, number>>;
  /** Longest wait for a whole answer; in a download, between two bytes. Milliseconds. @default 60_000 */
  readonly requestTimeoutMs?: number;
  /** @default the system's */
  readonly clock?: Clock;
  /** @default keeps nothing */
  readonly log?: Log;
  /** For the jitter of waits; in [0, 1). @default Math.random */
  readonly random?: () => number;
  /** Most request starts per window, by vendor method name. @default none; what a 429 teaches holds then */
  readonly limits?: Limits;
  /** Where the session id is kept, sealed. @default this process alone */
  readonly sharedSessions?: SharedSessions;
  /** Where the slots of all who call as this user are kept. @default this process alone */
  readonly sharedSlots?: SharedSlots;
  /** Told of each request that leaves, and of its end. @default nobody */
  readonly watch?: RequestWatch | undefined;
};

export class LiveVoxClient {
  // One namespace per resource, in the order of the vendor's pages; made at the end of the constructor.
  readonly contacts: Contacts;
  readonly contactGroups: ContactGroups;
  readonly contactNotes: ContactNotes;
  readonly customFields: CustomFields;
  readonly agents: Agents;
  readonly agentSkills: AgentSkills;
  readonly realtime: Realtime;

  readonly #calls: Calls;

  /** @throws ConfigError when the base URL or a number of calls in flight cannot be used. */
  constructor(options: LiveVoxOptions) {
    const { baseUrl, credentials, clock = systemClock, inFlight = {}, limits = {} } = options;
    const { log = silentLog, random = Math.random } = options;
    assertKnownMethods({ inFlight, limits });
    const slots = options.sharedSlots ?? makeProcessSlots(clock);
    const sessions = options.sharedSessions;
    const calls = new Calls({
      http: new Http(baseUrl, options.requestTimeoutMs ?? 60_000),
      credentials,
      inFlight,
      slotBook: makeSlotBook({ slots, limits, lanes: toLanesName(baseUrl, credentials) }),
      sessionStore: sessions ? makeSharedSessionStore({ sessions, baseUrl, credentials }) : makeProcessSessionStore(),
      clock,
      log,
      random,
      watch: options.watch,
    });
    this.#calls = calls;
    // The namespaces, one line each.
    this.contacts = makeContacts(calls, options.timeZone);
    this.contactGroups = makeContactGroups(calls);
    this.contactNotes = makeContactNotes(calls);
    this.customFields = makeCustomFields(calls);
    this.agents = makeAgents(calls);
    this.agentSkills = makeAgentSkills(calls);
    this.realtime = makeRealtime(calls, { clock, random, log });
  }

  /** Requests sent so far by vendor method name (`Login`, `Bulk Contact Download`, …); repeated ones count each time. */
  get requestCounts(): Readonly<Record<string, number>> {
    return this.#calls.requestCounts;
  }

  /** Login: makes sure there is a session. Every other method does so by itself. @throws FatalError when refused. */
  async login(signal?: AbortSignal): Promise<void> {
    await this.#calls.session.current(signal);
  }

  /** IsSessionValid: whether the session in use is alive; false when there is none. */
  isSessionValid(): Promise<boolean> {
    return isSessionValid(this.#calls);
  }

  /** Logout: ends the session - also that of every other worker with the same user and token. */
  logout(): Promise<void> {
    return this.#calls.session.logout();
  }

  /** The instant it is by LiveVox's clock (`Date` header of IsSessionValid), to the second. */
  fetchServerNow(signal?: AbortSignal): Promise<Date> {
    return fetchServerNow(this.#calls, signal);
  }

  /** Closes the sockets; a write under way ends as `unknown`. Never logs out: the session belongs to other workers as well. */
  close(): Promise<void> {
    return this.#calls.close();
  }
}

/** A misspelt name would leave its method at the default without a word. */
function assertKnownMethods(options: Readonly<Record<string, object>>): void {
  const known = vendorMethods.map(({ name }) => name);
  const problems = Object.entries(options).flatMap(([option, methods]) =>
    Object.keys(methods)
      .filter((name) => !known.includes(name))
      .map((name) => `${option} names "${name}", which is no method: use one of ${known.join(', ')}`),
  );
  if (problems.length > 0) throw new ConfigError(problems);
}
