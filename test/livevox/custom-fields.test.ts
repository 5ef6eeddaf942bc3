import { describe, expect, it } from 'vitest';
import { FatalError } from '../../src/errors.ts';
import { parseCustomFields } from '../../src/livevox/custom-fields.ts';

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
