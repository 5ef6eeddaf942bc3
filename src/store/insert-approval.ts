/**
 * Notes that a person lets a held plan through, bound to its seal, and moves the plan to `approved` when enough different people have. One
 * transaction; locks the change set's row, so that two people at once are counted as two.
 */
import { type Store, withTransaction } from './connection.ts';
import { insertAudit } from './insert-audit.ts';
import { countApprovals } from './select-approvals.ts';

export type NewApproval = {
  readonly tenant: string;
  readonly changeSetId: string;
  /** What the person approves; another seal than the plan's is not stored. */
  readonly seal: string;
  /** As the person named themselves, in one spelling (no space at the ends). */
  readonly by: string;
  readonly reason: string;
};

export type Approved =
  /** `given` of `needed` people have approved; the plan is `approved` when that is enough. */
  | { readonly kind: 'noted'; readonly given: number; readonly needed: number }
  /** The same person has approved this plan before. */
  | { readonly kind: 'repeated' }
  /** The plan is not held any more, has expired, or bears another seal. */
  | { readonly kind: 'moved' };

export async function insertApproval(store: Store, approval: NewApproval): Promise<Approved> {
  const { tenant, changeSetId, seal, by, reason } = approval;
  return withTransaction(store, async (client): Promise<Approved> => {
    const locked = await client.query<{ needed: number }>(
      `select coalesce((select max((h ->> 'approvers')::int) from jsonb_array_elements(holds) h), 1) as needed
         from sync.change_sets
        where id = $1 and tenant = $2 and seal = $3 and state = 'held' and expires_at > clock_timestamp()
          for update`,
      [changeSetId, tenant, seal],
    );
    const needed = locked.rows[0]?.needed;
    if (needed === undefined) return { kind: 'moved' };
    const noted = await client.query(
      `insert into sync.approvals (change_set_id, seal, approved_by, reason) values ($1, $2, $3, $4) on conflict do nothing`,
      [changeSetId, seal, by, reason],
    );
    if (noted.rowCount === 0) return { kind: 'repeated' };
    const given = await countApprovals(client, changeSetId, seal);
    if (given >= needed)
      await client.query(`update sync.change_sets set state = 'approved' where id = $1`, [changeSetId]);
    const detail = `lvsync approve, ${given} of ${needed}, seal ${seal}`;
    await insertAudit(client, { tenant, actor: by, action: 'approved', changeSetId, detail });
    return { kind: 'noted', given, needed };
  });
}
