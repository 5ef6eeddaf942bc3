/** Moves a change set through its states. The first by push, the rest by verify. By primary key. */
import type { Queryable } from './connection.ts';

/** A push has begun. False when the change set is in a state that cannot be pushed (held, expired, settled, superseded), or bears no seal. */
export async function markChangeSetPushing(db: Queryable, changeSetId: string): Promise<boolean> {
  const moved = await db.query(
    `update sync.change_sets set state = 'pushing'
      where id = $1 and seal is not null
        and (state = 'pushing' or state in ('planned', 'approved') and (urgent or expires_at > clock_timestamp()))`,
    [changeSetId],
  );
  return moved.rowCount === 1;
}

/** Notes that nobody approved or began it in time; one whose time has not come stays as it is. */
export async function markChangeSetExpired(db: Queryable, changeSetId: string): Promise<void> {
  await db.query(
    `update sync.change_sets set state = 'expired', ended_at = clock_timestamp()
      where id = $1 and state in ('planned', 'held', 'approved') and not urgent and expires_at <= clock_timestamp()`,
    [changeSetId],
  );
}

/** All that could be sent was sent; unless lifts still wait for a read-back, the change set is `pushed`. */
export async function markChangeSetPushed(db: Queryable, changeSetId: string): Promise<void> {
  await db.query(
    `update sync.change_sets s set state = 'pushed'
      where s.id = $1 and s.state = 'pushing'
        and not exists (select from sync.patches p
                         where p.change_set_id = s.id and p.endpoint is not null and p.chunk_seq is null and p.left_out_because is null)
        and not exists (select from sync.chunks c where c.change_set_id = s.id and c.state in ('planned', 'claimed', 'sent'))`,
    [changeSetId],
  );
}
