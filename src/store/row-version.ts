/**
 * The version of a mirror row as text: when it was merged, in UTC with microseconds, whatever the session's zone and style. Plans seal it,
 * and the push reads it again by the same expression.
 */

/** SQL for the version text of a timestamptz column or expression. */
export function toVersionSql(expression: string): string {
  return `to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`;
}
