/** What of a plan has not left yet and still would, by operation and endpoint: they never share a request. Reads the plan's patches once. */
import type { Endpoint, Operation } from '../contact/index.ts';
import type { Queryable } from './connection.ts';

export type Unsent = { readonly operation: Operation; readonly endpoint: Endpoint; readonly rows: number };

/** In the order of sending. */
export async function selectUnsent(db: Queryable, changeSetId: string): Promise<readonly Unsent[]> {
  const found = await db.query<Unsent>(
    `select p.operation, p.endpoint, count(*)::int as "rows"
       from sync.patches p
       left join sync.chunks c on c.change_set_id = p.change_set_id and c.seq = p.chunk_seq
      where p.change_set_id = $1 and p.endpoint is not null and p.left_out_because is null and p.verdict is null
        and (p.chunk_seq is null or c.state in ('planned', 'claimed'))
      group by p.operation, p.endpoint
      order by array_position(array['block', 'create', 'update', 'deactivate', 'delete', 'lift'], p.operation), p.endpoint`,
    [changeSetId],
  );
  return found.rows;
}
