/** One number, many contacts: who is found, what is written, and that nothing but restrictions ever is. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findField, type Owner, toMirrorCanonical } from '../../src/contact/index.ts';
import { toDigits } from '../../src/store/fan-out-conditions.ts';
import { setupDatabase } from '../support/database.ts';
import {
  fanOut,
  fillSides,
  ownersOf,
  type Shown,
  selectDesired,
  selectDesiredTables,
  type Wanted,
} from './fan-out-setup.ts';

const [x, y, z] = ['2124567890', '2124567891', '2124567892'];
const usual = ownersOf(
  'lastName',
  'phone1',
  'phone1Block',
  'phone2',
  'phone2Block',
  'phone1CellConsent',
  'phone1SmsConsent',
);

function cause(account: string, field: string): object {
  return { kind: 'fan_out', account, field };
}

describe('fanOutRevocations', () => {
  it('blocks the number at every ordinal of every contact, whether the record, LiveVox or both have it', async () => {
    const { store } = await setupDatabase();
    await fillSides(
      store,
      [
        { account: 'B', fields: { phone1: '(212) 456-7890', phone3: '+1 212.456.7890' } },
        { account: 'C', fields: { phone10: '12124567890' } },
        { account: 'D', fields: { phone1: y } },
      ],
      [
        { account: 'A', fields: { phone1: x, phone1Block: 'true' } },
        { account: 'B', fields: { phone1: x, phone1Block: 'false' } },
        { account: 'N', fields: { phone1: y, phone2: x } },
      ],
    );
    expect(await fanOut(store, { owners: usual })).toEqual({ numbers: 1, contacts: 3, switches: 4, added: 1 });
    const byA = cause('A', 'phone1Block');
    expect(await selectDesired(store)).toEqual([
      {
        account: 'A',
        line: '2',
        restrictsOnly: false,
        isHashed: true,
        fields: { phone1: x, phone1Block: 'true' },
        causes: null,
      },
      {
        account: 'B',
        line: '3',
        restrictsOnly: false,
        isHashed: false,
        fields: { phone1: x, phone1Block: 'true', phone3Block: 'true' },
        causes: { phone1Block: byA, phone3Block: byA },
      },
      {
        account: 'C',
        line: '0',
        restrictsOnly: true,
        isHashed: false,
        fields: { phone10Block: 'true' },
        causes: { phone10Block: byA },
      },
      {
        account: 'N',
        line: '4',
        restrictsOnly: false,
        isHashed: false,
        fields: { phone1: y, phone2: x, phone2Block: 'true' },
        causes: { phone2Block: byA },
      },
    ]);
    expect(await selectDesiredTables(store)).toEqual(['desired_7']);
  });

  it('leaves a daily block, a blocked account, a deleted contact and another tenant where they are', async () => {
    const { store } = await setupDatabase();
    await fillSides(
      store,
      [
        { account: 'B', fields: { phone1: x } },
        { account: 'D', fields: { phone1: x, phone1BlockDaily: 'true', accountBlock: 'true' } },
        { account: 'E', fields: { phone1: x, phone1Block: 'true' }, gone: true },
        { account: 'F', fields: { phone1: x, phone1Block: 'true' }, tenant: 'other' },
      ],
      [{ account: 'A', fields: { phone1: x, phone1BlockDaily: 'true', accountBlock: 'true' } }],
    );
    const owners = ownersOf('phone1', 'phone1BlockDaily', 'accountBlock', 'phone1Block');
    expect(await fanOut(store, { owners })).toEqual({ numbers: 0, contacts: 0, switches: 0, added: 0 });
    expect(await selectDesired(store)).toHaveLength(1);
  });

  it('finds the deleted and the foreign neither', async () => {
    const { store } = await setupDatabase();
    const fields = { phone1: x };
    await fillSides(
      store,
      [
        { account: 'E', fields, gone: true },
        { account: 'F', fields, tenant: 'other' },
      ],
      [{ account: 'A', fields: { phone1: x, phone1Block: 'true' } }],
    );
    expect(await fanOut(store, { owners: usual })).toEqual({ numbers: 1, contacts: 0, switches: 0, added: 0 });
  });

  it('a block that only LiveVox shows counts, unless the policy says no', async () => {
    const { store } = await setupDatabase();
    const mirror: readonly Shown[] = [
      { account: 'A', fields: { phone2: x, phone2Block: 'true' } },
      { account: 'B', fields: { phone1: x } },
    ];
    await fillSides(store, mirror, []);
    expect(await fanOut(store, { livevox: false })).toMatchObject({ numbers: 0, contacts: 0 });
    expect(await fanOut(store)).toEqual({ numbers: 1, contacts: 1, switches: 1, added: 1 });
    expect((await selectDesired(store)).map(({ account, causes }) => [account, causes])).toEqual([
      ['B', { phone1Block: cause('A', 'phone2Block') }],
    ]);
  });

  it('a block in LiveVox that the record lifts on its own contact is no revocation; one elsewhere overrides the lift', async () => {
    const { store } = await setupDatabase();
    const owners = { phone1: 'record', phone1Block: 'record' } as const;
    const blocked = { phone1: x, phone1Block: 'true' };
    const lifted = { phone1: x, phone1Block: 'false' };
    const both = ['A', 'B'].map((account) => ({ account, fields: blocked }));
    await fillSides(store, both, [
      { account: 'A', fields: lifted },
      { account: 'B', fields: lifted },
    ]);
    expect(await fanOut(store, { owners })).toMatchObject({ numbers: 0 });
    await fillSides(store, both, [{ account: 'A', fields: lifted }]);
    expect(await fanOut(store, { owners })).toMatchObject({ numbers: 1, contacts: 1 });
    expect((await selectDesired(store))[0]).toMatchObject({
      account: 'A',
      fields: blocked,
      causes: { phone1Block: cause('B', 'phone1Block') },
    });
    // With the default owner the record's "no" lifts nothing, so LiveVox's block stays one.
    await fillSides(store, [...both, { account: 'C', fields: { phone1: x } }], [{ account: 'A', fields: lifted }]);
    await fanOut(store, { owners: usual });
    expect((await selectDesired(store)).map(({ account }) => account)).toEqual(['A', 'C']);
    expect((await selectDesired(store))[0]).toMatchObject({ fields: lifted, causes: null });
  });

  it('a withdrawn consent fans out by its own switch, said by the record alone, and what nobody gave stays as it is', async () => {
    const { store } = await setupDatabase();
    await fillSides(
      store,
      [
        { account: 'B', fields: { phone1: x, phone1CellConsent: 'true', phone1SmsConsent: 'true' } },
        { account: 'C', fields: { phone1: x } },
        { account: 'D', fields: { phone1: y, phone1CellConsent: 'false' } },
        { account: 'E', fields: { phone1: y, phone1CellConsent: 'true' } },
      ],
      [
        { account: 'A', fields: { phone1: x, phone1CellConsent: 'false' } },
        { account: 'N', fields: { phone1: x, phone1CellConsent: 'true' } },
      ],
    );
    const counts = await fanOut(store, { blocks: false, cellConsents: true, smsConsents: true, owners: usual });
    expect(counts).toEqual({ numbers: 1, contacts: 2, switches: 2, added: 1 });
    expect((await selectDesired(store)).map(({ account, fields }) => [account, fields])).toEqual([
      ['A', { phone1: x, phone1CellConsent: 'false' }],
      ['B', { phone1CellConsent: 'false' }],
      ['N', { phone1: x, phone1CellConsent: 'false' }],
    ]);
  });

  it('counts the number that an ordinal will carry: the owner of the phone decides which that is', async () => {
    const { store } = await setupDatabase();
    const mirror = [{ account: 'B', fields: { phone1: x, phone2: null, modifyDate: '2026-03-02T12:00:00Z' } }];
    const word = { account: 'A', fields: { phone1: x, phone1Block: 'true' } };
    const moved = { account: 'B', fields: { phone1: y, phone2: x }, changedAt: '2026-03-01T12:00:00Z' };
    const blocksOf = async (owner: Owner, changedAt: string | undefined) => {
      await fillSides(store, mirror, [word, { ...moved, changedAt }]);
      await fanOut(store, { owners: { ...usual, phone1: owner, phone2: owner } });
      return Object.keys((await selectDesired(store))[1]?.fields ?? {}).filter((name) => name.endsWith('Block'));
    };
    expect(await blocksOf('record', moved.changedAt)).toEqual(['phone2Block']);
    expect(await blocksOf('livevox', moved.changedAt)).toEqual(['phone1Block']);
    expect(await blocksOf('only-if-empty', moved.changedAt)).toEqual(['phone1Block', 'phone2Block']);
    expect(await blocksOf('newest', moved.changedAt)).toEqual(['phone1Block']);
    expect(await blocksOf('newest', '2026-03-02T12:00:00Z')).toEqual(['phone2Block']);
    expect(await blocksOf('newest', undefined)).toEqual(['phone1Block']);
  });

  it('a block that the newest owns is a revocation though LiveVox changed later, and is lifted only by a record that is newer', async () => {
    const { store } = await setupDatabase();
    const owners = { ...usual, phone1Block: 'newest' } as const;
    const later = '2026-03-02T12:00:00Z';
    const old = '2026-03-01T12:00:00Z';
    const shown = [
      { account: 'A', fields: { phone1: x, phone1Block: 'false', modifyDate: later } },
      { account: 'B', fields: { phone1: x } },
    ] as readonly Shown[];
    await fillSides(store, shown, [{ account: 'A', fields: { phone1Block: 'true' }, changedAt: old }]);
    expect(await fanOut(store, { owners })).toMatchObject({ numbers: 1, contacts: 1, added: 1 });
    const blocked: readonly Shown[] = [
      { account: 'A', fields: { phone1: x, phone1Block: 'true', modifyDate: later } },
      ...shown.slice(1),
    ];
    for (const [changedAt, numbers] of [
      [old, 1],
      [undefined, 1],
      [later, 0],
    ] as const) {
      await fillSides(store, blocked, [{ account: 'A', fields: { phone1Block: 'false' }, changedAt }]);
      expect(await fanOut(store, { owners })).toMatchObject({ numbers });
    }
  });

  it('does not touch a block that the mapping gives to LiveVox, nor believe the record about it', async () => {
    const { store } = await setupDatabase();
    const rows: readonly Wanted[] = [
      { account: 'A', fields: { phone1: x, phone1Block: 'true', phone2: y, phone2Block: 'true' } },
      { account: 'B', fields: { phone1: x, phone2: y } },
      { account: 'C', fields: { phone1: y } },
    ];
    await fillSides(store, [], rows);
    await fanOut(store, { owners: { ...usual, phone1Block: 'livevox' } });
    expect((await selectDesired(store)).map(({ causes }) => Object.keys(causes ?? {}))).toEqual([
      [],
      ['phone2Block'],
      [],
    ]);
  });

  it('a block that a fan-out put there is no word of the contact: run again, nothing spreads from it', async () => {
    const { store } = await setupDatabase();
    const owners = { ...usual, phone1: 'livevox' } as const;
    await fillSides(
      store,
      [
        { account: 'A', fields: { phone1: x } },
        { account: 'B', fields: { phone1: x } },
        { account: 'C', fields: { phone1: y } },
      ],
      [
        { account: 'A', fields: { phone1: x, phone1Block: 'true' } },
        { account: 'B', fields: { phone1: y } },
      ],
    );
    expect(await fanOut(store, { owners })).toEqual({ numbers: 1, contacts: 1, switches: 1, added: 0 });
    expect(await fanOut(store, { owners })).toEqual({ numbers: 1, contacts: 0, switches: 0, added: 0 });
  });

  it('a row of restrictions alone revokes the number that LiveVox has, and the first account by bytes is the cause', async () => {
    const { store } = await setupDatabase();
    await fillSides(
      store,
      [
        { account: 'b', fields: { phone1: z } },
        { account: 'Z', fields: { phone1: z } },
        { account: 'k', fields: { phone1: z } },
      ],
      [
        { account: 'b', fields: { phone1Block: 'true' }, restrictsOnly: true },
        { account: 'Z', fields: { phone1Block: 'true' }, restrictsOnly: true },
      ],
    );
    await fanOut(store, { owners: usual });
    expect((await selectDesired(store)).map(({ account, causes }) => [account, causes])).toEqual([
      ['Z', null],
      ['b', null],
      ['k', { phone1Block: cause('Z', 'phone1Block') }],
    ]);
  });

  it('a name of a table that is none of ours is refused', async () => {
    const { store } = await setupDatabase();
    const { fanOutRevocations } = await import('../../src/store/index.ts');
    const kinds = { blocks: true, livevox: true, cellConsents: false, smsConsents: false };
    const input = { tenant: 'acme', desiredTable: 'sync.x; drop schema sync', kinds, owners: {} };
    await expect(fanOutRevocations(store.pool, input)).rejects.toThrow('report this');
  });
});

describe('toDigits', () => {
  const phone = findField('phone1')!;
  const spelling = fc
    .tuple(
      fc.constantFrom('', '1', '+1', '+1 ', '+', '+44', '1-', ' '),
      fc.stringMatching(/^[2-9]\d{2}[2-9]\d{6}$/),
      fc.constantFrom('', '-', ' ', '.', ') '),
      fc.constantFrom('', ' ', '0', 'x12'),
    )
    .map(
      ([prefix, digits, gap, end]) =>
        `${prefix}${digits.slice(0, 3)}${gap}${digits.slice(3, 6)}${gap}${digits.slice(6)}${end}`,
    );

  it('reads every spelling that has a canonical number as that number', async () => {
    const { store } = await setupDatabase();
    const spellings = fc.sample(spelling, { numRuns: 3_000, seed: 5 });
    const found = await store.pool.query<{ text: string; digits: string | null }>(
      `select s.text, ${toDigits('s.text')} as digits from unnest($1::text[]) as s (text)`,
      [spellings],
    );
    const asNumber = found.rows
      .map(({ text }) => toMirrorCanonical(phone, text))
      .filter((value) => /^\d{10}$/.test(value ?? ''));
    expect(asNumber.length).toBeGreaterThan(500);
    const differing = found.rows.filter(({ text, digits }) => {
      const canonical = toMirrorCanonical(phone, text);
      return /^\d{10}$/.test(canonical ?? '') && canonical !== digits;
    });
    expect(differing).toEqual([]);
    expect(
      found.rows.filter(({ text, digits }) => text.startsWith('+') && !text.startsWith('+1') && digits !== null),
    ).toEqual([]);
  });
});
