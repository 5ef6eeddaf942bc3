/**
 * Notes which of the changes that a merge found are our own: of patches that were sent and not seen yet, the fields that changed to what we
 * had sent. Not seen yet means without a verdict, or not taken within the last day (LiveVox may take a request late), or
 * confirmed by a keyed read, so that the newest merged pull is older than the answer.
 * Costs one look at the open change sets when there are none; else it reads their patches and the rows of their accounts.
 * Index: change_sets_by_tenant, patches_by_chunk, the key of mirror.contacts.
 */
import { type ContactField, findField } from '../contact/index.ts';
import type { Queryable } from './connection.ts';
import type { MergeInput } from './merge-frame.ts';
import { pulledAt } from './select-unread.ts';

const sentPatches = `
  select p.account, p.changes, s.created_at, p.seq
    from sync.change_sets s
    join sync.chunks c on c.change_set_id = s.id and c.state in ('sent', 'accepted', 'in_doubt')
    join sync.patches p on p.change_set_id = c.change_set_id and p.chunk_seq = c.seq
   where s.tenant = $1
     and (s.state in ('pushing', 'pushed') or s.ended_at > clock_timestamp() - interval '1 day')
     and (p.verdict is null or p.verdict = 'not_taken' or p.verdict = 'confirmed' and c.answered_at > ${pulledAt})`;

/** Sets `changed_by` and `pushed_fields` of `pg_temp.found`. */
export async function markPushed(client: Queryable, { stage, tenant }: MergeInput): Promise<void> {
  const sent = await client.query<{ name: string }>(
    `select distinct k.name from (${sentPatches}) p cross join lateral jsonb_object_keys(p.changes) as k (name)`,
    [tenant],
  );
  const fields = sent.rows.flatMap(({ name }) => findField(name) ?? []);
  if (fields.length === 0) return;
  await client.query(
    `update pg_temp.found f
        set changed_by = 'push', pushed_fields = x.fields
       from (select m.ctid as held_at, array_remove(array[${fields.map(toShownField).join(', ')}], null) as fields
               from (select p.account, jsonb_object_agg(e.field, e.values -> 1 order by p.created_at, p.seq) as sent
                       from (${sentPatches}) p cross join lateral jsonb_each(p.changes) as e (field, values)
                      group by p.account) p
               join ${stage.table} s on s.account = p.account
               join mirror.contacts m on m.tenant = $1 and m.account = p.account) x
      where f.held_at = x.held_at and x.fields <> '{}'`,
    [tenant],
  );
}

/** The field's name when it changed to what was sent. Names come from the catalogue. */
function toShownField(field: ContactField): string {
  const { name, column } = field;
  const wanted = field.type === 'boolean' ? `coalesce(p.sent ->> '${name}', 'false')` : `p.sent ->> '${name}'`;
  return `case when p.sent ? '${name}' and m.${column} is distinct from s.${column}
                and ${toCanonicalText(field)} is not distinct from ${wanted} then '${name}' end`;
}

/** SQL for what the mirror would show, in the spelling of a patch. */
function toCanonicalText(field: ContactField): string {
  const value = `s.${field.column}`;
  if (field.ordinal !== undefined && field.type === 'text') {
    return `nullif(right(regexp_replace(${value}, '\\D', '', 'g'), 10), '')`;
  }
  switch (field.type) {
    case 'boolean':
      return `coalesce(${value}, false)::text`;
    case 'numeric':
      return `trim_scale(${value})::text`;
    case 'date':
      return `to_char(${value}, 'YYYY-MM-DD')`;
    case 'text':
      return `nullif(trim(normalize(${value})), '')`;
    default:
      return `${value}::text`;
  }
}
