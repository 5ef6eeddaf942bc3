/**
 * Draws the next token of a tenant. From then on nothing that holds an earlier one marks a chunk as sent, and so nothing of it leaves: a
 * process that was held up for minutes and lost its lock meanwhile finds itself passed by. Called with the push lock held. One row by key.
 */
import { FatalError } from '../errors.ts';
import type { Queryable } from './connection.ts';

/** The token of a push; the highest of its tenant may write. Digits. */
export type Fence = { readonly tenant: string; readonly token: string };

export async function takeFence(db: Queryable, tenant: string): Promise<Fence> {
  const drawn = await db.query<{ token: string }>(
    `insert into sync.fences as f (tenant, token) values ($1, 1)
     on conflict (tenant) do update set token = f.token + 1, taken_at = clock_timestamp()
     returning token::text`,
    [tenant],
  );
  return { tenant, token: drawn.rows[0]!.token };
}

/**
 * Holds the token in force until the caller's transaction ends: whoever draws the next one waits for it.
 * @throws FencedError when another process has drawn a later one.
 */
export async function assertFence(db: Queryable, { tenant, token }: Fence): Promise<void> {
  const held = await db.query(`select from sync.fences where tenant = $1 and token = $2::bigint for share`, [
    tenant,
    token,
  ]);
  if (held.rowCount !== 1) throw new FencedError();
}

/** Another process pushes for the tenant by now; this one must not send or note anything any more. */
export class FencedError extends FatalError {
  constructor() {
    super(
      'Another process has taken over this push, because this one was held up for too long; it sends nothing more.',
    );
  }
}
