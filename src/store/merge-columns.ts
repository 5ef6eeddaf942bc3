/** The columns of a contact as lists for the statements of a merge. Names come from the field catalogue alone, never from input. */
import { contactFields } from '../contact/index.ts';

/** Everything LiveVox says about a contact but its account, in the order of the catalogue. */
export const dataColumns: readonly string[] = contactFields
  .filter((field) => field.name !== 'account')
  .map((field) => field.column);

/** `m.due_date, m.account_to_speak, …` for the prefix `m.`. */
export function listColumns(prefix = ''): string {
  return dataColumns.map((column) => `${prefix}${column}`).join(', ');
}
