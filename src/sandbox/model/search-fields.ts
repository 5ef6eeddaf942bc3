/**
 * What the field names of Find Matching Contact mean, those of a condition and those of the sort. The page lists names
 * only, so some meanings are guesses: `sms` and `email` are the consent to one and the block of the other, `name` is
 * first name, last name or both, and the two `…basedon_option` fields are their dates. Results of calls are unknown to
 * the sandbox and match nothing.
 */
import { formatCountries } from '../wire/countries.ts';
import { columnKinds, findPosition, type Kind, phoneSlots, positionOf, type Row, type Value } from './columns.ts';

export type SearchField = {
  readonly kind: Kind;
  /** The values of which one must match. */
  readonly read: (row: Row) => readonly Value[];
};

/** One column or several, of one kind. */
function columns(...names: readonly string[]): SearchField {
  const positions = names.map(positionOf);
  return {
    kind: columnKinds[positions[0] ?? 0] ?? 'text',
    read: (row) => positions.map((position) => row[position] ?? null),
  };
}

function phones(part: string): SearchField {
  return columns(...phoneSlots.map((_, index) => `phone${index + 1}${part}`));
}

function fullName(firstName: string, lastName: string): SearchField {
  const [first, last] = [positionOf(firstName), positionOf(lastName)];
  return {
    kind: 'text',
    read: (row) => [row[first] ?? null, row[last] ?? null, `${row[first] ?? ''} ${row[last] ?? ''}`.trim()],
  };
}

const countryAt = positionOf('countryId');
const attemptsTodayAt = positionOf('callAttemptsToday');
const nothing: SearchField = { kind: 'text', read: () => [] };

const conditionFields: Readonly<Record<string, SearchField>> = {
  account: columns('account'),
  account_due_date: columns('dueDate'),
  account_due_date_basedon_option: columns('dueDate'),
  last_load_date_basedon_option: columns('lastLoadDate'),
  original_account_number: columns('originalAccountNumber'),
  city: columns('city'),
  state: columns('state'),
  country: { kind: 'text', read: (row) => formatCountries(Number(row[countryAt] ?? 0)) },
  group: columns('groupId'),
  do_not_dial: columns('accountBlock'),
  do_not_dial_daily: columns('accountBlockDaily'),
  sms: columns('primarySMSConsent'),
  email: columns('accountEmailBlock'),
  postalcode: columns('zipCode'),
  name: fullName('firstName', 'lastName'),
  dob: columns('dateOfBirth'),
  phone: phones(''),
  address: columns('address1', 'address2'),
  guarantor_name: fullName('guarantorFirstName', 'guarantorLastName'),
  paymentbalance: columns('balance'),
  amount_to_speak: columns('amountToSpeak'),
  account_dial_yesterday: { kind: 'boolean', read: () => [false] },
  account_dial_today: { kind: 'boolean', read: (row) => [Number(row[attemptsTodayAt] ?? 0) > 0] },
  phone_sms_consent: phones('SmsConsent'),
  phone_cell_consent: phones('CellConsent'),
  primary_email_consent: columns('primaryEmailConsent'),
  callattemptstoday: columns('callAttemptsToday'),
  callattemptslifetime: columns('callAttemptsTotal'),
  accountForTodaysResult: nothing,
  accountsFor30daysResult: nothing,
  email_address: columns('email'),
};

/** The field of a condition; undefined when there is none of that name. */
export function findSearchField(name: string): SearchField | undefined {
  if (Object.hasOwn(conditionFields, name)) return conditionFields[name];
  const consent = /^phone([1-9]|10)_(sms|cell)_consent$/.exec(name);
  if (consent !== null) return columns(`phone${consent[1]}${consent[2] === 'sms' ? 'Sms' : 'Cell'}Consent`);
  return /^COL\d+$/.test(name) && findPosition(name) !== undefined ? columns(name) : undefined;
}

const sortNames: Readonly<Record<string, string>> = {
  LVACCOUNT_ID: 'lvAccountId',
  CLIENT_ID: 'clientId',
  ACCOUNT: 'account',
  B_ACTIVE: 'active',
  ACCOUNT_TO_SPEAK: 'accountToSpeak',
  FIRST_NAME: 'firstName',
  LAST_NAME: 'lastName',
  DOB: 'dateOfBirth',
  EMAIL_ADDRESS: 'email',
  SSN: 'ssn',
  ADDRESS1: 'address1',
  ADDRESS2: 'address2',
  CITY: 'city',
  STATE: 'state',
  POSTALCODE: 'zipCode',
  COUNTRY_ID: 'countryId',
  GUARANTOR_FIRSTNAME: 'guarantorFirstName',
  GUARANTOR_LASTNAME: 'guarantorLastName',
  PAYMENTBALANCE: 'balance',
  AMOUNT_TO_SPEAK: 'amountToSpeak',
  ACCOUNT_DUE_DATE: 'dueDate',
  CALLATTEMPTSTODAY: 'callAttemptsToday',
  CALLATTEMPTSLIFETIME: 'callAttemptsTotal',
  CREATEDATE: 'createDate',
  CREATEUSER: 'createUser',
  MODIFYDATE: 'modifyDate',
  MODIFYUSER: 'modifyUser',
  INITIAL_LOAD_DATE: 'initialLoadDate',
  INITIAL_LOAD_CAMPAIGNID: 'initialLoadCampaignId',
  LAST_LOAD_DATE: 'lastLoadDate',
  LAST_LOAD_CAMPAIGNID: 'lastLoadCampaignId',
  DO_NOT_DIAL: 'accountBlock',
  DO_NOT_DIAL_DAILY: 'accountBlockDaily',
  GROUP_ID: 'groupId',
  ORIGINAL_ACCOUNT_NUMBER: 'originalAccountNumber',
  SMS: 'primarySMSConsent',
  EMAIL: 'accountEmailBlock',
  PRIMARY_EMAIL_CONSENT: 'primaryEmailConsent',
};

const phoneParts: Readonly<Record<string, string>> = {
  '': '',
  _ATTEMPTS_TODAY: 'AttemptsToday',
  _ATTEMPTS_LIFETIME: 'AttemptsTotal',
  _DND: 'Block',
  _DND_DAILY: 'BlockDaily',
  _SMS_CONSENT: 'SmsConsent',
  _CELL_CONSENT: 'CellConsent',
};

/** Where the field of a sort stands in a row. Letter case does not count: the page's own example has `account`. */
export function findSortPosition(name: string): number | undefined {
  const upper = name.toUpperCase();
  const phone = /^PHONE([1-9]|10)(\D*)$/.exec(upper);
  if (phone !== null) {
    const part = phoneParts[phone[2] ?? ''];
    return part === undefined ? undefined : findPosition(`phone${phone[1]}${part}`);
  }
  return findPosition(sortNames[upper] ?? (/^COL\d+$/.test(upper) ? upper : ''));
}
