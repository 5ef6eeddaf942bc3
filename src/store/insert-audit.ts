/** Notes who approved, applied, reverted, decided, or looked at personal data unmasked. sync.audit is only ever added to; nothing is locked. */
import type { Queryable } from './connection.ts';

export type AuditEntry = {
  readonly tenant: string;
  /** The person as they named themselves, else the user of the operating system. */
  readonly actor: string;
  readonly action: 'approved' | 'applied' | 'unmasked' | 'reverted' | 'blocked' | 'retried' | 'dropped' | 'forgotten';
  readonly changeSetId?: string | undefined;
  /** The command and its options, without values of contacts. */
  readonly detail: string;
};

export async function insertAudit(db: Queryable, entry: AuditEntry): Promise<void> {
  await db.query(`insert into sync.audit (tenant, actor, action, change_set_id, detail) values ($1, $2, $3, $4, $5)`, [
    entry.tenant,
    entry.actor,
    entry.action,
    entry.changeSetId ?? null,
    entry.detail,
  ]);
}
