/** What a check of `lvsync doctor` finds: one sentence, how bad it is, and what to do. Never a secret, never a contact's data. */

export type Level = 'ok' | 'warn' | 'fail' | 'skipped';

export type Finding = {
  readonly level: Level;
  /** The tenant, where it is about one. */
  readonly tenant?: string;
  /** One sentence. */
  readonly says: string;
  /** What to do; where something is. */
  readonly todo?: string;
};

export function ok(says: string): Finding {
  return { level: 'ok', says };
}

/** It works, and may stop to. */
export function warn(says: string, todo: string): Finding {
  return { level: 'warn', says, todo };
}

/** Something that is needed does not work. Errors of ours say themselves what to do. */
export function fail(says: string, todo?: string): Finding {
  return { level: 'fail', says, todo };
}

/** It could not be looked at, because of something else that is told elsewhere. */
export function skipped(says: string): Finding {
  return { level: 'skipped', says };
}
