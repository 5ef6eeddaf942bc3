/**
 * Who owns a field: whose value counts when the system of record and LiveVox differ. Pure.
 */
import { type ContactField, findField } from './fields.ts';

/**
 * - `record`: the system of record wins.
 * - `livevox`: never touched, not even when a contact is created.
 * - `newest`: the side that changed last wins: the row's time of change against the contact's modifyDate.
 * - `only-if-empty`: the system of record fills what is empty, and changes nothing else.
 * - `most-restrictive`: for blocks, consents and `active`: whichever side makes the person less diallable wins.
 */
export const owners = ['record', 'livevox', 'newest', 'only-if-empty', 'most-restrictive'] as const;

export type Owner = (typeof owners)[number];

/** Blocks and consents: what `most-restrictive` is the default of. Not `active`, which is no word of the person. */
export function isBlockOrConsent(field: ContactField): boolean {
  return field.type === 'boolean' && /(?:Block|BlockDaily|Consent)$/.test(field.name);
}

/** The owner of a field where the mapping does not say. */
export function toDefaultOwner(fieldName: string): Owner {
  const field = findField(fieldName);
  return field !== undefined && isBlockOrConsent(field) ? 'most-restrictive' : 'record';
}
