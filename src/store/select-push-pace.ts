/** How long a request of each endpoint took in the tenant's last plans. Indexes: change_sets_by_tenant, the key of sync.chunks. */
import type { Endpoint } from '../contact/index.ts';
import type { Queryable } from './connection.ts';

/** Older plans tell of a LiveVox that may have changed since. */
const lookedAtPlans = 50;

/** Endpoint → mean milliseconds from sending to the answer; an endpoint that was never answered is missing. */
export type PushPace = Readonly<Partial<Record<Endpoint, number>>>;

export async function selectPushPace(db: Queryable, tenant: string): Promise<PushPace> {
  const found = await db.query<{ endpoint: Endpoint; ms: number }>(
    `select c.endpoint, (avg(extract(epoch from c.answered_at - c.sent_at)) * 1000)::float8 as "ms"
       from (select id from sync.change_sets where tenant = $1 order by created_at desc limit $2) s
       join sync.chunks c on c.change_set_id = s.id
      where c.sent_at is not null and c.answered_at is not null
      group by c.endpoint`,
    [tenant, lookedAtPlans],
  );
  return Object.fromEntries(found.rows.map(({ endpoint, ms }) => [endpoint, ms]));
}
