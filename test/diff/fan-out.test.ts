/** A fan-out becomes blocks that go out first, from its day on, and never makes anybody more diallable. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseTenant, loadConfig } from '../../src/config.ts';
import { type CanonicalValue, type Owner, phoneOrdinals } from '../../src/contact/index.ts';
import type { DesiredContact, MirrorContact } from '../../src/diff/contact-state.ts';
import { chooseFanOut } from '../../src/diff/fan-out.ts';
import { planContact } from '../../src/diff/plan.ts';
import type { Store } from '../../src/store/index.ts';
import {
  type Fields,
  fanOut,
  fillSides,
  ownersOf,
  type Shown,
  selectDesired,
  type Wanted,
} from '../store/fan-out-setup.ts';
import { setupDatabase } from '../support/database.ts';
import { setupFolder } from '../support/folder.ts';
import { LiveVoxModel } from '../support/livevox-model.ts';

const [x, y, z] = ['2124567890', '2124567891', '2124567892'];

function policyOf(owners: Readonly<Record<string, Owner>>) {
  return { createActive: true, owners, onAbsence: 'nothing' } as const;
}

function mirrorOf(account: string, values: Fields): MirrorContact {
  const rawPhones = Object.fromEntries(Object.entries(values).filter(([name]) => /^phone\d+$/.test(name)));
  return {
    account,
    lvAccountId: '77',
    mergedAt: 'v1',
    modifyDate: null,
    values: { active: 'true', ...values },
    rawPhones,
  };
}

describe('a plan after a fan-out', () => {
  const usual = ownersOf('phone1', 'phone1Block');

  it('blocks the number on a contact that LiveVox has, by the request that goes out first', async () => {
    const { store } = await setupDatabase();
    const shown = { account: 'B', fields: { phone2: x, active: 'true' } };
    await fillSides(store, [shown], [{ account: 'A', fields: { phone1: x, phone1Block: 'true' } }]);
    await fanOut(store, { owners: usual });
    const desired = (await selectDesired(store)).find(({ account }) => account === 'B')!;
    const patches = planContact(mirrorOf('B', shown.fields), toDesired(desired), policyOf(usual));
    expect(patches).toHaveLength(1);
    expect(patches[0]).toMatchObject({
      operation: 'block',
      endpoint: 'multi_dnd',
      changes: { phone2Block: ['false', 'true'] },
      sends: { phone2: x, phone2Block: 'PERMANENT' },
    });
  });

  it('creates a contact with the block in the same row', async () => {
    const { store } = await setupDatabase();
    const fields = { phone1: x, phone1Block: 'false' };
    await fillSides(store, [{ account: 'B', fields: { phone3: x, phone3Block: 'true' } }], [{ account: 'N', fields }]);
    await fanOut(store, { owners: usual });
    const [desired] = await selectDesired(store);
    const patches = planContact(undefined, toDesired(desired!), policyOf(usual));
    expect(patches).toHaveLength(1);
    expect(patches[0]).toMatchObject({ operation: 'create', sends: { phone1: x, phone1Block: 'PERMANENT' } });
  });
});

function toDesired({ account, fields, causes }: Awaited<ReturnType<typeof selectDesired>>[number]): DesiredContact {
  return { account, fields, causes: causes ?? undefined };
}

const yesNo = fc.constantFrom<CanonicalValue>('true', 'false');
const switches = ['Block', 'CellConsent', 'SmsConsent'];
const phoneArbitrary = (ordinal: number) =>
  fc.record(
    {
      [`phone${ordinal}`]: fc.constantFrom<CanonicalValue>(x!, y!, z!, null),
      ...Object.fromEntries(switches.map((name) => [`phone${ordinal}${name}`, yesNo])),
    },
    { requiredKeys: [] },
  );
const sideArbitrary = fc.option(
  fc
    .tuple(phoneArbitrary(1), phoneArbitrary(2))
    .map((parts) => Object.fromEntries(parts.flatMap((part) => Object.entries(part))) as Fields),
  { nil: undefined },
);
type Contact = { readonly account: string; readonly shown: Fields | undefined; readonly wanted: Fields | undefined };
const contactsArbitrary = fc.tuple(
  ...['A', 'b', 'C', 'd'].map((account) =>
    fc
      .tuple(sideArbitrary, sideArbitrary)
      .map(([shown, wanted]): Contact => ({ account, shown, wanted }))
      // A contact that names a number twice contradicts itself, which is another test's concern.
      .filter((contact) => !isRepeated(contact.shown ?? {}) && !isRepeated({ ...contact.shown, ...contact.wanted })),
  ),
);

function isRepeated(fields: Fields): boolean {
  return fields['phone1'] != null && fields['phone1'] === fields['phone2'];
}

type End = { readonly account: string; readonly values: Fields };

/** LiveVox after the plan has been applied, contact by contact. */
function applyPlan(
  contacts: readonly Contact[],
  desired: readonly DesiredContact[],
  owners: Readonly<Record<string, Owner>>,
): readonly End[] {
  return contacts.flatMap(({ account, shown }) => {
    const wanted = desired.find((one) => one.account === account);
    const model = new LiveVoxModel(shown ?? {}, { phones: 'merge', empty: 'clears' });
    const mirror = shown && mirrorOf(account, shown);
    const patches = wanted === undefined ? [] : planContact(mirror, wanted, policyOf(owners));
    for (const patch of patches) model.take(patch);
    return [{ account, values: model.values }];
  });
}

/** `account number switch` for everything that would let a number be dialled or written to. */
function listOpen(ends: readonly End[]): ReadonlySet<string> {
  return new Set(
    ends.flatMap(({ account, values }) =>
      phoneOrdinals.flatMap((ordinal) => {
        const number = values[`phone${ordinal}`];
        if (number == null) return [];
        const open = switches.filter((name) => (values[`phone${ordinal}${name}`] === 'true') !== (name === 'Block'));
        return open.map((name) => `${account} ${number} ${name}`);
      }),
    ),
  );
}

/** The numbers that are revoked, found the slow way: contact by contact, ordinal by ordinal. All fields belong to the record. */
function listRevoked(contacts: readonly Contact[]): ReadonlySet<string> {
  const found = contacts.flatMap(({ shown = {}, wanted = {} }) =>
    [1, 2].flatMap((ordinal) => {
      const [phone, block] = [`phone${ordinal}`, `phone${ordinal}Block`];
      const said = phone in wanted ? wanted[phone] : shown[phone];
      const isLifted = wanted[block] === 'false' && said === shown[phone];
      return [
        ...(wanted[block] === 'true' ? [`${said} Block`] : []),
        ...(shown[block] === 'true' && !isLifted ? [`${shown[phone]} Block`] : []),
        ...switches
          .slice(1)
          .flatMap((name) => (wanted[`phone${ordinal}${name}`] === 'false' ? [`${said} ${name}`] : [])),
      ];
    }),
  );
  return new Set(found);
}

async function fillContacts(store: Store, contacts: readonly Contact[]): Promise<readonly DesiredContact[]> {
  const mirror = contacts.flatMap(({ account, shown }): Shown[] => (shown ? [{ account, fields: shown }] : []));
  const desired = contacts.flatMap(({ account, wanted }): Wanted[] => (wanted ? [{ account, fields: wanted }] : []));
  await fillSides(store, mirror, desired);
  return desired;
}

describe('a fan-out, whatever stands in LiveVox and in the record', () => {
  const kinds = { blocks: true, cellConsents: true, smsConsents: true };
  const fields = [1, 2].flatMap((ordinal) => ['', ...switches].map((name) => `phone${ordinal}${name}`));
  const recordOwns = Object.fromEntries(fields.map((field): [string, Owner] => [field, 'record']));

  it.each([
    ['the record owns all', recordOwns],
    ['the more restrictive wins', ownersOf(...fields)],
  ])(
    'makes nobody more diallable than the plan without it, and a second one changes nothing: %s',
    async (_, owners) => {
      const { store } = await setupDatabase();
      await fc.assert(
        fc.asyncProperty(contactsArbitrary, async (contacts) => {
          const without = await fillContacts(store, contacts);
          await fanOut(store, { ...kinds, owners });
          const rows = await selectDesired(store);
          const before = listOpen(applyPlan(contacts, without, owners));
          const after = listOpen(applyPlan(contacts, rows.map(toDesired), owners));
          expect([...after].filter((one) => !before.has(one))).toEqual([]);
          expect(await fanOut(store, { ...kinds, owners })).toMatchObject({ contacts: 0, switches: 0, added: 0 });
          expect(await selectDesired(store)).toEqual(rows);
        }),
        { numRuns: 100 },
      );
    },
  );

  it('leaves no revoked number open anywhere, and turns nothing on a number that nobody revoked', async () => {
    const { store } = await setupDatabase();
    await fc.assert(
      fc.asyncProperty(contactsArbitrary, async (contacts) => {
        await fillContacts(store, contacts);
        await fanOut(store, { ...kinds, owners: recordOwns });
        const rows = await selectDesired(store);
        const ends = applyPlan(contacts, rows.map(toDesired), recordOwns);
        const revoked = listRevoked(contacts);
        const turned = rows.flatMap(({ account, causes }) =>
          Object.keys(causes ?? {}).map((field) => {
            const [, phone = '', name] = /^(phone\d+)(.+)$/.exec(field) ?? [];
            return `${ends.find((end) => end.account === account)?.values[phone]} ${name}`;
          }),
        );
        expect(turned.filter((one) => !revoked.has(one))).toEqual([]);
        const open = [...listOpen(ends)].map((one) => one.slice(one.indexOf(' ') + 1));
        expect(open.filter((one) => revoked.has(one))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

describe('chooseFanOut', () => {
  const policy = { blocks: true, livevox: true, cellConsents: false, smsConsents: false, from: '2026-12-01' };

  it("begins with its day in the client's zone", () => {
    const { from, ...kinds } = policy;
    const choose = (now: string, zone: string) => chooseFanOut(policy, new Date(now), zone);
    expect(choose('2026-12-01T04:59:59Z', 'America/New_York')).toBeUndefined();
    expect(choose('2026-12-01T05:00:00Z', 'America/New_York')).toEqual(kinds);
    expect(choose('2026-12-01T05:00:00Z', 'America/Los_Angeles')).toBeUndefined();
    expect(chooseFanOut(undefined, new Date(), 'UTC')).toBeUndefined();
  });
});

describe('fanOut in the config', () => {
  async function load(fanOut: unknown) {
    const cwd = await setupFolder({ 'lvsync.config.json': JSON.stringify({ tenants: { acme: { fanOut } } }) });
    return chooseTenant(await loadConfig({ cwd, env: {} })).fanOut;
  }

  it('is off unless something is switched on, and needs a first day then', async () => {
    expect(await load(undefined)).toBeUndefined();
    expect(await load({ livevox: false })).toBeUndefined();
    expect(await load({ blocks: true, from: '2026-12-01' })).toEqual({
      blocks: true,
      livevox: true,
      cellConsents: false,
      smsConsents: false,
      from: '2026-12-01',
    });
    await expect(load({ smsConsents: true })).rejects.toThrow(
      'tenants.acme.fanOut.from: needs its first day, from: "YYYY-MM-DD".',
    );
    await expect(load({ blocks: true, from: '2026-02-30' })).rejects.toThrow('must be a calendar day');
  });
});
