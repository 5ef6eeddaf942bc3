/**
 * The LiveVox session of one tenant: Login, IsSessionValid, Logout. One login at a time, however many calls find the session gone.
 * LiveVox gives the same session to the same user and token, so it belongs to every worker at once: it is kept in a store
 * that may be shared, replaced only by comparing with the stale one, and never ended by closing a client.
 * A session dies after two hours without use. The logout path is our assumption and stands here only.
 */
import type { LiveVoxCredentials } from '../config.ts';
import { FatalError } from '../errors.ts';
import type { Log } from '../log.ts';
import { orAborted } from './deadline.ts';
import type { Reply } from './reply.ts';
import { toReplyError } from './reply-error.ts';
import type { CallInput, VendorMethod } from './vendor-method.ts';
import { loginAnswer } from './wire.ts';

export const loginMethod: VendorMethod = { name: 'Login', verb: 'POST', kind: 'read' };
export const isSessionValidMethod: VendorMethod = { name: 'IsSessionValid', verb: 'GET', kind: 'read' };
export const logoutMethod: VendorMethod = { name: 'Logout', verb: 'PUT', kind: 'update' };

const passwordWarningDays = 7;

/** Where the session id lives. A store shared by processes holds a lock while `login` runs. */
export type SessionStore = {
  /** The session id in use; undefined before the first login. */
  readonly read: () => Promise<string | undefined>;
  /** When the stored id is no longer `stale`, somebody has replaced it already: gives theirs. Else what `login` gives, stored. */
  readonly replace: (stale: string | undefined, login: () => Promise<string>) => Promise<string>;
  /** Forgets the id if it is still this one. */
  readonly forget: (sessionId: string) => Promise<void>;
};

export type SessionDeps = {
  /** Sends one request of a session method, without a session header. */
  readonly send: (method: VendorMethod, input: CallInput, signal?: AbortSignal) => Promise<Reply>;
  readonly credentials: LiveVoxCredentials;
  readonly store: SessionStore;
  readonly origin: string;
  readonly log: Log;
};

export class Session {
  readonly #deps: SessionDeps;
  readonly #lifetime = new AbortController();
  #lastId: string | undefined;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
  }

  /** The session id in use; logs in when there is none. */
  async current(signal?: AbortSignal): Promise<string> {
    return (await this.peek()) ?? (await this.renew(undefined, signal));
  }

  /**
   * A session other than the stale one.
   * @throws FatalError when LiveVox refuses the credentials; RetriableError when it cannot be asked.
   */
  async renew(stale: string | undefined, signal?: AbortSignal): Promise<string> {
    // The login serves everybody who waits for it, so one caller's abort must not end it.
    const renewal = this.#deps.store.replace(stale, () => this.#login());
    this.#lastId = await orAborted(renewal, signal);
    return this.#lastId;
  }

  /** Asks LiveVox about a session; the reply is `not_found` or `session_refused` when it is over. */
  ask(sessionId: string, signal?: AbortSignal): Promise<Reply> {
    return this.#deps.send(
      isSessionValidMethod,
      { path: `/session/validate/${encodeURIComponent(sessionId)}` },
      signal,
    );
  }

  /** Ends the session for everybody who shares it, if there is one. */
  async logout(): Promise<void> {
    const sessionId = await this.peek();
    if (sessionId === undefined) return;
    const reply = await this.#deps.send(logoutMethod, {
      path: `/session/logout/${encodeURIComponent(sessionId)}`,
      body: {},
    });
    if (!['done', 'not_found', 'session_refused'].includes(reply.kind)) {
      throw toReplyError(reply, { method: logoutMethod.name, origin: this.#deps.origin });
    }
    await this.#deps.store.forget(sessionId);
  }

  /** The session id in use, without a login; undefined when there is none. */
  async peek(): Promise<string | undefined> {
    const sessionId = await this.#deps.store.read();
    this.#lastId = sessionId ?? this.#lastId;
    return sessionId;
  }

  /** The last id this process has seen, so that it can be taken out of what the vendor quotes. */
  get lastId(): string | undefined {
    return this.#lastId;
  }

  /** Stops a login under way. */
  close(): void {
    this.#lifetime.abort(new FatalError('The LiveVox client was closed: make a new one'));
  }

  async #login(): Promise<string> {
    const { credentials, log } = this.#deps;
    const input = {
      path: '/session/login',
      headers: { 'LV-Access': credentials.accessToken.reveal() },
      body: {
        clientName: credentials.clientName,
        userName: credentials.userName,
        password: credentials.password.reveal(),
      },
    };
    const reply = await this.#deps.send(loginMethod, input, this.#lifetime.signal);
    const { sessionId, daysUntilPasswordExpires: days } = this.#readLogin(reply);
    log.info('livevox.logged_in', { httpStatus: reply.httpStatus });
    if (days !== undefined && days <= passwordWarningDays) log.warn('livevox.password_expires', { days });
    return sessionId;
  }

  #readLogin(reply: Reply): { sessionId: string; daysUntilPasswordExpires?: number } {
    const tenant = this.#deps.credentials.clientName;
    if (['session_refused', 'forbidden', 'refused', 'not_found'].includes(reply.kind)) {
      throw new FatalError(refusalOf(reply, tenant), {
        facts: { method: loginMethod.name, httpStatus: reply.httpStatus },
      });
    }
    if (reply.kind !== 'done') throw toReplyError(reply, { method: loginMethod.name, origin: this.#deps.origin });
    const answer = loginAnswer.safeParse(reply.body);
    if (answer.success) return answer.data;
    throw new FatalError(
      `LiveVox at ${this.#deps.origin} answered a login without a session id: check LIVEVOX_BASE_URL`,
    );
  }
}

/** A session store of this process alone. */
export function makeProcessSessionStore(): SessionStore {
  let stored: string | undefined;
  let underWay: Promise<string> | undefined;
  return {
    read: async () => stored,
    replace: (stale, login) => {
      if (underWay !== undefined) return underWay;
      if (stored !== undefined && stored !== stale) return Promise.resolve(stored);
      underWay = login()
        .then((sessionId) => {
          stored = sessionId;
          return sessionId;
        })
        .finally(() => {
          underWay = undefined;
        });
      return underWay;
    },
    forget: async (sessionId) => {
      if (stored === sessionId) stored = undefined;
    },
  };
}

function refusalOf(reply: Reply, tenant: string): string {
  const check = 'check LIVEVOX_CLIENT_NAME, LIVEVOX_USERNAME, LIVEVOX_PASSWORD and LIVEVOX_ACCESS_TOKEN';
  if (reply.kind === 'not_found')
    return `LiveVox has no login at this address (HTTP 404) for tenant ${tenant}: check LIVEVOX_BASE_URL`;
  const words = reply.kind === 'refused' ? ` (${reply.message})` : '';
  return `LiveVox refused the credentials of tenant ${tenant}${words}: ${check}`;
}
