/**
 * A contact as Read, List and Find Matching Contact show it, in one shape. The vendor's pages spell it differently from method to method:
 * `createDate` and `createdDate`, `callAttemptsTotal` and `callAttemptsLifetime`, `phoneBlock` or `dnd` with `dndDaily`. Only the
 * account must be readable; whatever else is missing, empty or unreadable is undefined, a block too: undefined is not NONE.
 */
import { z } from 'zod';
import { parseMoment, toDndState, toInstant } from '../contact/index.ts';
import { optionalText, wireBoolean, wireId, wireList, wireWhole } from './wire-scalars.ts';

type BlockState = 'NONE' | 'DAILY' | 'PERMANENT' | 'BOTH';

export type ContactPhone = {
  /** 1..10. */
  readonly ordinal: number;
  /** Missing for an empty place. */
  readonly phone?: string;
  readonly phoneBlock?: BlockState;
  readonly smsConsent?: boolean;
  readonly cellConsent?: boolean;
};

export type ContactRecord = {
  readonly account: string;
  /** LiveVox's own id, digits; only Find Matching Contact shows it. */
  readonly id?: string;
  readonly active?: boolean;
  readonly balance?: number;
  readonly amountToSpeak?: number;
  readonly accountBlock?: BlockState;
  readonly accountToSpeak?: string;
  readonly originalAccountNumber?: string;
  readonly person: {
    readonly firstName?: string;
    readonly lastName?: string;
    readonly email?: string;
    /** Midnight of the day, as a rule in the tenant's zone. */
    readonly dateOfBirth?: Date;
    readonly ssn?: string;
    readonly zipCode?: string;
  };
  readonly guarantor: { readonly firstName?: string; readonly lastName?: string };
  readonly phone: readonly ContactPhone[];
  readonly customFields: readonly { readonly field: string; readonly value: string }[];
  readonly address1?: string;
  readonly address2?: string;
  readonly city?: string;
  readonly state?: string;
  /** As LiveVox spells it: `UNITED_STATES_OF_AMERICA`, `United States of America`, `UK`. */
  readonly country?: string;
  /** Digits; undefined for LiveVox's 0, which is none. */
  readonly groupId?: string;
  /** Digits; undefined for LiveVox's 0, which is none. */
  readonly agentId?: string;
  readonly primaryEmailConsent?: boolean;
  readonly callAttemptsToday?: number;
  readonly callAttemptsTotal?: number;
  /** Undefined for LiveVox's 0; so are the dates of loading. */
  readonly dueDate?: Date;
  readonly initialLoad?: Date;
  readonly lastLoad?: Date;
  readonly createDate?: Date;
  readonly modifyDate?: Date;
};

const maybeText = optionalText.catch(undefined);
const maybeBoolean = wireBoolean.optional().catch(undefined);
const maybeWhole = wireWhole.optional().catch(undefined);
const maybeId = wireId
  .optional()
  .catch(undefined)
  .transform((id) => (id !== undefined && /^0+$/.test(id) ? undefined : id));
const maybeDecimal = z.preprocess((value) => {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}, z.number().optional());
const maybeBlock = z
  .string()
  .transform((word) => word.trim().toUpperCase())
  .pipe(z.enum(['NONE', 'DAILY', 'PERMANENT', 'BOTH']))
  .optional()
  .catch(undefined);

const wirePhone = z
  .object({
    ordinal: maybeWhole,
    position: maybeWhole,
    phone: maybeText,
    phoneBlock: maybeBlock,
    dnd: maybeBoolean,
    dndDaily: maybeBoolean,
    smsConsent: maybeBoolean,
    cellConsent: maybeBoolean,
  })
  .transform(({ ordinal, position, phoneBlock, dnd, dndDaily, ...rest }, context): ContactPhone => {
    const place = ordinal ?? position;
    if (place === undefined) context.addIssue('a phone without its place');
    const hasBits = dnd !== undefined && dndDaily !== undefined;
    const shown = hasBits ? toDndState({ permanent: dnd, daily: dndDaily }) : undefined;
    return { ordinal: place ?? 0, ...rest, phoneBlock: phoneBlock ?? shown };
  });

const customField = z.object({ field: z.string(), value: z.preprocess((value) => String(value ?? ''), z.string()) });

/** The schema of a contact; texts without a zone are days and times in `timeZone`. */
export function makeContactSchema(timeZone: string): z.ZodType<ContactRecord> {
  const maybeDate = z.preprocess((value) => readDate(value, timeZone), z.date().optional());
  const maybeDateBut0 = z.preprocess((value) => (Number(value) === 0 ? undefined : value), maybeDate);
  const person = makePart({
    firstName: maybeText,
    lastName: maybeText,
    email: maybeText,
    dateOfBirth: maybeDate,
    ssn: maybeText,
    zipCode: maybeText,
  });
  return z
    .object({
      ...ownFields,
      person,
      guarantor: makePart({ firstName: maybeText, lastName: maybeText }),
      dueDate: maybeDateBut0,
      initialLoad: maybeDateBut0,
      lastLoad: maybeDateBut0,
      createDate: maybeDateBut0,
      createdDate: maybeDateBut0,
      modifyDate: maybeDateBut0,
      modifiedDate: maybeDateBut0,
    })
    .transform(({ postalCode, createdDate, modifiedDate, callAttemptsLifetime, ...rest }) => ({
      ...rest,
      person: { ...rest.person, zipCode: rest.person.zipCode ?? postalCode },
      callAttemptsTotal: rest.callAttemptsTotal ?? callAttemptsLifetime,
      createDate: rest.createDate ?? createdDate,
      modifyDate: rest.modifyDate ?? modifiedDate,
    }));
}

const ownFields = {
  account: z.union([z.string(), z.number()]).transform(String).pipe(z.string().min(1)),
  id: maybeId,
  active: maybeBoolean,
  balance: maybeDecimal,
  amountToSpeak: maybeDecimal,
  accountBlock: maybeBlock,
  accountToSpeak: maybeText,
  originalAccountNumber: maybeText,
  phone: wireList(wirePhone),
  customFields: wireList(customField),
  address1: maybeText,
  address2: maybeText,
  city: maybeText,
  state: maybeText,
  country: maybeText,
  postalCode: maybeText,
  groupId: maybeId,
  agentId: maybeId,
  primaryEmailConsent: maybeBoolean,
  callAttemptsToday: maybeWhole,
  callAttemptsTotal: maybeWhole,
  callAttemptsLifetime: maybeWhole,
};

/** An object that may be missing or null; then all of its parts are. */
function makePart<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.preprocess((value) => (typeof value === 'object' && value !== null ? value : {}), z.object(shape));
}

/** Digits are epoch milliseconds however few, since births lie before 2001, where they have fewer than 13. */
function readDate(value: unknown, timeZone: string): Date | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const text = String(value).trim();
  if (/^-?\d{1,14}$/.test(text)) return new Date(Number(text));
  const moment = parseMoment(text);
  return moment?.kind === 'local' ? toInstant(moment.parts, timeZone) : moment?.at;
}
