/** What a keyed read says of a contact, and what it leaves open. */
import { describe, expect, it } from 'vitest';
import { contactFields } from '../../src/contact/index.ts';
import { isShownByKey, toShownValues } from '../../src/livevox/shown-values.ts';

const zone = 'America/New_York';
const base = { account: 'A1', person: {}, guarantor: {}, phone: [], customFields: [] } as const;

describe('toShownValues', () => {
  it('reads blocks as the two switches of the CSV, and values in their canonical spelling', () => {
    const phone = [
      { ordinal: 2, phone: '(202) 555-0101', phoneBlock: 'BOTH', smsConsent: true, cellConsent: false } as const,
    ];
    const shown = toShownValues({ ...base, accountBlock: 'DAILY', balance: 10.5, active: true, phone }, zone);
    expect(shown).toEqual({
      accountBlock: 'false',
      accountBlockDaily: 'true',
      active: 'true',
      balance: '10.5',
      phone2: '2025550101',
      phone2Block: 'true',
      phone2BlockDaily: 'true',
      phone2SmsConsent: 'true',
      phone2CellConsent: 'false',
    });
  });

  it('says nothing of what is missing, or 0 and none alike', () => {
    expect(toShownValues({ ...base, balance: 0, amountToSpeak: 0, person: { firstName: '' } }, zone)).toEqual({});
  });

  it('says something of every field that it is said to show, and of no other', () => {
    const phone = Array.from({ length: 10 }, (_, index) => ({
      ordinal: index + 1,
      phone: '2025550101',
      phoneBlock: 'NONE' as const,
      smsConsent: true,
      cellConsent: true,
    }));
    const text = 'x';
    const shown = toShownValues(
      {
        ...base,
        phone,
        person: { firstName: text, lastName: text, email: text, ssn: text, zipCode: text, dateOfBirth: new Date() },
        guarantor: { firstName: text, lastName: text },
        customFields: [{ field: 'COL1', value: text }],
        accountToSpeak: text,
        originalAccountNumber: text,
        address1: text,
        address2: text,
        city: text,
        state: text,
        groupId: '5',
        agentId: '7',
        balance: 1,
        amountToSpeak: 1,
        active: true,
        accountBlock: 'NONE',
        primaryEmailConsent: true,
        dueDate: new Date(),
      },
      zone,
    );
    const promised = contactFields.map(({ name }) => name).filter(isShownByKey);
    expect(Object.keys(shown).toSorted()).toEqual(promised.toSorted());
  });
});
