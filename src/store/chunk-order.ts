/**
 * The order in which the kinds of patch leave: blocks by DND, blocks by update, creates, updates, deactivations, deletions, lifts by update,
 * lifts by DND. Planning numbers the patches of one account in the same order (diff/plan.ts), so of one account the lower number
 * is the earlier step; the number of a chunk says nothing of that, because the parts of a chunk get numbers after all others.
 */

/** SQL for the place of a patch's or a chunk's kind in the order of sending, from 1; `row` is the alias of its table. */
export function toRankSql(row: string): string {
  return `
  case when ${row}.operation = 'block' and ${row}.endpoint = 'multi_dnd' then 1
       when ${row}.operation = 'block' then 2
       when ${row}.operation = 'create' then 3
       when ${row}.operation = 'update' then 4
       when ${row}.operation = 'deactivate' then 5
       when ${row}.operation = 'delete' then 6
       when ${row}.endpoint = 'bulk_update' then 7
       else 8 end`;
}
