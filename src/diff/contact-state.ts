/**
 * What the planner compares: a contact as the mirror shows it and as the system of record wants it, in canonical values.
 * An empty boolean column means false: no block, no consent, not active. A daily block counts only while it is in force,
 * which whoever reads the mirror decides; here it is simply true or false.
 */
import type { CanonicalValue } from '../contact/index.ts';
import type { PatchCauses } from './planned.ts';

export type MirrorContact = {
  readonly account: string;
  /** LiveVox's id of the contact; undefined when the mirror has none. */
  readonly lvAccountId: string | undefined;
  /** Version of the mirror row, opaque. */
  readonly mergedAt: string;
  /** When LiveVox last changed the contact, ISO 8601 in UTC; null when it does not say. */
  readonly modifyDate: string | null;
  /** Field name → canonical value, for every field that a plan may touch. */
  readonly values: Readonly<Record<string, CanonicalValue>>;
  /** Phone numbers as LiveVox spells them, by field name: a DND request has to name the number LiveVox knows. */
  readonly rawPhones: Readonly<Record<string, CanonicalValue>>;
};

export type DesiredContact = {
  readonly account: string;
  /** Only the fields the system of record speaks for; null: it says there is no value. */
  readonly fields: Readonly<Record<string, CanonicalValue>>;
  /** When the system of record last changed the row, ISO 8601 in UTC; undefined when it does not say. */
  readonly changedAt?: string | undefined;
  /** Fields that the policy put there, not the contact's own row: why. */
  readonly causes?: PatchCauses | undefined;
};

/** The four switches of a phone. */
export type PhoneSwitches = {
  readonly permanent: boolean;
  readonly daily: boolean;
  readonly cellConsent: boolean;
  readonly smsConsent: boolean;
};

/** What the switches should be; undefined: not ours to touch. */
export type PhoneWish = { readonly [K in keyof PhoneSwitches]: boolean | undefined };

export const switchKeys = ['permanent', 'daily', 'cellConsent', 'smsConsent'] as const;

/** The value of each switch that makes the person less diallable. */
export const restrictive: PhoneSwitches = { permanent: true, daily: true, cellConsent: false, smsConsent: false };

/** Vendor names of a phone's switches. */
export function phoneFields(ordinal: number): Readonly<Record<keyof PhoneWish, string>> {
  return {
    permanent: `phone${ordinal}Block`,
    daily: `phone${ordinal}BlockDaily`,
    cellConsent: `phone${ordinal}CellConsent`,
    smsConsent: `phone${ordinal}SmsConsent`,
  };
}

/** true/false of a boolean field in the mirror. */
export function isSet(mirror: MirrorContact, field: string): boolean {
  return mirror.values[field] === 'true';
}

/** What the system of record says of a boolean field; undefined when it does not say. */
export function toWish(desired: DesiredContact, field: string): boolean | undefined {
  const value = desired.fields[field];
  return value === undefined || value === null ? undefined : value === 'true';
}

/** 'true' or 'false', the canonical text of a boolean. */
export function toText(value: boolean): 'true' | 'false' {
  return value ? 'true' : 'false';
}
