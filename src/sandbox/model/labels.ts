/**
 * The display labels of the CSV header. The vendor's page prints two (`Account`, `Account Due Date`); the others here
 * are plausible. Custom fields go by the client's own labels, so a label may stand twice and identifies nothing.
 */
import { columnNames } from './columns.ts';
import type { CustomField } from './custom-fields.ts';

const printed: Readonly<Record<string, string>> = {
  account: 'Account',
  dueDate: 'Account Due Date',
  accountBlock: 'Account DND',
  accountBlockDaily: 'Account Daily DND',
  accountEmailBlock: 'Account Email DND',
  lvAccountId: 'LV Account ID',
  ssn: 'SSN',
  balance: 'Account Balance',
  primarySMSConsent: 'Primary SMS Consent',
};

const standardLabels = columnNames.map(toLabel);

function toLabel(name: string): string {
  const label = printed[name];
  if (label !== undefined || name.startsWith('COL')) return label ?? name;
  const words = name.replace(/([a-z])([A-Z0-9])/g, '$1 $2').replace(/(\d)([A-Z])/g, '$1 $2');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The label of each field, by position. */
export function toColumnLabels(customFields: readonly CustomField[]): readonly string[] {
  const customLabels = new Map(customFields.map(({ field, label }) => [field, label]));
  return columnNames.map((name, position) => customLabels.get(name) ?? standardLabels[position] ?? name);
}
