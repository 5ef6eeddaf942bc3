/** The sealed session that processes share: one row of sync.sessions by its primary key. What is sealed, only its client can read. */
import type { Queryable } from './connection.ts';

/** The sealed session of that name; undefined when there is none. */
export async function selectSession(db: Queryable, name: string): Promise<string | undefined> {
  const found = await db.query<{ sealed: string }>(`select sealed from sync.sessions where name = $1`, [name]);
  return found.rows[0]?.sealed;
}

/** Puts a sealed session in the place of the one before. */
export async function mergeSession(db: Queryable, name: string, sealed: string): Promise<void> {
  await db.query(
    `insert into sync.sessions (name, sealed) values ($1, $2)
     on conflict (name) do update set sealed = excluded.sealed, replaced_at = now()`,
    [name, sealed],
  );
}

/** Forgets the session if it is still that one. */
export async function deleteSession(db: Queryable, name: string, sealed: string): Promise<void> {
  await db.query(`delete from sync.sessions where name = $1 and sealed = $2`, [name, sealed]);
}
