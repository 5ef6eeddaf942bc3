/**
 * A patch: what should change on one contact, in one step of the push. Plain data, in canonical values.
 */

/** A field's canonical value: text in one spelling per meaning; null when the field is empty. */
export type CanonicalValue = string | null;

/** Field (vendor name) → [from, to]. Blocks are the two booleans of the CSV (`accountBlock`, `accountBlockDaily`). */
export type Changes = Readonly<Record<string, readonly [from: CanonicalValue, to: CanonicalValue]>>;

/**
 * Field (vendor name) → value that a request carries: the changed fields, and what must go with them (`active`, all phones).
 * `accountBlock` and `phoneNBlock` hold a DND verb here (`PERMANENT`, `DAILY_OFF`, …), everything else a canonical value.
 */
export type Sends = Readonly<Record<string, CanonicalValue>>;

/**
 * Blocks and withdrawn consents leave first, lifts last. `deactivate` and `delete` are for contacts that a complete system of record no
 * longer has; a deactivation that it asks for in a row of its own is a `block`.
 */
export type Operation = 'block' | 'create' | 'update' | 'lift' | 'deactivate' | 'delete';

export type Endpoint = 'bulk_create' | 'bulk_update' | 'multi_dnd' | 'delete_contact';

export type Patch = {
  readonly account: string;
  /** LiveVox's id of the contact (digits); undefined for a create. */
  readonly lvAccountId?: string;
  readonly changes: Changes;
} & (
  | { readonly operation: Operation; readonly endpoint: Endpoint; readonly sends: Sends }
  /** A difference no request can carry, e.g. clearing a date. Reported, never dropped in silence. */
  | { readonly operation: 'not_expressible' }
);
