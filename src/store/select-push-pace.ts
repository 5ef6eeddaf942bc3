/**
 * What is known of the pace of each endpoint: how long its last requests took, and how many contacts LiveVox lets them carry.
 * Indexes: change_sets_by_tenant, the keys of sync.chunks and sync.chunk_sizes.
 */
import type { Endpoint } from '../contact/index.ts';
import type { Queryable } from './connection.ts';

/** Older plans and calls tell of a LiveVox that may have changed since. */
const lookedAtPlans = 50;
const lookedAtCalls = 200;

export type PushPace = Readonly<Partial<Record<Endpoint, EndpointKnown>>>;

type EndpointKnown = {
  /** Median milliseconds from sending to the answer; undefined when no call was answered. */
  readonly msPerCall: number | undefined;
  /** Contacts in a request, at most; undefined when LiveVox has taught none. */
  readonly sizeRows: number | undefined;
};

type Row = { readonly endpoint: Endpoint; readonly msPerCall: number | null; readonly sizeRows: number | null };

/** The pace of the bulk methods or, with `single`, of the methods for a single contact. An endpoint of which nothing is known is missing. */
export async function selectPushPace(
  db: Queryable,
  tenant: string,
  { single }: { readonly single: boolean },
): Promise<PushPace> {
  const found = await db.query<Row>(
    `with answered as (
       select c.endpoint, extract(epoch from c.answered_at - c.sent_at) * 1000 as ms,
              row_number() over (partition by c.endpoint order by c.sent_at desc) as age
         from (select id from sync.change_sets where tenant = $1 order by created_at desc limit $2) s
         join sync.chunks c on c.change_set_id = s.id
        where c.sent_at <= c.answered_at and (c.single = $4 or c.endpoint = 'delete_contact')
     ), paces as (
       select endpoint, percentile_cont(0.5) within group (order by ms) as ms from answered where age <= $3 group by endpoint
     )
     select endpoint, p.ms::float8 as "msPerCall", z.size_rows as "sizeRows"
       from paces p full join (select endpoint, size_rows from sync.chunk_sizes where tenant = $1) z using (endpoint)`,
    [tenant, lookedAtPlans, lookedAtCalls, single],
  );
  return Object.fromEntries(
    found.rows.map(({ endpoint, msPerCall, sizeRows }) => [
      endpoint,
      { msPerCall: msPerCall ?? undefined, sizeRows: sizeRows ?? undefined },
    ]),
  );
}
