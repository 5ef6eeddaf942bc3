/** What a plan says of one contact, and under which rules it was made. Plain data. */
import type { Owner, Patch } from '../contact/index.ts';

/** Side effects that a person should look at before the plan goes out. */
export const hazards = [
  /** An update that turns `active` off. */
  'deactivates',
  /** A phone number goes and none takes its place. */
  'drops_phone',
  /** A number moves to another ordinal. */
  'shifts_ordinals',
  /** A lasting block becomes a daily one, or none. */
  'downgrades_permanent',
  /** A value becomes empty. */
  'clears_field',
] as const;

export type Hazard = (typeof hazards)[number];

/** Field → why it changes, where that is not the contact's own row of the system of record. */
export type PatchCauses = Readonly<Record<string, PatchCause>>;

/** A revocation on the same number of another contact. */
type PatchCause = { readonly kind: 'fan_out'; readonly account: string; readonly field: string };

/** A patch that carries a request. */
export type SendingPatch = Exclude<Patch, { operation: 'not_expressible' }>;

export type PlannedPatch = Patch & {
  readonly hazards: readonly Hazard[];
  /** How much harm it could do: 0 none, 100 the most. */
  readonly risk: number;
  readonly causes?: PatchCauses | undefined;
};

export type PlanPolicy = {
  /** `active` of a contact we create, where the system of record does not say. */
  readonly createActive: boolean;
  /** Owners by vendor field name, of every mapped field but `account`. */
  readonly owners: Readonly<Record<string, Owner>>;
  /** What becomes of a contact that a complete system of record no longer has. */
  readonly onAbsence: 'nothing' | 'deactivate' | 'delete';
};
