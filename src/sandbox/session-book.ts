/**
 * Who is logged in. The same user with the same access token gets the same session as long as it lives, which is two
 * hours after its last use; another token gets another session. Asking whether a session is valid does not prolong it.
 */
import { randomUUID } from 'node:crypto';

export type Role = 'Sysadmin' | 'Superuser' | 'Manager' | 'IT User' | 'Agent';

export type SandboxUser = {
  readonly userName: string;
  readonly password: string;
  readonly role: Role;
};

export type Session = { readonly id: string; readonly user: SandboxUser; readonly token: string; lastUsedAt: number };

export type SessionBook = {
  /** The live session of that user and token, or a new one. */
  readonly open: (user: SandboxUser, token: string) => Session;
  /** The session when it lives, without using it. */
  readonly find: (id: string) => Session | undefined;
  /** The session when it lives; its two hours begin again. */
  readonly use: (id: string) => Session | undefined;
  /** False when there was none. */
  readonly close: (id: string) => boolean;
  /** Ends all sessions and returns how many lived. */
  readonly closeAll: () => number;
};

const idleMs = 2 * 3_600_000;

export function makeSessionBook(now: () => number): SessionBook {
  const sessions = new Map<string, Session>();
  const find = (id: string): Session | undefined => {
    const session = sessions.get(id);
    if (session === undefined || now() - session.lastUsedAt < idleMs) return session;
    sessions.delete(id);
    return undefined;
  };
  const use = (id: string): Session | undefined => {
    const session = find(id);
    if (session !== undefined) session.lastUsedAt = now();
    return session;
  };
  const listLive = (): Session[] => [...sessions.keys()].flatMap((id) => find(id) ?? []);
  const open = (user: SandboxUser, token: string): Session => {
    const live = listLive().find((session) => session.user === user && session.token === token);
    if (live !== undefined) return use(live.id) ?? live;
    const session: Session = { id: randomUUID(), user, token, lastUsedAt: now() };
    sessions.set(session.id, session);
    return session;
  };
  const closeAll = (): number => {
    const live = listLive().length;
    sessions.clear();
    return live;
  };
  return { open, find, use, close: (id) => find(id) !== undefined && sessions.delete(id), closeAll };
}
