/**
 * Which fields a stop can be on: lasting blocks, and consents that can be withdrawn. Not the daily blocks, which end by themselves, and
 * not `active`, which is no word of the person.
 */
import { contactFields } from './fields.ts';
import { isBlockOrConsent } from './owner.ts';

export type StopKind = 'block' | 'consent';

export type StopField = {
  /** The vendor's name. */
  readonly name: string;
  /** The column in `mirror.contacts`. */
  readonly column: string;
  readonly kind: StopKind;
  /** The value with which the person is stopped: a block is on, a consent off. */
  readonly stopped: 'true' | 'false';
};

/** Every field that a person can be stopped by, and that we can write. */
export const stopFields: readonly StopField[] = contactFields
  .filter((field) => field.writable && isBlockOrConsent(field) && !field.name.endsWith('BlockDaily'))
  .map(({ name, column }) =>
    name.endsWith('Block')
      ? { name, column, kind: 'block', stopped: 'true' }
      : { name, column, kind: 'consent', stopped: 'false' },
  );
