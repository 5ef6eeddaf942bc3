/**
 * The client of one tenant's LiveVox: one method per vendor method, each a line into the file of its resource.
 * It keeps to the vendor's advice (one call in flight per method), repeats only what may be repeated, and says of every write whether it
 * was taken, refused, or nobody knows. Errors are those of errors.ts; no error and no log line holds a secret.
 */
import { type Clock, systemClock } from '../clock.ts';
import type { LiveVoxCredentials } from '../config.ts';
import { ConfigError } from '../errors.ts';
import { type Log, silentLog } from '../log.ts';
import { type BulkDownload, type BulkDownloadRequest, fetchBulkContacts } from './bulk-download.ts';
import { type ContactWrite, sendBulkCreate, sendBulkUpdate } from './bulk-write.ts';
import { Calls } from './calls.ts';
import { type CustomFieldDefinition, fetchCustomFields } from './custom-fields.ts';
import { sendMultipleContactsDnd } from './dnd.ts';
import { Http } from './http.ts';
import { makeProcessSlotBook, type SlotBook } from './lanes.ts';
import { fetchServerNow, isSessionValid } from './server-clock.ts';
import { makeProcessSessionStore, type SessionStore } from './session.ts';
import { vendorMethods } from './vendor-methods.ts';
import type { WriteAnswer } from './write-answer.ts';

export type LiveVoxOptions = {
  /** Scheme, host and port, e.g. `https://api.livevox.com`; plain http to loopback only. */
  readonly baseUrl: string;
  readonly credentials: LiveVoxCredentials;
  /** IANA zone of the tenant: dates go out as midnight there. */
  readonly timeZone: string;
  /** Calls in flight per vendor method name. @default 1 each, the vendor's advice */
  readonly inFlight?: Readonly<Record<string, number>>;
  /** Longest wait for a whole answer; in a download, between two bytes. Milliseconds. @default 60_000 */
  readonly requestTimeoutMs?: number;
  /** @default the system's */
  readonly clock?: Clock;
  /** @default keeps nothing */
  readonly log?: Log;
  /** For the jitter of waits; in [0, 1). @default Math.random */
  readonly random?: () => number;
  /** Where the session id lives. @default this process alone */
  readonly sessionStore?: SessionStore;
  /** When a method's next request may start. @default pauses LiveVox asked for, in this process alone */
  readonly slotBook?: SlotBook;
};

export class LiveVoxClient {
  readonly #calls: Calls;
  readonly #timeZone: string;

  /** @throws ConfigError when the base URL or a number of calls in flight cannot be used. */
  constructor(options: LiveVoxOptions) {
    const { clock = systemClock, inFlight = {} } = options;
    assertKnownMethods(inFlight);
    this.#timeZone = options.timeZone;
    this.#calls = new Calls({
      http: new Http(options.baseUrl, options.requestTimeoutMs ?? 60_000),
      credentials: options.credentials,
      inFlight,
      slotBook: options.slotBook ?? makeProcessSlotBook(clock),
      sessionStore: options.sessionStore ?? makeProcessSessionStore(),
      clock,
      log: options.log ?? silentLog,
      random: options.random ?? Math.random,
    });
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

  /** Bulk Contact Download: starts it and hands over the bytes as received. @throws as every read; see errors.ts. */
  fetchBulkContacts(request: BulkDownloadRequest, signal?: AbortSignal): Promise<BulkDownload> {
    return fetchBulkContacts(this.#calls, request, signal);
  }

  /** List Custom Field: which of COL1..COL100 the tenant uses. */
  fetchCustomFields(signal?: AbortSignal): Promise<readonly CustomFieldDefinition[]> {
    return fetchCustomFields(this.#calls, signal);
  }

  /**
   * Bulk Create Contact. Sent once; only what surely had no effect is repeated.
   * @throws FatalError for a row that cannot be expressed, and like every write only where the request had no effect.
   */
  sendBulkCreate(rows: readonly ContactWrite[], signal?: AbortSignal): Promise<WriteAnswer> {
    return sendBulkCreate(this.#calls, rows, this.#timeZone, signal);
  }

  /** Bulk Update Contact. Every row must send `active`. @throws like `sendBulkCreate`. */
  sendBulkUpdate(rows: readonly ContactWrite[], signal?: AbortSignal): Promise<WriteAnswer> {
    return sendBulkUpdate(this.#calls, rows, this.#timeZone, signal);
  }

  /** Update Multiple Contacts' DND: blocks and consents only; each phone with its number. @throws like `sendBulkCreate`. */
  sendMultipleContactsDnd(rows: readonly ContactWrite[], signal?: AbortSignal): Promise<WriteAnswer> {
    return sendMultipleContactsDnd(this.#calls, rows, this.#timeZone, signal);
  }

  /** Closes the sockets; a write under way ends as `unknown`. Never logs out: the session belongs to other workers as well. */
  close(): Promise<void> {
    return this.#calls.close();
  }
}

/** A misspelt name would leave its method at the default without a word. */
function assertKnownMethods(inFlight: Readonly<Record<string, number>>): void {
  const known = vendorMethods.map(({ name }) => name);
  const unknown = Object.keys(inFlight).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new ConfigError(
    unknown.map((name) => `inFlight names "${name}", which is no method: use one of ${known.join(', ')}`),
  );
}
