import { describe, expect, it } from 'vitest';
import type { Sends } from '../../src/contact/index.ts';
import { FatalError } from '../../src/errors.ts';
import { toDndRow } from '../../src/livevox/dnd.ts';
import { afterLogin, json, makeClient, startOddServer } from './odd-server.ts';

const convert = (sends: Sends) => toDndRow({ account: 'A-1', lvAccountId: '5', sends }, 'UTC');

describe('toDndRow', () => {
  it('names each phone by number and ordinal, in order', () => {
    const sends: Sends = {
      accountBlock: 'PERMANENT',
      phone10: '2125550110',
      phone10Block: 'DAILY_OFF',
      phone2: '2125550102',
      phone2SmsConsent: 'false',
      phone2CellConsent: 'true',
    };
    expect(convert(sends)).toEqual({
      account: 'A-1',
      accountBlock: 'PERMANENT',
      updateContactDND: [
        { ordinal: 2, phone: '2125550102', smsConsent: false, cellConsent: true },
        { ordinal: 10, phone: '2125550110', phoneBlock: 'DAILY_OFF' },
      ],
    });
  });

  it('an account block alone has no phones', () => {
    expect(convert({ accountBlock: 'NONE' })).toEqual({ account: 'A-1', accountBlock: 'NONE' });
  });

  it.each<[string, Sends]>([
    ['a phone without its number', { phone1Block: 'BOTH' }],
    ['a phone with an empty number', { phone1: null, phone1Block: 'BOTH' }],
    ['a field DND does not carry', { accountBlock: 'BOTH', active: 'true' }],
    ['the daily half of a block', { accountBlockDaily: 'true' }],
  ])('refuses %s', (_, sends) => {
    expect(() => convert(sends)).toThrow(FatalError);
  });
});

describe('contacts.updateMultipleContactsDnd', () => {
  it.each([
    ['as a number', { updated: 2 }, 2],
    ['as a text', { updated: '0' }, 0],
    ['in prose', { message: 'Successfully updated contacts 3' }, 3],
    ['not at all', {}, undefined],
  ])('reads the count %s', async (_, body, reportedRows) => {
    const server = await startOddServer(afterLogin((response) => json(response, 200, body)));
    const client = makeClient(server.baseUrl);
    const answer = await client.contacts.updateMultipleContactsDnd([
      { account: 'A-1', sends: { accountBlock: 'BOTH' } },
    ]);
    await client.close();
    await server.close();
    expect(answer).toMatchObject({ kind: 'accepted', httpStatus: 200 });
    expect(answer.kind === 'accepted' && answer.reportedRows).toBe(reportedRows);
    expect(server.requests[1]).toMatchObject({
      verb: 'POST',
      path: '/contact/contacts/dnd',
      body: '{"contactDnd":[{"account":"A-1","accountBlock":"BOTH"}]}',
    });
  });
});
