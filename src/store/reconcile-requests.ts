/** What queued reconciles were asked for: the accounts are personal data, so the job carries an id. By primary key. */
import type { Queryable } from './connection.ts';

export type ReconcileRequest = {
  readonly tenant: string;
  /** null: all contacts. */
  readonly accounts: readonly string[] | null;
  readonly apply: boolean;
  /** null: the only one. */
  readonly systemOfRecord: string | null;
};

/** The id for the job. */
export async function insertReconcileRequest(db: Queryable, request: ReconcileRequest): Promise<string> {
  const inserted = await db.query<{ id: string }>(
    `insert into sync.reconciles (id, tenant, accounts, apply, system_of_record)
     values (gen_random_uuid(), $1, $2, $3, $4) returning id`,
    [request.tenant, request.accounts, request.apply, request.systemOfRecord],
  );
  return inserted.rows[0]!.id;
}

/** Undefined: it has been cleared away. */
export async function selectReconcileRequest(
  db: Queryable,
  tenant: string,
  id: string,
): Promise<ReconcileRequest | undefined> {
  const found = await db.query<ReconcileRequest>(
    `select tenant, accounts, apply, system_of_record as "systemOfRecord" from sync.reconciles where tenant = $1 and id = $2`,
    [tenant, id],
  );
  return found.rows[0];
}
