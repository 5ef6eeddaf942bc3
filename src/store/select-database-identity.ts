/**
 * Which database this is, whatever name or address it is reached by: servers have an identifier of their own, databases a
 * number on their server. A copy of the server's files keeps it, a dump restored elsewhere does not. Any role may ask.
 */
import type { Queryable } from './connection.ts';

/** The same text for the same database; different for any other. */
export async function selectDatabaseIdentity(db: Queryable): Promise<string> {
  const result = await db.query<{ identity: string }>(
    `select control.system_identifier || '/' || database.oid as identity
       from pg_control_system() as control, pg_database as database
      where database.datname = current_database()`,
  );
  return result.rows[0]?.identity ?? '';
}
