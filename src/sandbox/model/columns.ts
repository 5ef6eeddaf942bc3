/**
 * What the sandbox knows of the 214 exportable fields: a contact is an array with one value per field, in the vendor's
 * order. The names are the only thing shared with the client; kinds and labels are read from the vendor's page here, a
 * second time, so that a misreading in the client shows. A daily block holds the client's day it was set on, which is
 * how it ends by itself.
 */
import { contactFields } from '../../contact/fields.ts';

/** date: days since 1970-01-01; timestamp: epoch ms; daily: the client's day number a DAILY block was set on, 0 for none. */
export type Value = string | number | boolean | null;
/** One contact: a value per exportable field, by position. */
export type Row = Value[];

export type Kind = 'text' | 'integer' | 'decimal' | 'boolean' | 'date' | 'timestamp' | 'daily';

/** The exportable fields in the vendor's order. */
export const columnNames: readonly string[] = contactFields.map((field) => field.name);

const positions = new Map(columnNames.map((name, position) => [name, position]));

/** Where a field stands in a row; undefined when LiveVox has no such field. */
export function findPosition(name: string): number | undefined {
  return positions.get(name);
}

/** @throws Error when the catalogue of field names has lost a name the sandbox rests on. */
export function positionOf(name: string): number {
  const position = positions.get(name);
  if (position === undefined) throw new Error(`The field catalogue has no field ${name}.`);
  return position;
}

const coreKinds: Readonly<Record<string, Kind>> = {
  dueDate: 'date',
  dateOfBirth: 'date',
  createDate: 'timestamp',
  initialLoadDate: 'timestamp',
  lastLoadDate: 'timestamp',
  modifyDate: 'timestamp',
  balance: 'decimal',
  amountToSpeak: 'decimal',
  active: 'boolean',
  accountBlock: 'boolean',
  accountBlockDaily: 'daily',
  accountEmailBlock: 'boolean',
  primaryEmailConsent: 'boolean',
  primarySMSConsent: 'boolean',
  agentId: 'integer',
  agentTeamId: 'integer',
  callAttemptsTotal: 'integer',
  callAttemptsToday: 'integer',
  clientId: 'integer',
  countryId: 'integer',
  groupId: 'integer',
  initialLoadCampaignId: 'integer',
  lastLoadCampaignId: 'integer',
  lvAccountId: 'integer',
};

const phoneKinds: Readonly<Record<string, Kind>> = {
  '': 'text',
  AttemptsTotal: 'integer',
  AttemptsToday: 'integer',
  CellConsent: 'boolean',
  Block: 'boolean',
  BlockDaily: 'daily',
  SmsConsent: 'boolean',
};

function toKind(name: string): Kind {
  const phonePart = /^phone\d+(.*)$/.exec(name)?.[1];
  if (phonePart !== undefined) return phoneKinds[phonePart] ?? 'text';
  return coreKinds[name] ?? 'text';
}

/** The kind of each field, by position. */
export const columnKinds: readonly Kind[] = columnNames.map(toKind);

/** Where the seven values of a phone stand. */
export type PhoneSlot = {
  readonly phone: number;
  readonly attemptsTotal: number;
  readonly attemptsToday: number;
  readonly cellConsent: number;
  readonly block: number;
  readonly blockDaily: number;
  readonly smsConsent: number;
};

function makePhoneSlot(ordinal: number): PhoneSlot {
  const of = (part: string): number => positionOf(`phone${ordinal}${part}`);
  return {
    phone: of(''),
    attemptsTotal: of('AttemptsTotal'),
    attemptsToday: of('AttemptsToday'),
    cellConsent: of('CellConsent'),
    block: of('Block'),
    blockDaily: of('BlockDaily'),
    smsConsent: of('SmsConsent'),
  };
}

/** Phones are numbered 1..10: the slot of an ordinal is at `ordinal - 1`. */
export const phoneSlots: readonly PhoneSlot[] = Array.from({ length: 10 }, (_, index) => makePhoneSlot(index + 1));

/** A contact of which nothing is known. */
export function makeBlankRow(): Row {
  return new Array<Value>(columnNames.length).fill(null);
}
