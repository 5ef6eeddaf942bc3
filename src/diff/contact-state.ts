/**
 * What the planner compares: a contact as the mirror shows it and as the system of record wants it, in canonical values.
 * An empty boolean column means false: no block, no consent, not active. A daily block counts only while it is in force,
 * which whoever reads the mirror decides; here it is simply true or false.
 */
import type { CanonicalValue } from '../contact/index.ts';

export type MirrorContact = {
  readonly account: string;
  /** LiveVox's id of the contact; undefined when the mirror has none. */
  readonly lvAccountId: string | undefined;
  /** Version of the mirror row, opaque. */
  readonly mergedAt: string;
  /** Field name → canonical value, for every field that a plan may touch. */
  readonly values: Readonly<Record<string, CanonicalValue>>;
  /** Phone numbers as LiveVox spells them, by field name: a DND request has to name the number LiveVox knows. */
  readonly rawPhones: Readonly<Record<string, CanonicalValue>>;
};

export type DesiredContact = {
  readonly account: string;
  /** Only the fields the system of record speaks for; null: it says there is no value. */
  readonly fields: Readonly<Record<string, CanonicalValue>>;
};

/** The four switches of a phone; undefined: the system of record does not say. */
export type PhoneWish = {
  readonly permanent: boolean | undefined;
  readonly daily: boolean | undefined;
  readonly cellConsent: boolean | undefined;
  readonly smsConsent: boolean | undefined;
};

export type PhoneSwitches = { readonly [K in keyof PhoneWish]: boolean };

export const switchFields = {
  permanent: (ordinal: number): string => `phone${ordinal}Block`,
  daily: (ordinal: number): string => `phone${ordinal}BlockDaily`,
  cellConsent: (ordinal: number): string => `phone${ordinal}CellConsent`,
  smsConsent: (ordinal: number): string => `phone${ordinal}SmsConsent`,
} as const;

/** true/false of a boolean field in the mirror. */
export function isSet(mirror: MirrorContact, field: string): boolean {
  return mirror.values[field] === 'true';
}

/** What the system of record says of a boolean field; undefined when it does not say. */
export function toWish(desired: DesiredContact, field: string): boolean | undefined {
  const value = desired.fields[field];
  return value === undefined || value === null ? undefined : value === 'true';
}

export function toPhoneSwitches(mirror: MirrorContact, ordinal: number): PhoneSwitches {
  return {
    permanent: isSet(mirror, switchFields.permanent(ordinal)),
    daily: isSet(mirror, switchFields.daily(ordinal)),
    cellConsent: isSet(mirror, switchFields.cellConsent(ordinal)),
    smsConsent: isSet(mirror, switchFields.smsConsent(ordinal)),
  };
}

export function toPhoneWish(desired: DesiredContact, ordinal: number): PhoneWish {
  return {
    permanent: toWish(desired, switchFields.permanent(ordinal)),
    daily: toWish(desired, switchFields.daily(ordinal)),
    cellConsent: toWish(desired, switchFields.cellConsent(ordinal)),
    smsConsent: toWish(desired, switchFields.smsConsent(ordinal)),
  };
}

/** 'true' or 'false', the canonical text of a boolean. */
export function toText(value: boolean): 'true' | 'false' {
  return value ? 'true' : 'false';
}
