import { describe, expect, it } from 'vitest';
import { type Caller, type Reply, setup } from '../caller.ts';

const path = '/contact/contacts/customFields';

it('custom fields have a field, a label that may repeat, and a type; lists have their values', async () => {
  const { call } = await setup();
  const reply = await call('GET', path);
  const { customFields } = reply.body as { customFields: Record<string, unknown>[] };
  expect(customFields).toHaveLength(20);
  expect(new Set(customFields.map((field) => field['field'])).size).toBe(20);
  expect(new Set(customFields.map((field) => field['label'])).size).toBeLessThan(20);
  expect(new Set(customFields.map((field) => field['dataType']))).toEqual(
    new Set(['STRING', 'NUMBER', 'DATE', 'BOOLEAN', 'LIST']),
  );
  for (const field of customFields) expect(Array.isArray(field['listValues'])).toBe(field['dataType'] === 'LIST');
});

describe('readCustomField', () => {
  // The example asks for COL7 and shows COL30.
  it('answers in the shape of the vendor’s example', async () => {
    const { call } = await setup();
    const definition = { field: 'COL30', label: 'Test', dataType: 'LIST', listValues: ['blue', 'green', 'red'] };
    await call('PUT', path, { customFields: [definition] });
    expect((await call('GET', `${path}/COL30`)).body).toEqual(definition);
    const number = await call('GET', `${path}/COL7`);
    expect([number.status, number.body]).toEqual([200, { field: 'COL7', label: 'Score', dataType: 'NUMBER' }]);
  });

  it('a column without a definition, and what is no column, are 404', async () => {
    const { call } = await setup();
    for (const field of ['COL30', 'Score', 'col7']) expect((await call('GET', `${path}/${field}`)).status).toBe(404);
  });
});

describe('updateCustomFields', () => {
  it('does what the vendor’s example asks: the type becomes NUMBER, the values stay', async () => {
    const caller = await setup();
    await caller.call('PUT', '/sandbox/contacts/x', { fields: { COL11: 'Auto' } });
    const reply = await caller.call('PUT', path, {
      customFields: [{ field: 'COL11', label: 'Balance Due After Date' }],
    });
    expect([reply.status, reply.text]).toEqual([204, '']);
    expect((await caller.call('GET', `${path}/COL11`)).body).toEqual({
      field: 'COL11',
      label: 'Balance Due After Date',
      dataType: 'NUMBER',
    });
    expect(await caller.held('x')).toMatchObject({ COL11: 'Auto' });
    expect(await caller.download({ exportableFields: ['COL11', 'COL12'] })).toMatch(/^Balance Due After Date,/);
  });

  it('list values are replaced as a whole', async () => {
    const { call } = await setup();
    const update = { field: 'COL4', label: 'Language', dataType: 'LIST', listValues: ['Welsh'] };
    await call('PUT', path, { customFields: [update] });
    expect((await call('GET', `${path}/COL4`)).body).toEqual(update);
  });

  it.each([
    ['no list', {}],
    ['no label', { customFields: [{ field: 'COL1' }] }],
    ['a column beyond 100', { customFields: [{ field: 'COL101', label: 'x' }] }],
    ['an unknown type', { customFields: [{ field: 'COL1', label: 'x', dataType: 'MONEY' }] }],
    [
      'list values of another type',
      { customFields: [{ field: 'COL1', label: 'x', dataType: 'DATE', listValues: ['y'] }] },
    ],
  ])('%s is refused', async (_, body) => {
    expect((await (await setup()).call('PUT', path, body)).status).toBe(400);
  });
});

describe('values of a custom field', () => {
  const write = ({ call }: Caller, field: string, value: unknown): Promise<Reply> =>
    call('PUT', '/contact/contacts/bulk', {
      updateContactDetails: [{ account: 'A0000001', customFields: [{ field, value }] }],
    });

  it.each([
    ['COL1', 'anything', 204],
    ['COL3', '12.50', 204],
    ['COL3', 7, 204],
    ['COL3', 'seven', 400],
    ['COL2', '02/28/2026', 204],
    ['COL2', '2026-02-28', 204],
    ['COL2', '02/30/2026', 400],
    ['COL5', true, 204],
    ['COL5', 'maybe', 400],
    ['COL4', 'Spanish', 204],
    ['COL4', 'Klingon', 400],
    ['COL4', '', 204],
    ['COL77', 'no definition', 204],
  ])('strict: %s takes %j with %i', async (field, value, status) => {
    const caller = await setup({ dialect: { customFieldTypes: 'strict' } });
    expect((await write(caller, field, value)).status).toBe(status);
    const body = { updateContactDetails: { customFields: [{ field, value }] } };
    expect((await caller.call('PUT', '/contact/contacts/A0000001', body)).status).toBe(status);
  });

  it('lenient: of any type, but never over 255 characters', async () => {
    const caller = await setup();
    expect((await write(caller, 'COL3', 'seven')).status).toBe(204);
    expect((await write(caller, 'COL3', 'x'.repeat(255))).status).toBe(204);
    expect((await write(caller, 'COL3', 'x'.repeat(256))).status).toBe(400);
  });
});
