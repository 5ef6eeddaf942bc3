import { describe, expect, it } from 'vitest';
import { contactFields } from '../../../src/contact/fields.ts';
import type { PlainContact } from '../../../src/sandbox/index.ts';
import { makeBlankRow } from '../../../src/sandbox/model/columns.ts';
import { customFields } from '../../../src/sandbox/model/custom-fields.ts';
import { toPlain } from '../../../src/sandbox/model/plain-form.ts';
import { makePopulation } from '../../../src/sandbox/model/population.ts';
import { setup, startedAt } from '../caller.ts';

const dayMs = 86_400_000;
const size = 3000;

function make(seed: number): PlainContact[] {
  const population = makePopulation({ size, seed, asOf: startedAt - dayMs });
  return Array.from({ length: size }, (_, index) => {
    const row = makeBlankRow();
    population.fill(row, index);
    return toPlain(row, 20_000);
  });
}

const contacts = make(1);
const values = (name: string): string[] => contacts.flatMap((contact) => contact.fields[name] ?? []);

describe('reproducibility', () => {
  it('the same seed gives the same contacts in any order, another seed others', () => {
    const population = makePopulation({ size, seed: 1, asOf: startedAt - dayMs });
    const row = makeBlankRow();
    for (const index of [2999, 0, 1234, 0]) {
      population.fill(row, index);
      expect(toPlain(row, 20_000)).toEqual(contacts[index]);
    }
    expect(make(2)[0]?.fields).not.toEqual(contacts[0]?.fields);
  });

  it('two sandboxes of one seed, started at different times of a day, show the same contacts', async () => {
    const morning = await setup({ seed: 7 });
    const evening = await setup({ seed: 7, now: () => startedAt + 6 * 3_600_000 });
    const other = await setup({ seed: 8 });
    const body = { exportableFields: contactFields.map((field) => field.name) };
    expect(await evening.download(body)).toBe(await morning.download(body));
    expect(await other.download(body)).not.toBe(await morning.download(body));
  });
});

describe('plausibility', () => {
  it('accounts and ids are unique, ids beyond 32 bits', () => {
    expect(values('account')[0]).toBe('A0000001');
    expect(new Set(values('account')).size).toBe(size);
    expect(new Set(values('lvAccountId')).size).toBe(size);
    expect(Number(values('lvAccountId')[0])).toBeGreaterThan(2 ** 32);
  });

  it('every field but the undefined custom ones is filled on some contact', () => {
    const defined = new Set(customFields.map((definition) => definition.field));
    const filled = contactFields.filter((field) => values(field.name).length > 0).map((field) => field.name);
    const expected = contactFields.filter((field) => !field.custom || defined.has(field.name));
    expect(filled).toEqual(expected.map((field) => field.name));
  });

  it('about three phones each, valid numbers, with all their values', () => {
    const phones = Array.from({ length: 10 }, (_, index) => values(`phone${index + 1}`)).flat();
    expect(phones.length / size).toBeGreaterThan(2.5);
    expect(phones.length / size).toBeLessThan(3.5);
    expect(phones.filter((phone) => !/^[2-9]\d{2}[2-9]\d{6}$/.test(phone))).toEqual([]);
    expect(values('phone3Block').length).toBe(values('phone3').length);
    expect(new Set(values('phone1Block'))).toEqual(new Set(['true', 'false']));
    expect(new Set(values('phone1SmsConsent'))).toEqual(new Set(['true', 'false']));
  });

  it('nobody starts with a DAILY block', () => {
    expect(values('accountBlockDaily').concat(values('phone1BlockDaily'))).not.toContain('true');
  });

  it('modifyDate is spread over two years and older than a day', () => {
    const days = values('modifyDate').map((instant) => (startedAt - Date.parse(instant)) / dayMs);
    expect(Math.min(...days)).toBeGreaterThanOrEqual(1);
    expect(Math.min(...days)).toBeLessThan(10);
    expect(Math.max(...days)).toBeLessThanOrEqual(731);
    expect(Math.max(...days)).toBeGreaterThan(720);
    const created = values('createDate');
    expect(values('modifyDate').every((instant, index) => instant >= (created[index] ?? ''))).toBe(true);
  });

  it('some texts need quoting, carry a line break, or are not ASCII', () => {
    expect(values('lastName').some((name) => name.includes(','))).toBe(true);
    expect(values('lastName').some((name) => name.includes('"'))).toBe(true);
    expect(values('firstName').some((name) => /[^\u0020-\u007e]/.test(name))).toBe(true);
    expect(values('address1').some((address) => address.includes('\n'))).toBe(true);
    expect(values('zipCode').some((zip) => zip.startsWith('0'))).toBe(true);
  });

  it('custom values are of the type of their field', () => {
    const forms = {
      STRING: /^.{1,255}$/,
      NUMBER: /^\d+(\.\d+)?$/,
      DATE: /^\d{2}\/\d{2}\/\d{4}$/,
      BOOLEAN: /^(true|false)$/,
    };
    for (const { field, dataType, listValues } of customFields) {
      const seen = values(field);
      expect(seen.length).toBeGreaterThan(size / 2);
      if (dataType === 'LIST') expect(seen.filter((value) => !listValues?.includes(value))).toEqual([]);
      else expect(seen.filter((value) => !forms[dataType].test(value))).toEqual([]);
    }
  });
});
