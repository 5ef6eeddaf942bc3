/**
 * The session store of all processes: one login at a time over all of them, and the session id sealed at rest with a key that
 * only those have who have the access token and the password. What cannot be opened (another password since) counts as none.
 * Where the sealed text is kept - Postgres, Redis - is the business of `SharedSessions`.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { LiveVoxCredentials } from '../config.ts';
import type { SessionStore } from './session.ts';
import { toLanesName } from './slot-book.ts';

/** Sealed sessions by name, kept where all processes see them. */
export type SharedSessions = {
  readonly read: (name: string) => Promise<string | undefined>;
  readonly write: (name: string, sealed: string) => Promise<void>;
  /** Removes it if it is still that one. */
  readonly remove: (name: string, sealed: string) => Promise<void>;
  /** Runs `work` while nobody else, in any process, does so for that name. */
  readonly withLock: <T>(name: string, work: () => Promise<T>) => Promise<T>;
};

export type SharedSessionOptions = {
  readonly sessions: SharedSessions;
  readonly baseUrl: string;
  readonly credentials: LiveVoxCredentials;
};

export function makeSharedSessionStore({ sessions, baseUrl, credentials }: SharedSessionOptions): SessionStore {
  const name = toSessionName(baseUrl, credentials);
  const { seal, unseal } = makeSeal(name, credentials);
  const read = async (): Promise<string | undefined> => {
    const sealed = await sessions.read(name);
    return sealed === undefined ? undefined : unseal(sealed);
  };
  const replace = (stale: string | undefined, login: () => Promise<string>): Promise<string> =>
    sessions.withLock(name, async () => {
      const stored = await read();
      if (stored !== undefined && stored !== stale) return stored;
      const sessionId = await login();
      await sessions.write(name, seal(sessionId));
      return sessionId;
    });
  let underWay: Promise<string> | undefined;
  return {
    read,
    replace: (stale, login) => {
      underWay ??= replace(stale, login).finally(() => {
        underWay = undefined;
      });
      return underWay;
    },
    forget: async (sessionId) => {
      const sealed = await sessions.read(name);
      if (sealed !== undefined && unseal(sealed) === sessionId) await sessions.remove(name, sealed);
    },
  };
}

/** LiveVox gives each user and token a session of its own; the token is named by its fingerprint. */
function toSessionName(baseUrl: string, credentials: LiveVoxCredentials): string {
  const fingerprint = createHmac('sha256', credentials.accessToken.reveal()).update('session name').digest('hex');
  return `${toLanesName(baseUrl, credentials)} ${fingerprint.slice(0, 12)}`;
}

type Seal = {
  readonly seal: (text: string) => string;
  /** undefined when it was sealed with another key, for another name, or changed since. */
  readonly unseal: (sealed: string) => string | undefined;
};

const ivBytes = 12;
const tagBytes = 16;

/** AES-256-GCM; the name is authenticated as well, so that a sealed text opens in its own row only. */
function makeSeal(name: string, { accessToken, password }: LiveVoxCredentials): Seal {
  const secret = JSON.stringify([accessToken.reveal(), password.reveal()]);
  const key = Buffer.from(hkdfSync('sha256', secret, name, 'livevox-sync session', 32));
  return {
    seal: (text) => {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(name));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64');
    },
    unseal: (sealed) => {
      const bytes = Buffer.from(sealed, 'base64');
      try {
        const options = { authTagLength: tagBytes };
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes), options);
        decipher.setAAD(Buffer.from(name)).setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
        const body = decipher.update(bytes.subarray(ivBytes + tagBytes));
        return Buffer.concat([body, decipher.final()]).toString('utf8');
      } catch {
        return undefined;
      }
    },
  };
}
