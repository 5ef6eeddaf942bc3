/**
 * The bodies of Create Contact, Update Contact and their bulk forms, checked as strictly as their tables allow: an attribute
 * that is not in the table, a wrong type or an unknown enum value refuses the request. Numbers and ordinals may come as
 * digits in a string, dates in three forms, because the vendor's own examples do so.
 * `""` clears a text and `null` leaves it alone; a number or a date cannot be cleared.
 */
import { z } from 'zod';
import { parseDay } from '../calendar.ts';
import type { ClientZone } from '../client-zone.ts';
import { dndVerbs } from '../model/dnd.ts';
import { toDecimal } from '../model/plain-form.ts';
import { isKnownCountry } from './countries.ts';

const text = z.string().nullish();
const flag = z.boolean().nullish();
const verb = z.enum(dndVerbs).nullish();
const wholeNumber = z
  .union([z.int(), z.string().regex(/^\d{1,15}$/)])
  .transform(Number)
  .pipe(z.int().nonnegative());
const decimal = z.union([z.number(), z.string()]).transform((value, context) => {
  const exact = toDecimal(value);
  if (exact !== undefined) return exact;
  context.addIssue({ code: 'custom', message: 'not a number' });
  return z.NEVER;
});

/** `1..10`, as a number or as digits. */
export const ordinal = wholeNumber.pipe(z.int().min(1).max(10));
/** `COL1..COL100` */
export const customFieldName = z.string().regex(/^COL([1-9]|[1-9]\d|100)$/, 'not one of COL1..COL100');
const customFieldValue = z.union([z.string(), z.number(), z.boolean()]).transform(String).pipe(z.string().max(255));

const phone = z.strictObject({
  phone: text,
  ordinal: ordinal.nullish(),
  phoneBlock: verb,
  smsConsent: flag,
  cellConsent: flag,
});

export type PhoneDetails = z.infer<typeof phone>;

function makeDate(zone: ClientZone) {
  return z.union([z.int(), z.string()]).transform((value, context) => {
    const day = parseDay(value, zone);
    if (day !== undefined) return day;
    context.addIssue({ code: 'custom', message: 'not a date' });
    return z.NEVER;
  });
}

function makeAttributes(zone: ClientZone) {
  const date = makeDate(zone).nullish();
  return {
    person: z
      .strictObject({ dateOfBirth: date, email: text, ssn: text, zipCode: text, firstName: text, lastName: text })
      .nullish(),
    guarantor: z.strictObject({ firstName: text, lastName: text }).nullish(),
    phone: z.array(phone).nullish(),
    customFields: z.array(z.strictObject({ field: customFieldName, value: customFieldValue.nullish() })).nullish(),
    balance: decimal.nullish(),
    active: flag,
    accountBlock: verb,
    accountToSpeak: text,
    originalAccountNumber: text,
    address1: text,
    address2: text,
    city: text,
    state: text,
    country: z.string().refine(isKnownCountry, 'not a country').nullish(),
    amountToSpeak: decimal.nullish(),
    dueDate: date,
    groupId: wholeNumber.nullish(),
    primaryEmailConsent: flag,
    agentId: wholeNumber.nullish(),
    department: text,
    salutation: text,
    title: text,
  };
}

/**
 * The attributes of the single writes: four fewer than a bulk row has, phones and custom fields complete, and flags that
 * may be text, as the page's second example of Create Contact has them.
 */
function makeSingleAttributes(zone: ClientZone) {
  const { agentId, department, salutation, title, ...shared } = makeAttributes(zone);
  const textFlag = z.union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')]).nullish();
  const onePhone = z.strictObject({
    phone: z.string(),
    ordinal,
    phoneBlock: verb,
    smsConsent: textFlag,
    cellConsent: textFlag,
  });
  return {
    ...shared,
    active: textFlag,
    primaryEmailConsent: textFlag,
    phone: z.array(onePhone).nullish(),
    customFields: z.array(z.strictObject({ field: customFieldName, value: customFieldValue })).nullish(),
  };
}

/** The bodies of writes, for a client in that zone: an instant names the client's day. */
export function makeContactBodies(zone: ClientZone) {
  const attributes = makeAttributes(zone);
  const create = z.strictObject({ ...attributes, account: z.string().min(1) });
  const update = z
    .strictObject({ ...attributes, id: wholeNumber.nullish(), account: z.string().min(1).nullish() })
    .refine((details) => (details.id ?? details.account ?? undefined) !== undefined, 'neither id nor account');
  const single = makeSingleAttributes(zone);
  const account = z.string().min(1);
  return {
    createOne: z.strictObject({ createContactDetails: z.strictObject({ ...single, account }) }),
    updateOne: z.strictObject({
      updateContactDetails: z.strictObject({ ...single, account: account.nullish() }).nullish(),
    }),
    create: z.strictObject({ createContactDetails: z.array(create) }),
    update: z.strictObject({ updateContactDetails: z.array(update) }),
  };
}

export type ContactBodies = ReturnType<typeof makeContactBodies>;
export type CreateDetails = z.infer<ContactBodies['create']>['createContactDetails'][number];
export type UpdateDetails = z.infer<ContactBodies['update']>['updateContactDetails'][number];
