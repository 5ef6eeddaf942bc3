import { expect, it } from 'vitest';
import { setup } from '../caller.ts';

it('custom fields have a field, a label that may repeat, and a type; lists have their values', async () => {
  const { call } = await setup();
  const reply = await call('GET', '/contact/contacts/customFields');
  const { customFields } = reply.body as { customFields: Record<string, unknown>[] };
  expect(customFields).toHaveLength(20);
  expect(new Set(customFields.map((field) => field['field'])).size).toBe(20);
  expect(new Set(customFields.map((field) => field['label'])).size).toBeLessThan(20);
  expect(new Set(customFields.map((field) => field['dataType']))).toEqual(
    new Set(['STRING', 'NUMBER', 'DATE', 'BOOLEAN', 'LIST']),
  );
  for (const field of customFields) expect(Array.isArray(field['listValues'])).toBe(field['dataType'] === 'LIST');
});
