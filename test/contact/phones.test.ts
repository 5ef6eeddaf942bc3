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
    '212\u200b555\u30000100',
    '(1) 212/555/0100',
    '011 1 212 555 0100',
    '01112125550100',
    'tel:+1-212-555-0100',
    '٢١٢٥٥٥٠١٠٠',
    '＋１ ２１２ ５５５ ０１００',
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
    ['an extension after a hash', '2125550100#5'],
    ['an extension in a tel: address', 'tel:+1-212-555-0100;ext=5'],
    ['an area code that ends in 11', '9115550100'],
    ['a one too many', '1 1 212 555 0100'],
    ['a one too many behind the plus', '+1 1 2125550100'],
    ['a foreign number of ten digits', '+2125550100'],
    ['a foreign number by 011', '011 44 20 7946 0000'],
    ['the international prefix of others', '0012125550100'],
    ['a word beside it', '2125550100 home'],
    ['a word before it', 'home 2125550100'],
    ['a plus inside', '1+2125550100'],
    ['two pluses', '++12125550100'],
    ['digits of a script that the library does not know', '२१२५५५०१००'],
    ['a comma', '2125550100,'],
    ['a very long text', '2'.repeat(100_000)],
    ['nothing', ''],
  ])('%s is no phone number', (_, text) => {
    expect(parsePhoneNumber(text)).toBeUndefined();
  });
});

describe('area codes', () => {
  test.each([
    ['Canada', '416'],
    ['Jamaica', '876'],
    ['Puerto Rico', '787'],
    ['toll-free', '800'],
    ['not assigned to anybody yet', '222'],
  ])('%s', (_, areaCode) => {
    expect(parsePhoneNumber(`+1 (${areaCode}) 555-0100`)).toBe(`${areaCode}5550100`);
  });

  test('an exchange may end in 11', () => {
    expect(parsePhoneNumber('1-800-411-7246')).toBe('8004117246');
  });
});

describe('isPhoneNumberField', () => {
  test('exactly phone1 to phone10 are phone numbers', () => {
    const names = contactFields.filter(isPhoneNumberField).map((field) => field.name);
    expect(names).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((ordinal) => `phone${ordinal}`));
  });
});
