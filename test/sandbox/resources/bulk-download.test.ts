import { gunzipSync } from 'node:zlib';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { contactFields } from '../../../src/contact/fields.ts';
import type { PlainContact } from '../../../src/sandbox/index.ts';
import { type Caller, setup, startedAt } from '../caller.ts';

const names = contactFields.map((field) => field.name);

function parseRows(csv: string): string[][] {
  const { data, errors } = Papa.parse<string[]>(csv.replace(/\r?\n$/, ''), { header: false });
  expect(errors).toEqual([]);
  return data;
}

async function put({ call }: Caller, account: string, fields: Record<string, unknown>): Promise<void> {
  expect((await call('PUT', `/sandbox/contacts/${account}`, { fields })).status).toBeLessThan(300);
}

describe('columns', () => {
  it('come in the order asked for, under labels', async () => {
    const caller = await setup();
    await put(caller, 'A0000001', { dueDate: '2018-08-27', lastName: 'One' });
    const [header, first] = parseRows(
      await caller.download({ exportableFields: ['lastName', 'account', 'dueDate', 'COL3', 'COL7', 'COL21'] }),
    );
    expect(header).toEqual(['Last Name', 'Account', 'Account Due Date', 'Score', 'Score', 'COL21']);
    expect(first?.slice(0, 3)).toEqual(['One', 'A0000001', '08/27/2018']);
  });

  it('may be all 214, and then every row has 214 values equal to what the sandbox holds', async () => {
    const { call, download } = await setup();
    const [header, ...rows] = parseRows(await download({ exportableFields: names }));
    const { contacts } = (await call('GET', '/sandbox/contacts')).body as { contacts: PlainContact[] };
    expect(header).toHaveLength(214);
    expect(rows.map((row) => row.length)).toEqual(Array(20).fill(214));
    const texts = contactFields.filter((field) => field.type === 'text' || field.type === 'boolean');
    for (const [index, row] of rows.entries()) {
      const shown = texts.map((field) => row[field.position]);
      expect(shown).toEqual(texts.map((field) => contacts[index]?.fields[field.name] ?? ''));
    }
  });

  it('by the keyword allFields come all, in no promised order', async () => {
    const { download } = await setup({ contacts: 1 });
    const [header] = parseRows(await download({ exportableFields: ['allFields'] }));
    const [ordered] = parseRows(await download({ exportableFields: names }));
    expect(header).not.toEqual(ordered);
    expect(header?.toSorted()).toEqual(ordered?.toSorted());
  });

  it.each([[['account', 'surname']], [[]], ['account']])(
    'that are %j are refused with 400',
    async (exportableFields) => {
      const { call } = await setup();
      const reply = await call('POST', '/contact/contacts/bulk', { exportableFields });
      expect([reply.status, reply.body]).toEqual([400, { code: 203, message: expect.any(String) }]);
    },
  );
});

describe('values', () => {
  it('are quoted as in RFC 4180, and true or false, or nothing', async () => {
    const caller = await setup({ contacts: 0 });
    const lastName = 'Dávis, "Jr."\nthe 李';
    await put(caller, 'Q1', { lastName, active: 'true', accountBlock: 'false', balance: '100', email: null });
    const csv = await caller.download({ exportableFields: ['lastName', 'active', 'accountBlock', 'balance', 'email'] });
    expect(csv).toBe(
      'Last Name,Active,Account DND,Account Balance,Email\n"Dávis, ""Jr.""\nthe 李",true,false,100.00,\n',
    );
  });

  it('of time are in the client’s zone, in the form of the dialect', async () => {
    const caller = await setup({ contacts: 0, timeZone: 'America/Los_Angeles' });
    const modifyDate = '2026-07-01T06:59:59.123Z';
    await put(caller, 'T1', { modifyDate, dueDate: '2026-07-01' });
    const seen: Record<string, string> = {};
    for (const dates of ['us', 'iso', 'epoch']) {
      await caller.call('PUT', '/sandbox/dialect', { dates });
      const csv = await caller.download({ exportableFields: ['modifyDate', 'dueDate'] });
      seen[dates] = csv.split('\n')[1] ?? '';
    }
    expect(seen).toEqual({
      us: '06/30/2026 23:59:59,07/01/2026',
      iso: '2026-07-01T06:59:59.123Z,2026-07-01',
      epoch: `${Date.parse(modifyDate)},${Date.parse('2026-07-01T07:00:00Z')}`,
    });
  });

  it.each([
    ['dates', 'us', '06/30/2026 23:59:59'],
    ['day', 'us', '06/30/2026'],
    ['day', 'iso', '2026-06-30'],
    ['day', 'epoch', String(Date.parse('2026-06-30T07:00:00Z'))],
    ['us', 'iso', '06/30/2026 23:59:59'],
    ['iso', 'us', '2026-07-01T06:59:59.123Z'],
    ['epoch', 'us', String(Date.parse('2026-07-01T06:59:59.123Z'))],
  ] as const)('of modifyDate have a form of their own: %s, with dates %s', async (modifyDate, dates, expected) => {
    const caller = await setup({ contacts: 0, timeZone: 'America/Los_Angeles', dialect: { modifyDate, dates } });
    await put(caller, 'T1', { modifyDate: '2026-07-01T06:59:59.123Z' });
    expect(await caller.download({ exportableFields: ['modifyDate'] })).toBe(`Modify Date\n${expected}\n`);
  });

  it.each([
    ['true', 'true,false,true'],
    ['Y', 'Y,N,Y'],
    ['1', '1,0,1'],
  ] as const)('that are flags are written as %s', async (booleans, expected) => {
    const caller = await setup({ contacts: 0, dialect: { booleans } });
    await put(caller, 'B1', { active: true, accountBlock: false, accountBlockDaily: true });
    const csv = await caller.download({ exportableFields: ['active', 'accountBlock', 'accountBlockDaily'] });
    expect(csv.split('\n')[1]).toBe(expected);
  });

  it('end their lines as the dialect says', async () => {
    const { download } = await setup({ contacts: 1, dialect: { lineEnd: 'crlf' } });
    expect(await download({ exportableFields: ['account'] })).toBe('Account\r\nA0000001\r\n');
  });
});

describe('the window', () => {
  async function setupWindow(): Promise<Caller> {
    const caller = await setup({ contacts: 0 });
    // Midnights of New York: 05:00 UTC in winter.
    await put(caller, 'before', { modifyDate: '2026-01-10T04:59:59.999Z' });
    await put(caller, 'first', { modifyDate: '2026-01-10T05:00:00.000Z' });
    await put(caller, 'last', { modifyDate: '2026-01-12T04:59:59.999Z' });
    await put(caller, 'after', { modifyDate: '2026-01-12T05:00:00.000Z' });
    return caller;
  }
  const accounts = async (caller: Caller, window: Record<string, unknown>): Promise<string[]> =>
    (await caller.download({ exportableFields: ['account'], ...window })).trimEnd().split('\n').slice(1);

  it('by dates is whole days of the client, both ends included', async () => {
    const caller = await setupWindow();
    expect(await accounts(caller, { startDate: '2026-01-10', endDate: '2026-01-11' })).toEqual(['first', 'last']);
    expect(await accounts(caller, { startDate: '2026-01-12' })).toEqual(['after']);
    expect(await accounts(caller, { endDate: '2026-01-09' })).toEqual(['before']);
  });

  it('by epoch milliseconds includes both instants, as numbers and as digits', async () => {
    const caller = await setupWindow();
    const startDate = Date.parse('2026-01-10T05:00:00.000Z');
    const endDate = Date.parse('2026-01-12T05:00:00.000Z');
    expect(await accounts(caller, { startDate, endDate })).toEqual(['first', 'last', 'after']);
    expect(await accounts(caller, { startDate: String(startDate), endDate: String(endDate - 1) })).toEqual([
      'first',
      'last',
    ]);
  });

  it('that is no date is refused', async () => {
    const { call } = await setup();
    for (const startDate of ['01/10/2026', '2026-02-30', 'now']) {
      const reply = await call('POST', '/contact/contacts/bulk', { exportableFields: ['account'], startDate });
      expect(reply.status).toBe(400);
    }
  });

  it('leaves out what was purged, whatever it is', async () => {
    const caller = await setupWindow();
    expect((await caller.call('DELETE', '/sandbox/contacts/first')).status).toBe(204);
    expect(await accounts(caller, {})).toEqual(['before', 'last', 'after']);
  });
});

describe('compression', () => {
  const body = { exportableFields: ['account', 'lastName'] };

  it('is there when asked for, and by default no header says so', async () => {
    const { sandbox, sessionId, download } = await setup();
    const response = await fetch(`${sandbox.url}/contact/contacts/bulk`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'lv-session': sessionId, 'accept-encoding': 'gzip' },
      body: JSON.stringify(body),
    });
    expect(response.headers.get('content-encoding')).toBeNull();
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(gunzipSync(bytes).toString()).toBe(await download(body));
  });

  it('is named in the header when the dialect says so', async () => {
    const { call, download } = await setup({ dialect: { contentEncoding: true } });
    const reply = await call('POST', '/contact/contacts/bulk', body, { 'accept-encoding': 'gzip' });
    expect(reply.headers.get('content-encoding')).toBe('gzip');
    expect(reply.text).toBe(await download(body));
  });

  it.each(['application/json', 'deflate, gzip;q=0', 'br'])('is not there for %s', async (encoding) => {
    const { call } = await setup();
    const reply = await call('POST', '/contact/contacts/bulk', body, { 'accept-encoding': encoding });
    expect(reply.text.startsWith('Account,Last Name\n')).toBe(true);
  });
});

it('a large download arrives whole and in order, over many pieces', async () => {
  const { download } = await setup({ contacts: 30_000 });
  const csv = await download({ exportableFields: ['account', ...names.slice(1, 40), 'COL5'] });
  const [, ...rows] = parseRows(csv);
  expect(csv.length).toBeGreaterThan(5_000_000);
  expect(rows.map((row) => row[0])).toEqual(
    Array.from({ length: 30_000 }, (_, index) => `A${String(index + 1).padStart(7, '0')}`),
  );
  expect(rows.filter((row) => row.length !== 41)).toEqual([]);
});

it('every answer carries the date of the sandbox’s own clock', async () => {
  const { call } = await setup();
  const date = async (path: string): Promise<string | null> => (await call('GET', path)).headers.get('date');
  expect(await date('/contact/contacts/customFields')).toBe(new Date(startedAt).toUTCString());
  await call('POST', '/sandbox/clock', { offsetMs: 90_000 });
  expect(await date('/contact/contacts/customFields')).toBe(new Date(startedAt + 90_000).toUTCString());
  expect(await date('/nowhere')).toBe(new Date(startedAt + 90_000).toUTCString());
});
