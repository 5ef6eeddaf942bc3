/**
 * What systems of record call the fields of LiveVox, for the draft of a mapping: letters and digits alone, in lower case. A name that
 * means several things is not here; one that is only probably right stands among the doubtful, with what a person should check.
 */

/** LiveVox field → names that are as good as its own. */
export const synonyms: Readonly<Record<string, readonly string[]>> = {
  account: [
    ...['acct', 'acctno', 'acctnum', 'acctnumber', 'acctnbr', 'acctid'],
    ...['accountno', 'accountnum', 'accountnumber', 'accountnbr', 'accountid', 'accountkey'],
  ],
  originalAccountNumber: [
    'origacct',
    'origacctno',
    'origaccount',
    'originalaccount',
    'originalacct',
    'originalaccountno',
  ],
  firstName: ['fname', 'first', 'given', 'givenname', 'forename', 'firstnm'],
  lastName: ['lname', 'last', 'surname', 'family', 'familyname', 'lastnm'],
  guarantorFirstName: ['guarantorfname', 'guarantorfirst', 'guarfname', 'cosignerfirstname'],
  guarantorLastName: ['guarantorlname', 'guarantorlast', 'guarlname', 'cosignerlastname'],
  email: ['emailaddress', 'emailaddr', 'mail', 'email1'],
  dateOfBirth: ['dob', 'birthdate', 'birthday', 'birthdt'],
  ssn: ['socialsecurity', 'socialsecuritynumber', 'socialsecurityno', 'ssno', 'ssnumber'],
  zipCode: ['zip', 'zip5', 'zip9', 'zipcd', 'postalcode', 'postcode', 'postal'],
  address1: ['address', 'addr', 'addr1', 'street', 'street1', 'addressline1', 'addrline1', 'streetaddress'],
  address2: ['addr2', 'street2', 'addressline2', 'addrline2', 'apt', 'unit'],
  city: ['town', 'cityname'],
  state: ['st', 'statecode', 'statecd', 'stateprovince', 'province'],
  balance: ['bal', 'currentbalance', 'curbal', 'balancedue', 'amountdue', 'amtdue', 'amountowed', 'owed'],
  dueDate: ['due', 'duedt', 'dueon', 'paymentduedate', 'accountduedate'],
  active: ['isactive', 'activeflag'],
  salutation: ['prefix', 'nameprefix'],
  department: ['dept'],
  primaryEmailConsent: ['emailconsent', 'emailoptin'],
};

export type Doubtful = {
  readonly field: string;
  readonly doubt: string;
  /** The column holds names. */
  readonly lookup?: 'contact-group' | 'agent';
};

const keyDoubt = 'is this the account as LiveVox knows it?';
const groupDoubt = 'drop lookup where the column holds ids';

/** Name → the field it probably means. */
export const doubtful: Readonly<Record<string, Doubtful>> = {
  id: { field: 'account', doubt: keyDoubt },
  key: { field: 'account', doubt: keyDoubt },
  customerid: { field: 'account', doubt: keyDoubt },
  custid: { field: 'account', doubt: keyDoubt },
  contactid: { field: 'account', doubt: keyDoubt },
  debtorid: { field: 'account', doubt: keyDoubt },
  fileno: { field: 'account', doubt: keyDoubt },
  filenumber: { field: 'account', doubt: keyDoubt },
  loannumber: { field: 'account', doubt: keyDoubt },
  amount: { field: 'balance', doubt: 'is this what is owed?' },
  ...Object.fromEntries(
    ['dnc', 'donotcall', 'donotdial', 'donotcontact', 'nocall', 'stop', 'optout', 'optedout'].map((name) => [
      name,
      { field: 'accountBlock', doubt: 'does yes mean that none of the numbers may be dialled?' },
    ]),
  ),
  group: { field: 'groupId', doubt: groupDoubt, lookup: 'contact-group' },
  groupname: { field: 'groupId', doubt: groupDoubt, lookup: 'contact-group' },
  contactgroup: { field: 'groupId', doubt: groupDoubt, lookup: 'contact-group' },
  agent: { field: 'agentId', doubt: groupDoubt, lookup: 'agent' },
  agentlogin: { field: 'agentId', doubt: groupDoubt, lookup: 'agent' },
  agentloginid: { field: 'agentId', doubt: groupDoubt, lookup: 'agent' },
};

/** What the time of a row's last change is called. */
export const changeTimes: readonly string[] = [
  ...['updated', 'updatedat', 'updatedon', 'updatedate', 'lastupdate', 'lastupdated', 'lastupdatedat'],
  ...['modified', 'modifiedat', 'modifiedon', 'modifieddate', 'modifydate', 'lastmodified', 'lastmodifieddate'],
  ...['changed', 'changedat', 'changedon', 'lastchange', 'lastchanged'],
];

/** Kind of a phone → the ordinal it usually has. */
export const phoneKinds: Readonly<Record<string, number>> = {
  home: 1,
  primary: 1,
  main: 1,
  cell: 2,
  mobile: 2,
  wireless: 2,
  work: 3,
  business: 3,
  office: 3,
};

/** Ending of a phone's field → what stands before or behind the phone. Opposites (sms_opt_out, may_call) are none of them. */
export const phonePurposes: readonly (readonly [ending: string, words: readonly string[]])[] = [
  ['SmsConsent', ['smsconsent', 'smsoptin', 'textconsent', 'textoptin']],
  ['CellConsent', ['cellconsent', 'callconsent', 'tcpaconsent', 'consent', 'optin']],
  ['Block', ['donotcall', 'donotdial', 'dnc', 'dnd', 'nocall', 'blocked', 'block']],
];
