/**
 * What Find Matching Contact can be asked (vendor page: Contact API): conditions, joined by rules into a tree, and a sort order.
 * Two traps of the page: a negation does nothing to a condition that stands alone, so such a search is refused here instead of
 * finding the opposite; and "less than or equal" has no operator, while GREATER_EQUAL negated, which the page names for it, is LESS.
 */
import { FatalError } from '../errors.ts';

/** A criterion's field, in the vendor's spelling. `phone_sms_consent` and `phone_cell_consent` mean any of the ten phones. */
type SearchField =
  | 'account'
  | 'account_due_date'
  | 'account_due_date_basedon_option'
  | 'last_load_date_basedon_option'
  | 'original_account_number'
  | 'city'
  | 'state'
  | 'country'
  | 'group'
  | 'do_not_dial'
  | 'do_not_dial_daily'
  | 'sms'
  | 'email'
  | 'postalcode'
  | 'name'
  | 'dob'
  | 'phone'
  | 'address'
  | 'guarantor_name'
  | 'paymentbalance'
  | 'amount_to_speak'
  | 'account_dial_yesterday'
  | 'account_dial_today'
  | `phone${number | ''}_${'sms' | 'cell'}_consent`
  | 'primary_email_consent'
  | 'callattemptstoday'
  | 'callattemptslifetime'
  | 'accountForTodaysResult'
  | 'accountsFor30daysResult'
  | 'email_address'
  | `COL${number}`;

export type SearchCondition = {
  readonly field: SearchField;
  readonly criteria: string;
  readonly condition: 'STARTS_WITH' | 'ENDS_WITH' | 'EQUALS' | 'LESS' | 'GREATER' | 'GREATER_EQUAL' | 'CONTAINS';
  /** Only within a rule. @default false */
  readonly isNegated?: boolean;
};

export type SearchRule = {
  readonly rule: 'AND' | 'OR';
  readonly left?: SearchRule | SearchCondition;
  readonly right?: SearchRule | SearchCondition;
  /** Negates the rule and all conditions under it (AND becomes OR). @default false */
  readonly isNegated?: boolean;
};

type UpperSortField =
  | 'LVACCOUNT_ID'
  | 'CLIENT_ID'
  | 'ACCOUNT'
  | 'B_ACTIVE'
  | 'ACCOUNT_TO_SPEAK'
  | 'FIRST_NAME'
  | 'LAST_NAME'
  | 'DOB'
  | 'EMAIL_ADDRESS'
  | 'SSN'
  | 'ADDRESS1'
  | 'ADDRESS2'
  | 'CITY'
  | 'STATE'
  | 'POSTALCODE'
  | 'COUNTRY_ID'
  | 'GUARANTOR_FIRSTNAME'
  | 'GUARANTOR_LASTNAME'
  | 'PAYMENTBALANCE'
  | 'AMOUNT_TO_SPEAK'
  | 'ACCOUNT_DUE_DATE'
  | 'CALLATTEMPTSTODAY'
  | 'CALLATTEMPTSLIFETIME'
  | 'CREATEDATE'
  | 'CREATEUSER'
  | 'MODIFYDATE'
  | 'MODIFYUSER'
  | 'INITIAL_LOAD_DATE'
  | 'INITIAL_LOAD_CAMPAIGNID'
  | 'LAST_LOAD_DATE'
  | 'LAST_LOAD_CAMPAIGNID'
  | 'DO_NOT_DIAL'
  | 'DO_NOT_DIAL_DAILY'
  | 'GROUP_ID'
  | 'ORIGINAL_ACCOUNT_NUMBER'
  | 'SMS'
  | 'EMAIL'
  | 'PRIMARY_EMAIL_CONSENT'
  | `PHONE${number}`
  | `PHONE${number}_${'ATTEMPTS_TODAY' | 'ATTEMPTS_LIFETIME' | 'DND' | 'DND_DAILY' | 'SMS_CONSENT' | 'CELL_CONSENT'}`
  | `COL${number}`;

export type SearchSort = {
  /** The page lists capitals, its example sends `account`: both are taken. */
  readonly field: UpperSortField | Lowercase<UpperSortField>;
  readonly order: 'ASC' | 'DESC';
};

export type ContactSearch = {
  readonly search: SearchRule | SearchCondition;
  /** First to last. @default LiveVox's own order, which may change between two pages */
  readonly sort?: readonly SearchSort[];
};

/** @throws FatalError for a lone condition that is negated: LiveVox would find what it must not. */
export function assertSearchable({ search }: ContactSearch): void {
  if ('rule' in search || search.isNegated !== true) return;
  throw new FatalError('LiveVox negates a condition only within a rule: put it into a rule with AND');
}
