/**
 * The policy of a plan, looked up once: which fields are planned and who owns them. What a contact costs then depends on the mapped
 * fields, not on the 214 there are. A field without an owner is not touched, except for blocks and consents, which a policy may bring in for
 * contacts whose mapping lacks them: those have their default owner.
 */
import { contactFields, isBlockOrConsent, type Owner, phoneOrdinals, toDefaultOwner } from '../contact/index.ts';
import { ConfigError } from '../errors.ts';
import { type PhoneSwitches, type PhoneWish, phoneFields } from './contact-state.ts';
import type { PlanPolicy } from './planned.ts';

type PlainRule = {
  readonly name: string;
  readonly owner: Owner;
  /** An empty string clears a text; how to clear a number or a date the vendor does not say. */
  readonly isClearable: boolean;
};

export type PhoneRule = {
  readonly ordinal: number;
  readonly number: string;
  /** Field names of its switches. */
  readonly fields: Readonly<Record<keyof PhoneWish, string>>;
  readonly numberOwner: Owner;
  readonly owners: Readonly<Record<keyof PhoneSwitches, Owner>>;
};

export type PlanRules = Pick<PlanPolicy, 'createActive' | 'onAbsence'> & {
  /** Values like a name or a balance, neither a switch nor a part of a phone. */
  readonly plain: readonly PlainRule[];
  readonly account: { readonly permanent: Owner; readonly daily: Owner };
  readonly active: Owner;
  readonly primaryEmailConsent: Owner;
  /** All ten. */
  readonly phones: readonly PhoneRule[];
  /** False when no field is owned by the newest, so that no time has to be read. */
  readonly asksWhoIsNewest: boolean;
};

/** @throws ConfigError when a field that restricts nobody is to be `most-restrictive`. */
export function makeRules(policy: PlanPolicy): PlanRules {
  assertOwners(policy);
  const toOwner = (name: string): Owner => policy.owners[name] ?? toDefaultOwner(name);
  return {
    createActive: policy.createActive,
    onAbsence: policy.onAbsence,
    plain: toPlainRules(policy),
    account: { permanent: toOwner('accountBlock'), daily: toOwner('accountBlockDaily') },
    active: toOwner('active'),
    primaryEmailConsent: toOwner('primaryEmailConsent'),
    phones: phoneOrdinals.map((ordinal) => toPhoneRule(ordinal, policy, toOwner)),
    asksWhoIsNewest: Object.values(policy.owners).includes('newest'),
  };
}

function assertOwners({ owners }: PlanPolicy): void {
  const canRestrict = new Set(contactFields.filter(isBlockOrConsent).map(({ name }) => name)).add('active');
  const wrong = Object.keys(owners).filter((name) => owners[name] === 'most-restrictive' && !canRestrict.has(name));
  if (wrong.length === 0) return;
  throw new ConfigError(
    wrong.map((name) => `${name} restricts nobody, so it cannot be owned by most-restrictive: choose another owner.`),
  );
}

function toPlainRules({ owners }: PlanPolicy): readonly PlainRule[] {
  return contactFields.flatMap(({ name, type, writable, ordinal }) => {
    const owner = owners[name];
    const isPlain = writable && type !== 'boolean' && ordinal === undefined && name !== 'account';
    return owner === undefined || !isPlain ? [] : [{ name, owner, isClearable: type === 'text' }];
  });
}

function toPhoneRule(ordinal: number, policy: PlanPolicy, toOwner: (name: string) => Owner): PhoneRule {
  const number = `phone${ordinal}`;
  const fields = phoneFields(ordinal);
  return {
    ordinal,
    number,
    fields,
    numberOwner: policy.owners[number] ?? 'livevox',
    owners: {
      permanent: toOwner(fields.permanent),
      daily: toOwner(fields.daily),
      cellConsent: toOwner(fields.cellConsent),
      smsConsent: toOwner(fields.smsConsent),
    },
  };
}
