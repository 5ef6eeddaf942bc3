/**
 * Who is logged in. The same user with the same access token gets the same session as long as it lives, which is two
 * hours after its last use; another token gets another session. Asking whether a session is valid does not prolong it.
 * A changed role shows after five minutes in the sessions there are, at once in those opened later.
 */
import { randomUUID } from 'node:crypto';

export const roles = ['Sysadmin', 'Superuser', 'Manager', 'IT User', 'Report Admin', 'Auditor', 'Agent'] as const;
export type Role = (typeof roles)[number];

export type SandboxUser = {
  readonly userName: string;
  readonly password: string;
  readonly role: Role;
  /** False for a Manager without the power of that name. @default true */
  readonly administersAgents?: boolean;
};

export type Session = {
  readonly id: string;
  readonly user: SandboxUser;
  readonly token: string;
  /** How often the user's role had been changed when it was opened. */
  readonly roleChanges: number;
  lastUsedAt: number;
};

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
  /** The role that counts in the session now. */
  readonly roleOf: (session: Session) => Role;
  /** The role the user has been given last. */
  readonly roleGiven: (user: SandboxUser) => Role;
  /** Gives the user another role from now on. */
  readonly giveRole: (user: SandboxUser, role: Role) => void;
};

type RoleChange = { readonly role: Role; readonly at: number };

const idleMs = 2 * 3_600_000;
/** So long a changed role does not show in a session. */
const roleDelayMs = 5 * 60_000;

export function makeSessionBook(now: () => number): SessionBook {
  const sessions = new Map<string, Session>();
  const changes = new Map<SandboxUser, readonly RoleChange[]>();
  const changesOf = (user: SandboxUser): readonly RoleChange[] => changes.get(user) ?? [];
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
    const roleChanges = changesOf(user).length;
    const session: Session = { id: randomUUID(), user, token, roleChanges, lastUsedAt: now() };
    sessions.set(session.id, session);
    return session;
  };
  const closeAll = (): number => {
    const live = listLive().length;
    sessions.clear();
    return live;
  };
  const roleOf = ({ user, roleChanges }: Session): Role => {
    const shown = changesOf(user).filter(({ at }, index) => index < roleChanges || at <= now() - roleDelayMs);
    return shown.at(-1)?.role ?? user.role;
  };
  return {
    open,
    find,
    use,
    close: (id) => find(id) !== undefined && sessions.delete(id),
    closeAll,
    roleOf,
    roleGiven: (user) => changesOf(user).at(-1)?.role ?? user.role,
    giveRole: (user, role) => {
      changes.set(user, [...changesOf(user), { role, at: now() }]);
    },
  };
}
