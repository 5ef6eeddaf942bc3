/** A plan that was applied and is taken back, through the command line, against the sandbox. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CanonicalValue, findField } from '../../src/contact/index.ts';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/index.ts';
import type { Store } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';
import { setupWorkplace, type Workplace } from '../support/lvsync.ts';
import { desiredFields, shownContact } from '../support/plan-cases.ts';
import { fetchAllContacts, fetchLog, putContact, setupSandbox } from '../support/sandbox-admin.ts';

type Answer = {
  readonly runId: string;
  readonly state: string;
  readonly message: string;
  readonly changeSetId: string;
  readonly heldBecause: readonly string[];
  readonly steps: readonly { step: string; state: string; counts: Record<string, number> }[];
  readonly plan: { patches: number; reverts: string; next: string; operations: { operation: string }[] };
  readonly unreverted: {
    contacts: number;
    reasons: { reason: string; contacts: number }[];
    first: { account: string; reason: string; fields: string[] }[];
  };
  readonly error?: { problems: string[] };
};

type Bundle = { readonly sandbox: Sandbox; readonly store: Store; readonly place: Workplace };

const generous = {
  maxMoreDiallable: 1_000,
  maxDeactivations: 1_000,
  hazards: { drops_phone: 1_000, shifts_ordinals: 1_000, downgrades_permanent: 1_000 },
};

const columns = [
  'firstName',
  'balance',
  'active',
  'accountBlock',
  'primaryEmailConsent',
  ...[1, 2].flatMap((n) => ['', 'Block', 'CellConsent', 'SmsConsent'].map((suffix) => `phone${n}${suffix}`)),
];
/** The record's word counts for everything, so that plans block and lift. */
const mapping = {
  account: 'account',
  ...Object.fromEntries(columns.map((name) => [name, { column: name, owner: 'record' }])),
};

async function setup(tenant: Record<string, unknown> = {}, options: SandboxOptions = {}): Promise<Bundle> {
  const sandbox = await setupSandbox({ contacts: 5, ...options });
  const { url, store } = await setupDatabase();
  const systemsOfRecord = { crm: { kind: 'csv', path: 'record.csv', mapping } };
  const place = await setupWorkplace({
    sandbox,
    databaseUrl: url,
    tenant: { guards: generous, systemsOfRecord, ...tenant },
  });
  return { sandbox, store, place };
}

type Values = Readonly<Record<string, CanonicalValue>>;

/** The record, with a blank cell for what it does not say. */
function record(place: Workplace, contacts: ReadonlyMap<string, Values>): Promise<string> {
  const rows = [...contacts].map(([account, values]) =>
    [account, ...columns.map((name) => values[name] ?? '')].join(','),
  );
  return place.write('record.csv', `${['account', ...columns].join(',')}\n${rows.join('\n')}\n`);
}

const base: Values = {
  firstName: 'Old',
  active: 'true',
  phone1: '2025550101',
  phone1Block: 'false',
  phone1CellConsent: 'true',
  phone1SmsConsent: 'false',
};

function read(values: Values | undefined, field: string): CanonicalValue {
  return values?.[field] ?? (findField(field)?.type === 'boolean' ? 'false' : null);
}

async function fetchContact(sandbox: Sandbox, account: string): Promise<Values> {
  return (await fetchAllContacts(sandbox)).get(account) ?? {};
}

// A dozen processes one after the other, on a machine that may be busy.
const patience = { timeout: 240_000 };

describe('lvsync revert', patience, () => {
  it('takes back names, blocks and creates, and says that the record still wants them', async () => {
    const { sandbox, store, place } = await setup();
    await putContact(sandbox, 'X1', base);
    await putContact(sandbox, 'X2', { ...base, phone1Block: 'true' });
    await record(
      place,
      new Map([
        ['X1', { ...base, firstName: 'New' }],
        ['X2', base],
        ['N1', { ...base, firstName: 'Ann' }],
      ]),
    );
    const sync = await place.json<Answer>('sync');
    expect(sync).toMatchObject({ code: 0, answer: { state: 'proven' } });
    const writes = (await fetchLog(sandbox, 'bulk-update')).length;

    const made = await place.json<Answer>('revert', sync.answer.runId);
    expect(made).toMatchObject({
      code: 0,
      answer: {
        state: 'proven',
        message: 'planned: 3 differences; nothing was sent',
        reverted: { changeSetId: sync.answer.changeSetId, systemOfRecord: 'crm' },
        plan: { reverts: sync.answer.changeSetId, next: `lvsync apply ${made.answer.changeSetId}` },
        unreverted: { contacts: 0 },
        advice: expect.stringContaining('crm still wants'),
      },
    });
    expect(made.answer.steps.map(({ step }) => step)).toEqual(['pull', 'verify', 'revert']);
    expect(made.answer.plan.operations.map(({ operation }) => operation)).toEqual(['block', 'update', 'deactivate']);
    expect((await fetchLog(sandbox, 'bulk-update')).length).toBe(writes);

    expect(await place.json<Answer>('apply', made.answer.changeSetId)).toMatchObject({
      code: 0,
      answer: { state: 'proven' },
    });
    expect(await fetchContact(sandbox, 'X1')).toMatchObject(base);
    expect(await fetchContact(sandbox, 'X2')).toMatchObject({ ...base, phone1Block: 'true' });
    expect(await fetchContact(sandbox, 'N1')).toMatchObject({ firstName: 'Ann', active: 'false' });
    const audit = await store.pool.query(`select action, change_set_id, detail from sync.audit order by id`);
    expect(audit.rows).toEqual([
      expect.objectContaining({ action: 'applied', change_set_id: sync.answer.changeSetId }),
      {
        action: 'reverted',
        change_set_id: made.answer.changeSetId,
        detail: `plan ${sync.answer.changeSetId}, 3 contacts that it changed`,
      },
      expect.objectContaining({ action: 'applied', change_set_id: made.answer.changeSetId }),
    ]);
    // The record was not corrected.
    const again = await place.json<Answer>('plan');
    expect(again.answer.plan.operations.map(({ operation }) => operation)).toEqual(['update', 'lift', 'lift']);
  });

  it('lifts no block that the system of record wants, and lifts it once it does not, held by the guard, twice approved', async () => {
    const { sandbox, place } = await setup({ guards: { ...generous, maxMoreDiallable: 0 } });
    await putContact(sandbox, 'X1', base);
    await record(
      place,
      new Map([['X1', { ...base, firstName: 'New', phone1Block: 'true', phone1CellConsent: 'false' }]]),
    );
    const sync = await place.json<Answer>('sync');
    expect(sync.code).toBe(0);
    const kept = await place.json<Answer>('revert', sync.answer.changeSetId);
    expect(kept.answer.unreverted).toEqual({
      contacts: 1,
      reasons: [{ reason: 'wanted', contacts: 1 }],
      first: [{ account: 'X1', reason: 'wanted', fields: ['phone1Block', 'phone1CellConsent'] }],
    });
    expect(kept.answer.plan.operations.map(({ operation }) => operation)).toEqual(['update']);

    await record(place, new Map([['X1', { firstName: 'Old', phone1: '2025550101' }]]));
    await place.run('plan');
    const held = await place.json<Answer>('revert', sync.answer.changeSetId);
    expect(held).toMatchObject({
      code: 3,
      answer: { state: 'held', heldBecause: [expect.stringContaining('guards.maxMoreDiallable')] },
    });
    const { changeSetId } = held.answer;
    for (const by of ['Ann', 'Bob']) await place.run('approve', changeSetId, '--by', by, '--reason', 'wrong file');
    expect(await place.json<Answer>('apply', changeSetId)).toMatchObject({ code: 0, answer: { state: 'proven' } });
    expect(await fetchContact(sandbox, 'X1')).toMatchObject(base);
  });

  it('leaves what somebody has changed since, and tells a person so, with the chosen accounts alone', async () => {
    const { sandbox, place } = await setup();
    const accounts = ['X1', 'X2', 'X3'];
    for (const account of accounts) await putContact(sandbox, account, { ...base, balance: '1' });
    await record(place, new Map(accounts.map((account) => [account, { ...base, firstName: 'New', balance: '2' }])));
    const sync = await place.json<Answer>('sync');
    await putContact(sandbox, 'X1', { firstName: 'Agent' });
    await putContact(sandbox, 'X2', { firstName: 'Old' });
    await place.write('chosen.txt', '\ufeffX1\r\nX2\r\n\r\nX1\r\n');
    const told = await place.run('revert', sync.answer.changeSetId, '--accounts', 'chosen.txt');
    expect([told.code, told.stderr]).toEqual([0, '']);
    expect(told.stdout).toMatch(
      /^what stays as it is: something of 1 contact \(sync\.unreverted\)\n {2}1 contact {2}somebody has changed it since\n {4}X1 {2}touched_since {2}firstName\n/,
    );
    expect(told.stdout).toContain(`takes back what plan ${sync.answer.changeSetId} changed`);
    expect(told.stdout).toContain('still wants what is taken back');
    const planId = /^next: {2}lvsync apply (\S+)$/m.exec(told.stdout)?.[1] ?? '';
    expect((await place.run('apply', planId)).code).toBe(0);
    const contacts = await fetchAllContacts(sandbox);
    expect(
      accounts.map((account) => [contacts.get(account)?.['firstName'], contacts.get(account)?.['balance']]),
    ).toEqual([
      ['Agent', '1'],
      ['Old', '1'],
      ['New', '2'],
    ]);
    const unknown = await place.run('revert', sync.answer.changeSetId, '--accounts', 'X1,Secret,X2');
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('1 of the 3 accounts of --accounts')]);
    expect(unknown.stderr).not.toContain('Secret');
  });

  it('lifts no block that went meanwhile and came again: by a later plan, or by somebody in LiveVox', async () => {
    const { sandbox, place } = await setup();
    const accounts = ['X1', 'X2', 'X3'];
    for (const account of accounts) await putContact(sandbox, account, base);
    const blocked = { ...base, phone1Block: 'true' };
    await record(place, new Map(accounts.map((account) => [account, blocked])));
    const sync = await place.json<Answer>('sync');
    expect(sync.answer.state).toBe('proven');
    const silent = { firstName: 'Old', phone1: '2025550101' };
    await record(
      place,
      new Map<string, Values>([
        ['X1', base],
        ['X2', silent],
        ['X3', silent],
      ]),
    );
    await putContact(sandbox, 'X2', { phone1Block: 'false' });
    expect((await place.json<Answer>('sync')).answer.state).toBe('proven');
    expect((await fetchContact(sandbox, 'X1'))['phone1Block']).toBe('false');
    for (const account of ['X1', 'X2']) await putContact(sandbox, account, { phone1Block: 'true' });
    const made = await place.json<Answer>('revert', sync.answer.changeSetId);
    expect(made.answer.unreverted).toMatchObject({
      reasons: [{ reason: 'touched_since', contacts: 2 }],
      first: ['X1', 'X2'].map((account) => ({ account, reason: 'touched_since', fields: ['phone1Block'] })),
    });
    expect((await place.json<Answer>('apply', made.answer.changeSetId)).answer.state).toBe('proven');
    const contacts = await fetchAllContacts(sandbox);
    expect(accounts.map((account) => contacts.get(account)?.['phone1Block'])).toEqual(['true', 'true', 'false']);
  });

  it('a revert of a revert brings the change again', async () => {
    const { sandbox, place } = await setup();
    await putContact(sandbox, 'X1', base);
    await record(place, new Map([['X1', { ...base, firstName: 'New', phone1: '2025550109' }]]));
    const sync = await place.json<Answer>('sync');
    const changed = await fetchContact(sandbox, 'X1');
    const back = await place.json<Answer>('revert', sync.answer.runId);
    const applied = await place.json<Answer>('apply', back.answer.changeSetId);
    expect(await fetchContact(sandbox, 'X1')).toMatchObject(base);
    // By the run that applied it.
    const forth = await place.json<Answer>('revert', applied.answer.runId);
    expect(forth.answer.plan.reverts).toBe(back.answer.changeSetId);
    expect((await place.json<Answer>('apply', forth.answer.changeSetId)).answer.state).toBe('proven');
    const end = await fetchContact(sandbox, 'X1');
    expect(columns.map((field) => [field, read(end, field)])).toEqual(
      columns.map((field) => [field, read(changed, field)]),
    );
  });

  it('refuses a plan that was never sent, a run without a plan, and what is neither', async () => {
    const { sandbox, place } = await setup();
    await putContact(sandbox, 'X1', base);
    await record(place, new Map([['X1', { ...base, firstName: 'New' }]]));
    const pull = await place.json<Answer>('pull');
    const plan = await place.json<Answer>('plan');
    const pulls = (await fetchLog(sandbox)).length;
    const ends = [];
    for (const id of [
      plan.answer.runId,
      plan.answer.changeSetId,
      pull.answer.runId,
      '0b8f7e5c-4c2f-4a7e-9a51-3f1f0e6c2d11',
      'x',
    ])
      ends.push(await place.run('revert', id));
    expect(ends.map(({ code, stderr }) => [code, stderr.trim()])).toEqual([
      [
        1,
        `lvsync: Plan ${plan.answer.changeSetId} has changed nothing in LiveVox, so that there is nothing to take back.`,
      ],
      [
        1,
        `lvsync: Plan ${plan.answer.changeSetId} has changed nothing in LiveVox, so that there is nothing to take back.`,
      ],
      [1, `lvsync: Run ${pull.answer.runId} has pushed nothing, so that there is nothing to take back.`],
      [2, expect.stringContaining('There is no run and no plan')],
      [2, expect.stringContaining('is the id of neither a run nor a plan')],
    ]);
    expect((await fetchLog(sandbox)).length).toBe(pulls);
  });
});

/**
 * Contacts as LiveVox has them and as the record wants them, by random. Each place has a number, one of its own two: numbers that move
 * between places are what test/diff/plan-revert.test.ts is about.
 */
const aWorld = fc
  .array(fc.record({ shown: fc.option(shownContact, { nil: undefined, freq: 5 }), wanted: desiredFields }), {
    minLength: 60,
    maxLength: 60,
  })
  .map((contacts) =>
    contacts.map(({ shown, wanted }) => ({ shown: shown && toWorld(shown), wanted: toWorld(wanted) })),
  );

function toWorld(values: Values): Values {
  const told = columns.flatMap((name) => (values[name] == null ? [] : [[name, values[name]] as const]));
  const numbers = {
    phone1: `202555010${values['firstName'] === 'Eve' ? 1 : 2}`,
    phone2: `202555020${values['COL7'] === 'x' ? 1 : 2}`,
  };
  return { balance: '1', active: 'true', firstName: 'Ann', ...Object.fromEntries(told), ...numbers };
}

describe.each(['merge', 'replace'] as const)('with phones that %s', patience, (phones) => {
  it('apply, revert, apply: LiveVox is what it was, in all that went back', async () => {
    const { sandbox, store, place } = await setup({}, { contacts: 0, dialect: { phones } });
    const seed = Date.now();
    const [contacts = []] = fc.sample(aWorld, { numRuns: 1, seed });
    const named = contacts.map((contact, index) => ({ account: `W${index}`, ...contact }));
    for (const { account, shown } of named) if (shown !== undefined) await putContact(sandbox, account, shown);
    const before = await fetchAllContacts(sandbox);
    await record(place, new Map(named.map(({ account, wanted }) => [account, wanted])));
    const sync = await place.json<Answer>('sync');
    expect(sync.answer, `seed ${seed}`).toMatchObject({ state: 'proven' });
    // The record is corrected, and read: it wants none of the stops any more.
    const silent = named.map(({ account }) => [account, { firstName: 'Ann', balance: '1' }] as const);
    await record(place, new Map(silent));
    await place.run('plan');
    const made = await place.json<Answer>('revert', sync.answer.changeSetId);
    expect(made.answer.unreverted, `seed ${seed}`).toMatchObject({ contacts: 0 });
    const applied = await place.json<Answer>('apply', made.answer.changeSetId);
    expect(applied.answer, `seed ${seed}`).toMatchObject({ state: 'proven' });

    const after = await fetchAllContacts(sandbox);
    const changed = await store.pool.query<{ account: string; field: string }>(
      `select distinct p.account, k.field from sync.patches p cross join lateral jsonb_object_keys(p.changes) as k (field)
        where p.change_set_id = $1 and p.chunk_seq is not null`,
      [sync.answer.changeSetId],
    );
    const meant = changed.rows.filter(({ account, field }) => {
      const ordinal = findField(field)?.ordinal;
      const isSwitch = ordinal !== undefined && findField(field)?.type === 'boolean';
      return before.has(account) && !(isSwitch && read(before.get(account), `phone${ordinal}`) === null);
    });
    const wrong = meant.filter(
      ({ account, field }) => read(after.get(account), field) !== read(before.get(account), field),
    );
    expect(wrong, `seed ${seed}`).toEqual([]);
    const created = [...after].filter(([account]) => !before.has(account));
    expect(created.filter(([, fields]) => fields['active'] !== 'false')).toEqual([]);
    expect([meant.length > 50, created.length > 0]).toEqual([true, true]);
  });
});
