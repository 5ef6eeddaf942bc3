/** What the methods for one contact carry in place of the bulk methods: the same change, or nothing at all. */
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { CanonicalValue, Endpoint, Sends } from '../../src/contact/index.ts';
import { LiveVoxClient, type WriteAnswer } from '../../src/livevox/index.ts';
import { type SingleContactWriter, sendSingly } from '../../src/push/send-singly.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { secret } from '../livevox/odd-server.ts';
import { addFaults, fetchAllContacts, fetchLog, putContact, setupSandbox } from '../support/sandbox-admin.ts';

type Setup = {
  readonly sandbox: Sandbox;
  readonly client: LiveVoxClient;
  readonly singly: (endpoint: Endpoint, account: string, sends: Sends) => Promise<WriteAnswer | undefined>;
  /** How often something was about to leave. */
  readonly left: () => number;
};

async function setup(): Promise<Setup> {
  const sandbox = await setupSandbox({ contacts: 0 });
  const { clientName, userName, password, accessToken } = sandbox.credentials;
  const client = new LiveVoxClient({
    baseUrl: sandbox.url,
    timeZone: 'America/New_York',
    credentials: { clientName, userName, password: secret(password), accessToken: secret(accessToken) },
  });
  onTestFinished(() => client.close());
  const { createContact, updateContact, updateContactDnd } = client.contacts;
  const livevox: SingleContactWriter = {
    sendCreateContact: createContact,
    sendUpdateContact: updateContact,
    sendContactDnd: updateContactDnd,
  };
  let left = 0;
  const beforeSend = async (): Promise<void> => {
    left += 1;
  };
  return {
    sandbox,
    client,
    singly: (endpoint, account, sends) => sendSingly(livevox, endpoint, { account, sends }, { beforeSend }),
    left: () => left,
  };
}

/** What a write may change: not who it is, nor when and by whom it was written. */
function toWritten(fields: Record<string, unknown> | undefined): Record<string, unknown> {
  const own = /^(account|lvAccountId|createDate|modifyDate|modifyUser|initialLoad|lastLoad)$/;
  return Object.fromEntries(Object.entries(fields ?? {}).filter(([name]) => !own.test(name)));
}

describe('sendSingly', () => {
  it('takes through what the bulk method refuses', async () => {
    const { sandbox, client, singly, left } = await setup();
    await putContact(sandbox, 'X1', { firstName: 'Old', active: true });
    await addFaults(sandbox, { route: 'bulk-update', kind: 'poison-row', account: 'X1' });
    const sends = { firstName: 'New', active: 'true' };
    expect(await client.contacts.bulkUpdateContact([{ account: 'X1', sends }])).toMatchObject({
      kind: 'refused',
      httpStatus: 400,
    });
    expect(await singly('bulk_update', 'X1', sends)).toMatchObject({ kind: 'accepted' });
    expect((await fetchAllContacts(sandbox)).get('X1')).toMatchObject({ firstName: 'New' });
    expect(left()).toBe(1);
  });

  it('says what LiveVox says of a row that it refuses either way', async () => {
    const { sandbox, singly } = await setup();
    await addFaults(sandbox, { route: '*', kind: 'poison-row', account: 'N1', status: 422 });
    expect(await singly('bulk_create', 'N1', { firstName: 'Ann', active: 'true' })).toMatchObject({
      kind: 'refused',
      httpStatus: 422,
      message: expect.stringContaining('could not be processed'),
    });
    expect(await singly('bulk_update', 'nobody', { firstName: 'Ann', active: 'true' })).toMatchObject({
      kind: 'refused',
      httpStatus: 404,
    });
  });

  it('leaves the contact as the bulk method would, for every row that fits', async () => {
    const { sandbox, client, singly } = await setup();
    const bulk = {
      bulk_create: client.contacts.bulkCreateContact,
      bulk_update: client.contacts.bulkUpdateContact,
      multi_dnd: client.contacts.updateMultipleContactsDnd,
    };
    let sent = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('bulk_create', 'bulk_update', 'multi_dnd'),
        anUpdate,
        aDnd,
        async (endpoint, update, dnd) => {
          sent += 1;
          const [one, other] = [`bulk-${sent}`, `single-${sent}`];
          const sends = endpoint === 'multi_dnd' ? dnd : update;
          if (endpoint !== 'bulk_create') for (const account of [one, other]) await putContact(sandbox, account, held);
          expect(await bulk[endpoint]([{ account: one, sends }])).toMatchObject({ kind: 'accepted' });
          expect(await singly(endpoint, other, sends)).toMatchObject({ kind: 'accepted' });
          const contacts = await fetchAllContacts(sandbox);
          expect(toWritten(contacts.get(other))).toEqual(toWritten(contacts.get(one)));
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each<readonly [Endpoint, string, Sends]>([
    ['bulk_create', 'N1', { active: 'true', agentId: '0' }],
    ['bulk_update', 'X1', { active: 'true', department: 'Sales' }],
    ['bulk_update', 'X1', { active: 'true', salutation: 'Mr' }],
    ['bulk_create', 'N1', { active: 'true', title: 'Dr' }],
    ['bulk_update', 'X1', { active: 'true', phone2Block: 'PERMANENT' }],
    ['bulk_update', 'search', { active: 'true', firstName: 'Ann' }],
    ['multi_dnd', 'BULK', { accountBlock: 'PERMANENT' }],
    ['multi_dnd', '..', { accountBlock: 'PERMANENT' }],
    ['delete_contact', 'X1', {}],
  ])('sends nothing where it could not say all of it: %s of %s', async (endpoint, account, sends) => {
    const { sandbox, singly, left } = await setup();
    expect(await singly(endpoint, account, sends)).toBeUndefined();
    expect([left(), await fetchLog(sandbox)]).toEqual([0, []]);
  });

  it('creates a contact that no address can name', async () => {
    const { sandbox, singly } = await setup();
    expect(await singly('bulk_create', 'search', { active: 'true' })).toMatchObject({ kind: 'accepted' });
    expect([...(await fetchAllContacts(sandbox)).keys()]).toEqual(['search']);
  });
});

/** The contact that updates meet. */
const held = {
  active: true,
  firstName: 'Old',
  address1: 'Main St 1',
  phone1: '2025550101',
  phone2: '2025550102',
  phone2Block: true,
  accountBlock: true,
};

const number = fc.constantFrom('2025550101', '2025550102', '2025550103');
const flag = fc.constantFrom('true', 'false');
const verb = fc.constantFrom('PERMANENT', 'DAILY', 'BOTH', 'NONE', 'PERMANENT_OFF', 'DAILY_OFF');

function aPhone(ordinal: number, ofNumber: fc.Arbitrary<CanonicalValue>): fc.Arbitrary<Sends> {
  const fields = {
    [`phone${ordinal}`]: ofNumber,
    [`phone${ordinal}Block`]: verb,
    [`phone${ordinal}SmsConsent`]: flag,
    [`phone${ordinal}CellConsent`]: flag,
  };
  const requiredKeys = [`phone${ordinal}`];
  return fc.oneof(
    fc.constant({}),
    fc.record(fields, { requiredKeys }).map((sends) => sends as Sends),
  );
}

const anUpdate: fc.Arbitrary<Sends> = fc
  .tuple(
    fc.record(
      {
        active: flag,
        firstName: fc.constantFrom('Ann', 'Zoë', null),
        address1: fc.constantFrom('Elm St 2', null),
        balance: fc.constantFrom('0', '12.50'),
        dueDate: fc.constant('2026-02-03'),
        groupId: fc.constant('83190'),
        COL7: fc.constantFrom('gold', null),
        accountBlock: verb,
        primaryEmailConsent: flag,
      },
      { requiredKeys: ['active'] },
    ),
    aPhone(1, fc.option(number, { nil: null })),
    aPhone(2, fc.constant('2025550104')),
  )
  .map(([own, ...phones]): Sends => Object.assign({}, own, ...phones));

const aDnd: fc.Arbitrary<Sends> = fc
  .tuple(verb, aPhone(1, fc.constantFrom('2025550101', '2025550109')), aPhone(2, fc.constant('2025550102')))
  .map(([accountBlock, ...phones]): Sends => Object.assign({ accountBlock }, ...phones));
