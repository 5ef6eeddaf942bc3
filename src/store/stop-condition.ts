/**
 * Which patches are stops: blocks and withdrawn consents, which somebody waits for. The planner makes them patches of the operation `block`;
 * an update may say one of them again while a number moves. A create is none: whom LiveVox does not have, nobody dials.
 */

/** SQL condition on `p`, a row with `operation` and `changes` of sync.patches. */
export const isStop = `(p.operation = 'block' or p.operation = 'update' and exists (
     select from jsonb_each(p.changes) as c (field, change)
      where c.field ~ 'Block(Daily)?$' and c.change ->> 1 = 'true'
         or c.field ~ 'Consent$' and c.change ->> 1 = 'false'))`;
