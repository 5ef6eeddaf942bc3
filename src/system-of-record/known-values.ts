/**
 * What is known of the client besides its contacts, as far as a mapping needs it: custom fields with their labels, types and allowed
 * values, groups and agents that exist. It comes out of the mirror, so that opening a system of record needs no LiveVox.
 */
import { type CanonicalValue, type ContactField, toCanonical } from '../contact/index.ts';

type KnownCustomField = {
  /** `COL1` … `COL100`. */
  readonly field: string;
  readonly label: string;
  /** NUMBER, STRING, DATE, BOOLEAN or LIST. */
  readonly dataType: string;
  /** Allowed values of a LIST. */
  readonly listValues?: readonly string[];
};

export type KnownValues = {
  /** Empty before the first pull. */
  readonly customFields: readonly KnownCustomField[];
  /** undefined: never read. */
  readonly groups: readonly { readonly id: number; readonly name: string }[] | undefined;
  /** undefined: never read. */
  readonly agents: readonly { readonly id: number; readonly loginId: string }[] | undefined;
};

/** Why a canonical value cannot be what LiveVox would take; undefined when it can. Never quotes the value. */
export type Check = (value: CanonicalValue) => string | undefined;

/** How the values of a field are read. */
export type FieldOptions = Parameters<typeof toCanonical>[2];

/** What the values of a field are held against besides its type; undefined when there is nothing. */
export function makeCheck(field: ContactField, known: KnownValues, options: FieldOptions): Check | undefined {
  if (field.name === 'groupId') return makeIdCheck(known.groups, 'no contact group has this id');
  if (field.name === 'agentId') return makeIdCheck(known.agents, 'no agent has this id');
  const custom = known.customFields.find((one) => one.field === field.name);
  if (custom?.dataType !== 'LIST' || custom.listValues === undefined || custom.listValues.length === 0)
    return undefined;
  const allowed = new Set<CanonicalValue>([null]);
  for (const text of custom.listValues) {
    const read = toCanonical(field, text, options);
    if (read.ok) allowed.add(read.value);
  }
  return (value) => (allowed.has(value) ? undefined : "not among the values of the client's list for this field");
}

function makeIdCheck(list: readonly { readonly id: number }[] | undefined, reason: string): Check | undefined {
  if (list === undefined) return undefined;
  const ids = new Set(list.map(({ id }) => String(id)));
  return (value) => (value === null || ids.has(value) ? undefined : reason);
}

/** Text as the canonical values have it. */
export function toPlainText(text: string): string {
  return text.normalize('NFC').trim();
}
