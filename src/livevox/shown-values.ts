/**
 * What Read Contact surely says of a contact, as canonical values by field. A field that is missing here is not known: the answer does
 * not have it (department, title, times), or says nothing and 0 alike, or could not be read. Never to be taken for empty.
 */
import { type CanonicalValue, findField, toMirrorCanonical } from '../contact/index.ts';
import type { ContactPhone, ContactRecord } from './contact-record.ts';

type Raw = Readonly<Record<string, string | number | boolean | undefined>>;

/** Fields that a write can carry and Read Contact does not show. */
const unshown: ReadonlySet<string> = new Set(['account', 'agentId', 'department', 'salutation', 'title']);

/** Whether Read Contact can say something of the field. */
export function isShownByKey(name: string): boolean {
  const field = findField(name);
  return field?.writable === true && !field.custom && field.type !== 'date' && !unshown.has(name);
}

/** Field → canonical value. `timeZone` is the client's. */
export function toShownValues(record: ContactRecord, timeZone: string): Readonly<Record<string, CanonicalValue>> {
  const raw = { ...toPlainValues(record), ...toSwitches('accountBlock', record.accountBlock) };
  const phones = record.phone.map(toPhoneValues);
  const values: Record<string, CanonicalValue> = {};
  for (const [name, value] of Object.entries(Object.assign({}, raw, ...phones) as Raw)) {
    const field = findField(name);
    if (field === undefined || value === undefined || value === '') continue;
    values[name] = toMirrorCanonical(field, String(value), undefined, timeZone);
  }
  return values;
}

/** Amounts, groups and dates of 0 mean nothing; dates are left out, because their midnight may be another zone's, custom fields for their types. */
function toPlainValues({ person, guarantor, ...record }: ContactRecord): Raw {
  return {
    firstName: person.firstName,
    lastName: person.lastName,
    email: person.email,
    ssn: person.ssn,
    zipCode: person.zipCode,
    guarantorFirstName: guarantor.firstName,
    guarantorLastName: guarantor.lastName,
    accountToSpeak: record.accountToSpeak,
    originalAccountNumber: record.originalAccountNumber,
    address1: record.address1,
    address2: record.address2,
    city: record.city,
    state: record.state,
    groupId: record.groupId,
    balance: record.balance === 0 ? undefined : record.balance,
    amountToSpeak: record.amountToSpeak === 0 ? undefined : record.amountToSpeak,
    active: record.active,
    primaryEmailConsent: record.primaryEmailConsent,
  };
}

function toPhoneValues({ ordinal, phone, phoneBlock, smsConsent, cellConsent }: ContactPhone): Raw {
  const name = `phone${ordinal}`;
  return {
    [name]: phone,
    [`${name}SmsConsent`]: smsConsent,
    [`${name}CellConsent`]: cellConsent,
    ...toSwitches(`${name}Block`, phoneBlock),
  };
}

/** The two blocks of the CSV. */
function toSwitches(name: string, state: ContactRecord['accountBlock']): Raw {
  if (state === undefined) return {};
  return {
    [name]: state === 'PERMANENT' || state === 'BOTH',
    [`${name}Daily`]: state === 'DAILY' || state === 'BOTH',
  };
}
