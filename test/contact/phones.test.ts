import { describe, expect, test } from 'vitest';
import { contactFields } from '../../src/contact/fields.ts';
import { isPhoneNumberField, parsePhoneNumber } from '../../src/contact/phones.ts';

describe('parsePhoneNumber', () => {
  test.each([
    '2125550100',
    '(212) 555-0100',
    '212.555.0100',
    '1-212-555-0100',
    '+1 (212) 555 0100',
    '+12125550100',
    '212\u00a0555\u20110100',
  ])('%s is the number 2125550100', (text) => {
    expect(parsePhoneNumber(text)).toBe('2125550100');
  });

  test.each([
    ['nine digits', '212555010'],
    ['an extension', '2125550100 x5'],
    ['a foreign country code', '+442125550100'],
    ['a plus without a country code', '+2125550100'],
    ['an area code below 200', '1125550100'],
    ['an exchange below 200', '2121550100'],
    ['eleven digits that do not begin with 1', '22125550100'],
    ['letters', '212-555-CALL'],
    ['two numbers', '2125550100 / 2125550101'],
    ['digits of another script', '٢١٢٥٥٥٠١٠٠'],
    ['nothing', ''],
  ])('%s is no phone number', (_, text) => {
    expect(parsePhoneNumber(text)).toBeUndefined();
  });
});

describe('isPhoneNumberField', () => {
  test('exactly phone1 to phone10 are phone numbers', () => {
    const names = contactFields.filter(isPhoneNumberField).map((field) => field.name);
    expect(names).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((ordinal) => `phone${ordinal}`));
  });
});
