/**
 * The part of a desired contact that makes a person less diallable: blocks that are on, consents and `active` that are off.
 * A row of the system of record that cannot be used for another reason still counts for this much: a mistyped balance must not
 * keep an opt-out from the dialler.
 */
import { findField } from './fields.ts';
import type { CanonicalValue } from './patch.ts';

/** The restricting fields among `fields`; empty when there are none. */
export function toRestrictions(fields: Readonly<Record<string, CanonicalValue>>): Record<string, CanonicalValue> {
  return Object.fromEntries(Object.entries(fields).filter(([name, value]) => isRestricting(name, value)));
}

/** Whether a value of a yes/no field makes a person less diallable; false for every other field. */
export function isRestricting(name: string, value: CanonicalValue | undefined): boolean {
  if (findField(name)?.type !== 'boolean') return false;
  return name.endsWith('Block') || name.endsWith('BlockDaily') ? value === 'true' : value === 'false';
}
