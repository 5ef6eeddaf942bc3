/** Reads dead letters of a tenant, the latest refusal first. There are few: each was searched for by itself. Index: the unique key of the table. */
import type { Endpoint, Operation } from '../contact/index.ts';
import type { Queryable } from './connection.ts';

export type DeadLetter = {
  /** Digits, as commands take it. */
  readonly id: string;
  readonly account: string;
  readonly operation: Operation;
  readonly endpoint: Endpoint;
  /** The fields that it would change. */
  readonly fields: readonly string[];
  /** The plan that it was refused in last; null when that is not kept. */
  readonly changeSetId: string | null;
  readonly httpStatus: number | null;
  readonly code: string | null;
  /** LiveVox's words; may quote personal data. */
  readonly message: string | null;
  readonly state: 'open' | 'retry' | 'dropped' | 'resolved';
  readonly times: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly decidedBy: string | null;
  readonly decidedBecause: string | null;
};

export type DeadLetterFilter = {
  readonly tenant: string;
  /** Only these. @default all */
  readonly ids?: readonly string[] | undefined;
  /** Resolved ones as well. @default false, unless ids are given */
  readonly withResolved?: boolean | undefined;
};

export async function selectDeadLetters(db: Queryable, filter: DeadLetterFilter): Promise<readonly DeadLetter[]> {
  const { tenant, ids, withResolved = ids !== undefined } = filter;
  const found = await db.query<DeadLetter>(
    `select id::text, account, operation, endpoint, fields, change_set_id as "changeSetId", http_status as "httpStatus", code, message,
            state, times, first_at as "firstAt", last_at as "lastAt", decided_by as "decidedBy", decided_because as "decidedBecause"
       from sync.dead_letters
      where tenant = $1 and ($2::bigint[] is null or id = any ($2)) and ($3 or state <> 'resolved')
      order by last_at desc, sync.dead_letters.id desc`,
    [tenant, ids ?? null, withResolved],
  );
  return found.rows;
}
