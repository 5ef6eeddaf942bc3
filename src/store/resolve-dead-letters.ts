/**
 * Closes dead letters that a settled plan has made pointless: LiveVox has been seen to take a later change of the same fields, or a complete
 * reading of the system of record does not ask for the change any more. A plan whose reading set a row aside says nothing of that
 * contact; one of another system of record, a revert or an urgent plan says nothing at all. Locked in the order of their ids, as whoever decides on
 * them does (mark-dead-letters.ts). Index: patches_by_account, quarantine_by_run.
 */
import type { Queryable } from './connection.ts';
import { toSendsDigest } from './sends-digest.ts';

/** A deletion changes no field: confirmed, it is what was refused. */
const hasArrived = `
  exists (select from sync.patches p
           where p.change_set_id = s.id and p.account = d.account and p.endpoint = d.endpoint
             and p.verdict = 'confirmed' and p.verdict_at > d.last_at
             and (d.fields = '{}' or p.changes ?| d.fields))`;

const isWantedNoMore = `
  (s.policy ->> 'isComplete' = 'true' and not s.urgent and s.reverts is null and s.created_at > d.last_at
   and s.system_of_record = (select o.system_of_record from sync.change_sets o where o.id = d.change_set_id)
   and not exists (select from sync.patches p
                    where p.change_set_id = s.id and p.account = d.account and p.endpoint = d.endpoint
                      and ${toSendsDigest('p.sends')} = d.sends_digest)
   and not exists (select from sync.quarantine q
                    where q.run_id = s.run_id and q.origin = 'system_of_record' and coalesce(q.account, d.account) = d.account))`;

/** Called when a plan has its end, in the transaction that notes it. Returns how many letters it closed. */
export async function resolveDeadLetters(db: Queryable, tenant: string, changeSetId: string): Promise<number> {
  const resolved = await db.query(
    `with due as materialized (
       select d.id from sync.dead_letters d, sync.change_sets s
        where s.id = $2 and s.tenant = $1 and d.tenant = $1 and d.state <> 'resolved'
          and (${hasArrived} or ${isWantedNoMore})
        order by d.id for no key update of d
     )
     update sync.dead_letters d set state = 'resolved' from due where d.id = due.id`,
    [tenant, changeSetId],
  );
  return resolved.rowCount ?? 0;
}
