/**
 * How many contacts a bulk request may carry, as LiveVox has taught, per tenant and endpoint. An endpoint without a row has never been
 * too large. Written by the tenant's push alone, under its fence. By primary key.
 */
import type { Endpoint } from '../contact/index.ts';
import type { Queryable } from './connection.ts';

export type ChunkSize = {
  /** Contacts in a request, at most. */
  readonly sizeRows: number;
  /** Requests of that size that were accepted since it changed last. */
  readonly acceptedInARow: number;
};

/** What was learnt, by endpoint. */
export async function selectChunkSizes(db: Queryable, tenant: string): Promise<ReadonlyMap<Endpoint, ChunkSize>> {
  const found = await db.query<ChunkSize & { readonly endpoint: Endpoint }>(
    `select endpoint, size_rows as "sizeRows", accepted_in_a_row as "acceptedInARow" from sync.chunk_sizes where tenant = $1`,
    [tenant],
  );
  return new Map(found.rows.map(({ endpoint, ...size }) => [endpoint, size]));
}

/** Remembers a size, or another request of it that was accepted; `reason` only where the size itself changes. */
export async function markChunkSize(
  db: Queryable,
  key: { readonly tenant: string; readonly endpoint: Endpoint },
  { sizeRows, acceptedInARow, reason }: ChunkSize & { readonly reason?: string | undefined },
): Promise<void> {
  await db.query(
    `insert into sync.chunk_sizes as s (tenant, endpoint, size_rows, accepted_in_a_row, reason) values ($1, $2, $3, $4, coalesce($5, ''))
     on conflict (tenant, endpoint) do update
       set size_rows = $3, accepted_in_a_row = $4, reason = coalesce($5, s.reason),
           changed_at = case when s.size_rows = $3 then s.changed_at else clock_timestamp() end`,
    [key.tenant, key.endpoint, sizeRows, acceptedInARow, reason ?? null],
  );
}
