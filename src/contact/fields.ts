/**
 * The catalogue of the 214 exportable contact fields (Bulk Contact Download), in the vendor's order.
 * A field's position in the requested list is what identifies its CSV column: labels may repeat and change.
 * Which fields a write can carry comes from the bodies of Bulk Create Contact and Bulk Update Contact.
 */

export type FieldType = 'text' | 'integer' | 'bigint' | 'boolean' | 'date' | 'timestamp' | 'numeric';

export type ContactField = {
  /** The vendor's name, as in `exportableFields`: `phone1CellConsent`. */
  readonly name: string;
  /** The column in `mirror.contacts`: `phone1_cell_consent`. */
  readonly column: string;
  /** Zero-based position in the vendor's list. */
  readonly position: number;
  readonly type: FieldType;
  /** True when a bulk write can set it; the CSV-only fields are false. */
  readonly writable: boolean;
  /** The display label of the CSV header where the vendor page prints it; custom fields have the client's own. */
  readonly label?: string;
  /** 1..10 for the columns of a phone. */
  readonly ordinal?: number;
  /** True for COL1..COL100. */
  readonly custom: boolean;
  /** True for what identifies or describes a person; such values are never logged. */
  readonly personal: boolean;
};

type CoreRow = readonly [name: string, type: FieldType, access: 'write' | 'read', personal?: 'personal'];

const coreBeforePhones: readonly CoreRow[] = [
  ['account', 'text', 'write', 'personal'],
  ['dueDate', 'date', 'write'],
  ['accountToSpeak', 'text', 'write', 'personal'],
  ['address1', 'text', 'write', 'personal'],
  ['address2', 'text', 'write', 'personal'],
  ['agentId', 'integer', 'write'],
  ['agentTeamId', 'integer', 'read'],
  ['amountToSpeak', 'numeric', 'write'],
  ['active', 'boolean', 'write'],
  ['callAttemptsTotal', 'integer', 'read'],
  ['callAttemptsToday', 'integer', 'read'],
  ['city', 'text', 'write', 'personal'],
  ['clientId', 'integer', 'read'],
  ['countryId', 'integer', 'read'],
  ['createDate', 'timestamp', 'read'],
  ['createUser', 'text', 'read'],
  ['department', 'text', 'write'],
  ['description', 'text', 'read', 'personal'],
  ['dateOfBirth', 'date', 'write', 'personal'],
  ['accountBlock', 'boolean', 'write'],
  ['accountBlockDaily', 'boolean', 'write'],
  ['accountEmailBlock', 'boolean', 'read'],
  ['email', 'text', 'write', 'personal'],
  ['firstName', 'text', 'write', 'personal'],
  ['groupId', 'integer', 'write'],
  ['guarantorFirstName', 'text', 'write', 'personal'],
  ['guarantorLastName', 'text', 'write', 'personal'],
  ['initialLoadCampaignId', 'integer', 'read'],
  ['initialLoadDate', 'timestamp', 'read'],
  ['lastLoadCampaignId', 'integer', 'read'],
  ['lastLoadDate', 'timestamp', 'read'],
  ['lastName', 'text', 'write', 'personal'],
  ['lvAccountId', 'bigint', 'read'],
  ['modifyDate', 'timestamp', 'read'],
  ['modifyUser', 'text', 'read'],
  ['originalAccountNumber', 'text', 'write', 'personal'],
  ['balance', 'numeric', 'write'],
];

const coreAfterPhones: readonly CoreRow[] = [
  ['zipCode', 'text', 'write', 'personal'],
  ['primaryEmailConsent', 'boolean', 'write'],
  ['salutation', 'text', 'write'],
  ['primarySMSConsent', 'boolean', 'read'],
  ['ssn', 'text', 'write', 'personal'],
  ['state', 'text', 'write', 'personal'],
  ['title', 'text', 'write'],
];

/** Phones of a contact are numbered 1..10. */
export const phoneOrdinals = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;

const knownLabels: Readonly<Record<string, string>> = { account: 'Account', dueDate: 'Account Due Date' };

function toPhoneRows(ordinal: number): readonly CoreRow[] {
  const phone = `phone${ordinal}`;
  return [
    [phone, 'text', 'write', 'personal'],
    [`${phone}AttemptsTotal`, 'integer', 'read'],
    [`${phone}AttemptsToday`, 'integer', 'read'],
    [`${phone}CellConsent`, 'boolean', 'write'],
    [`${phone}Block`, 'boolean', 'write'],
    [`${phone}BlockDaily`, 'boolean', 'write'],
    [`${phone}SmsConsent`, 'boolean', 'write'],
  ];
}

/** `phone1CellConsent` → `phone1_cell_consent`, `primarySMSConsent` → `primary_sms_consent`, `COL7` → `col7`. */
function toColumnName(name: string): string {
  if (name.startsWith('COL')) return name.toLowerCase();
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
}

function toOrdinal(name: string): number | undefined {
  const digits = /^phone(\d+)/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function makeCatalogue(): readonly ContactField[] {
  const custom: CoreRow[] = Array.from({ length: 100 }, (_, index) => [`COL${index + 1}`, 'text', 'write', 'personal']);
  const rows = [...coreBeforePhones, ...phoneOrdinals.flatMap(toPhoneRows), ...coreAfterPhones, ...custom];
  return rows.map(([name, type, access, personal], position) => ({
    name,
    column: toColumnName(name),
    position,
    type,
    writable: access === 'write',
    label: knownLabels[name],
    ordinal: toOrdinal(name),
    custom: name.startsWith('COL'),
    personal: personal === 'personal',
  }));
}

/** All 214 exportable fields in the vendor's order. */
export const contactFields: readonly ContactField[] = makeCatalogue();

const byName = new Map(contactFields.map((field) => [field.name, field]));

/** The field of that vendor name; undefined when LiveVox has none. */
export function findField(name: string): ContactField | undefined {
  return byName.get(name);
}
