import { describe, expect, it, onTestFinished } from 'vitest';
import { FatalError } from '../../src/errors.ts';
import { parseCustomFields } from '../../src/livevox/custom-fields.ts';
import { afterLogin, json, makeClient, startOddServer } from './odd-server.ts';

describe('parseCustomFields', () => {
  it('reads the vendor example, lists and labels that are missing', () => {
    const body = {
      customFields: [
        { field: 'COL9', label: 'Company', dataType: 'STRING' },
        { field: 'col24', label: 'Score Type', dataType: 'number' },
        { field: 'COL1', label: 'Tier', dataType: 'LIST', listValues: ['gold', 2] },
        { field: 'COL2', label: 7, dataType: 'MONEY', listValues: 'null' },
        { field: 'COL100', label: null },
      ],
    };
    expect(parseCustomFields(body)).toEqual([
      { field: 'COL9', label: 'Company', dataType: 'STRING' },
      { field: 'COL24', label: 'Score Type', dataType: 'NUMBER' },
      { field: 'COL1', label: 'Tier', dataType: 'LIST', listValues: ['gold', '2'] },
      { field: 'COL2', label: '7', dataType: 'STRING' },
      { field: 'COL100', label: '', dataType: 'STRING' },
    ]);
  });

  it.each([[{}], [{ customFields: null }], [{ customFields: [] }]])('%j is a tenant without custom fields', (body) => {
    expect(parseCustomFields(body)).toEqual([]);
  });

  it('a field that is no column of an export is left out', () => {
    expect(parseCustomFields({ customFields: [{ field: 'COL101' }, { field: 'account' }] })).toEqual([]);
  });

  it.each([['text'], [{ customFields: 'none' }], [{ customFields: [{ label: 'x' }] }]])('%j is refused', (body) => {
    expect(() => parseCustomFields(body)).toThrow(FatalError);
  });
});

async function setup(status: number, body: unknown = '') {
  const server = await startOddServer(afterLogin((response) => json(response, status, body)));
  const client = makeClient(server.baseUrl);
  onTestFinished(async () => {
    await client.close();
    await server.close();
  });
  return { customFields: client.customFields, sent: () => server.requests.slice(1) };
}

describe('customFields.readCustomField', () => {
  // The example asks for COL7 and is answered with COL30.
  it('reads the example', async () => {
    const body = { listValues: ['blue', 'green', 'red'], field: 'COL30', label: 'Test', dataType: 'LIST' };
    const { customFields, sent } = await setup(200, body);
    expect(await customFields.readCustomField('COL7')).toEqual(body);
    expect(sent()).toMatchObject([{ verb: 'GET', path: '/contact/contacts/customFields/COL7' }]);
  });

  it('gives undefined for a field that is not in use', async () => {
    const { customFields } = await setup(404, { code: 203, message: 'No Record Found' });
    expect(await customFields.readCustomField('COL99')).toBeUndefined();
  });

  it.each(['COL101', 'col1', 'Company', '', '..'])('%j is no custom field, and nothing is sent', async (field) => {
    const { customFields, sent } = await setup(200, {});
    await expect(customFields.readCustomField(field)).rejects.toThrow(FatalError);
    expect(sent()).toEqual([]);
  });
});

describe('customFields.updateCustomField', () => {
  // The example names no type, which the page says means NUMBER; here it must be named.
  it('sends the example', async () => {
    const { customFields, sent } = await setup(204);
    const field = { field: 'COL11', label: 'Balance Due After Date', dataType: 'NUMBER' } as const;
    expect(await customFields.updateCustomField([field])).toMatchObject({ kind: 'accepted', httpStatus: 204 });
    expect(sent()).toMatchObject([{ verb: 'PUT', path: '/contact/contacts/customFields' }]);
    expect(JSON.parse(sent()[0]?.body ?? '')).toEqual({ customFields: [field] });
  });

  it('replaces the values of a list only when they are given', async () => {
    const { customFields, sent } = await setup(204);
    const list = { field: 'COL1', label: 'Tier', dataType: 'LIST' } as const;
    await expect(customFields.updateCustomField([list])).rejects.toThrow('give its listValues');
    await expect(customFields.updateCustomField([])).rejects.toThrow(FatalError);
    await expect(customFields.updateCustomField([{ ...list, field: 'COL0' }])).rejects.toThrow(FatalError);
    expect(sent()).toEqual([]);
    await customFields.updateCustomField([{ ...list, listValues: ['gold'] }]);
    expect(JSON.parse(sent()[0]?.body ?? '')).toEqual({ customFields: [{ ...list, listValues: ['gold'] }] });
  });
});
