/** Notes a tenant with its time zone, which the views need. By primary key; locks the tenant's row. A zone unknown to Postgres is refused. */
import type { Queryable } from './connection.ts';

export async function markTenant(db: Queryable, tenant: string, timeZone: string): Promise<void> {
  await db.query(
    `insert into mirror.tenants (tenant, time_zone) values ($1, $2)
     on conflict (tenant) do update set time_zone = excluded.time_zone`,
    [tenant, timeZone],
  );
}
