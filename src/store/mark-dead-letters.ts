/**
 * Notes what a person decided about dead letters: send them again, or leave it at that. All of those named or none, in one transaction with its
 * line in sync.audit. Rows are locked in the order of their ids, and no more than the update does: plans under way may refer to them meanwhile.
 * By primary key.
 */
import type { Operation } from '../contact/index.ts';
import { type Queryable, type Store, withTransaction } from './connection.ts';
import { insertAudit } from './insert-audit.ts';
import type { DeadLetter } from './select-dead-letters.ts';

export type DeadLetterDecision = {
  readonly tenant: string;
  /** Digits; each once. */
  readonly ids: readonly string[];
  readonly decision: 'retry' | 'drop';
  /** The person, as they named themselves. */
  readonly by: string;
  /** Why; without personal data. */
  readonly reason?: string | undefined;
};

export type DeadLettersDecided =
  | { readonly kind: 'marked' }
  /** The tenant has no such letters; nothing was marked. */
  | { readonly kind: 'unknown'; readonly ids: readonly string[] }
  /** They are resolved: there is nothing left to decide. */
  | { readonly kind: 'resolved'; readonly ids: readonly string[] }
  /** They are blocks or withdrawn consents, which are sent with every plan and cannot be dropped. */
  | { readonly kind: 'stops'; readonly ids: readonly string[] };

type Locked = { readonly id: string; readonly state: DeadLetter['state']; readonly operation: Operation };

const stateOf = { retry: 'retry', drop: 'dropped' } as const;
const actionOf = { retry: 'retried', drop: 'dropped' } as const;

export async function markDeadLetters(store: Store, decided: DeadLetterDecision): Promise<DeadLettersDecided> {
  return withTransaction(store, async (client): Promise<DeadLettersDecided> => {
    const { tenant, ids, decision, by, reason } = decided;
    const letters = await lockLetters(client, tenant, ids);
    const against = findObjection(letters, decided);
    if (against !== undefined) return against;
    await client.query(
      `update sync.dead_letters set state = $2, decided_by = $3, decided_because = $4 where id = any ($1::bigint[])`,
      [ids, stateOf[decision], by, reason ?? null],
    );
    const detail = [`lvsync dead ${decision} ${ids.join(' ')}`, ...(reason === undefined ? [] : [reason])].join(': ');
    await insertAudit(client, { tenant, actor: by, action: actionOf[decision], detail });
    return { kind: 'marked' };
  });
}

async function lockLetters(client: Queryable, tenant: string, ids: readonly string[]): Promise<readonly Locked[]> {
  const locked = await client.query<Locked>(
    `select id::text, state, operation from sync.dead_letters d
      where tenant = $1 and id = any ($2::bigint[]) order by d.id for no key update`,
    [tenant, ids],
  );
  return locked.rows;
}

function findObjection(
  letters: readonly Locked[],
  { ids, decision }: DeadLetterDecision,
): DeadLettersDecided | undefined {
  const toIds = (found: readonly Locked[]): readonly string[] => found.map(({ id }) => id);
  const known = new Set(toIds(letters));
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length > 0) return { kind: 'unknown', ids: unknown };
  const resolved = toIds(letters.filter(({ state }) => state === 'resolved'));
  if (resolved.length > 0) return { kind: 'resolved', ids: resolved };
  const stops = decision === 'drop' ? toIds(letters.filter(({ operation }) => operation === 'block')) : [];
  return stops.length > 0 ? { kind: 'stops', ids: stops } : undefined;
}
