/**
 * A contact as JSON answers show it, in three shapes, because the vendor's examples differ: Read Contact, List Contact
 * (other names of the dates, no custom fields), and Find Matching Contact (all ten phones with their blocks as two
 * flags, empty attributes left out). Dates and instants are epoch milliseconds; a date is the first instant of the
 * client's day. An empty amount, group or due date is 0, an empty country of a search is an empty text.
 */
import type { ClientZone } from '../client-zone.ts';
import type { Dialect } from '../dialect.ts';
import { columnNames, type PhoneSlot, phoneSlots, positionOf, type Row, type Value } from '../model/columns.ts';
import { type DndState, readDndState } from '../model/dnd.ts';
import { formatCountry } from './countries.ts';

export type ViewOptions = {
  readonly dialect: Dialect;
  readonly zone: ClientZone;
  /** The client's day, by which DAILY blocks are judged. */
  readonly today: number;
};

type View = Readonly<Record<string, unknown>>;

const customNames = columnNames.filter((name) => name.startsWith('COL'));
const accountBlocks = { block: positionOf('accountBlock'), blockDaily: positionOf('accountBlockDaily') };

function readValue(row: Row, name: string): Value {
  return row[positionOf(name)] ?? null;
}

function numberOf(row: Row, name: string): number {
  return Number(readValue(row, name) ?? 0);
}

/** `readContactDetails` */
export function toReadView(row: Row, options: ViewOptions): View {
  return {
    ...toBase(row, options),
    customFields: customNames.flatMap((field) => {
      const value = readValue(row, field);
      return value === null ? [] : [{ field, value }];
    }),
    createdDate: readValue(row, 'createDate'),
    modifiedDate: readValue(row, 'modifyDate'),
  };
}

/** An entry of `listContactDetails` */
export function toListView(row: Row, options: ViewOptions): View {
  return {
    ...toBase(row, options),
    customFields: null,
    createDate: readValue(row, 'createDate'),
    modifyDate: readValue(row, 'modifyDate'),
  };
}

/** An entry of `findMatchingContactsDetails` */
export function toMatchView(row: Row, { dialect, zone, today }: ViewOptions): View {
  const { person, guarantor, ...view } = toBase(row, { dialect, zone, today });
  const kept = dropEmpty({
    ...dropEmpty({ person: dropEmpty(person), guarantor: dropEmpty(guarantor) }),
    ...view,
    phone: phoneSlots.map((slot, index) => toMatchPhone(row, slot, { ordinal: index + 1, today })),
    country: view.country ?? '',
    postalCode: readValue(row, 'zipCode'),
    agentId: numberOf(row, 'agentId'),
    happinessIndex: 0,
    createdDate: readValue(row, 'createDate'),
    modifiedDate: readValue(row, 'modifyDate'),
    callAttemptsLifetime: view.callAttemptsTotal,
  });
  return { id: readValue(row, 'lvAccountId'), ...kept };
}

function toBase(row: Row, { dialect, zone, today }: ViewOptions) {
  const birthday = readValue(row, 'dateOfBirth');
  const dueDate = readValue(row, 'dueDate');
  return {
    person: {
      firstName: readValue(row, 'firstName'),
      lastName: readValue(row, 'lastName'),
      dateOfBirth: birthday === null ? null : zone.startOfDay(Number(birthday)),
      email: readValue(row, 'email'),
      ssn: readValue(row, 'ssn'),
      zipCode: readValue(row, 'zipCode'),
    },
    guarantor: { firstName: readValue(row, 'guarantorFirstName'), lastName: readValue(row, 'guarantorLastName') },
    phone: phoneSlots.flatMap((slot, index) => toPhone(row, slot, { ordinal: index + 1, today })),
    account: readValue(row, 'account'),
    active: readValue(row, 'active') === true,
    balance: numberOf(row, 'balance'),
    accountBlock: readDndState(row, accountBlocks, today),
    accountToSpeak: readValue(row, 'accountToSpeak'),
    originalAccountNumber: readValue(row, 'originalAccountNumber'),
    address1: readValue(row, 'address1'),
    address2: readValue(row, 'address2'),
    city: readValue(row, 'city'),
    state: readValue(row, 'state'),
    country: formatCountry(numberOf(row, 'countryId'), dialect.countries),
    amountToSpeak: numberOf(row, 'amountToSpeak'),
    dueDate: dueDate === null ? 0 : zone.startOfDay(Number(dueDate)),
    groupId: numberOf(row, 'groupId'),
    primaryEmailConsent: readValue(row, 'primaryEmailConsent') === true,
    callAttemptsToday: numberOf(row, 'callAttemptsToday'),
    callAttemptsTotal: numberOf(row, 'callAttemptsTotal'),
    initialLoad: numberOf(row, 'initialLoadDate'),
    lastLoad: readValue(row, 'lastLoadDate'),
  };
}

type PhonePlace = { readonly ordinal: number; readonly today: number };

type Phone = {
  readonly phone: Value;
  readonly ordinal: number;
  readonly phoneBlock: DndState;
  readonly smsConsent: boolean;
  readonly cellConsent: boolean;
};

/** Only phones that are there. */
function toPhone(row: Row, slot: PhoneSlot, { ordinal, today }: PhonePlace): Phone[] {
  const phone = row[slot.phone] ?? null;
  if (phone === null) return [];
  return [
    {
      phone,
      ordinal,
      phoneBlock: readDndState(row, slot, today),
      smsConsent: row[slot.smsConsent] === true,
      cellConsent: row[slot.cellConsent] === true,
    },
  ];
}

function toMatchPhone(row: Row, slot: PhoneSlot, { ordinal, today }: PhonePlace): View {
  return dropEmpty({
    smsConsent: row[slot.smsConsent] === true,
    cellConsent: row[slot.cellConsent] === true,
    phone: row[slot.phone] ?? null,
    ordinal,
    position: ordinal,
    dnd: row[slot.block] === true,
    dndDaily: row[slot.blockDaily] === today,
    callAttemptsTotal: row[slot.attemptsTotal] ?? 0,
    callAttemptsToday: row[slot.attemptsToday] ?? 0,
  });
}

/** Without what is null or an object without attributes. */
function dropEmpty(view: View): View {
  const kept = Object.entries(view).filter(
    ([, value]) => value !== null && !(typeof value === 'object' && Object.keys(value).length === 0),
  );
  return Object.fromEntries(kept);
}
