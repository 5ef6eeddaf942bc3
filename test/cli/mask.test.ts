/** What of a person is shown by default: enough to see a change, never the value itself. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskChange, maskValue } from '../../src/cli/mask.ts';
import { contactFields } from '../../src/contact/index.ts';

describe('maskValue', () => {
  test.each([
    ['lastName', 'Smith', 'S•••'],
    ['guarantorFirstName', '🙂lle', '🙂•••'],
    ['firstName', 'X', '•••'],
    ['phone1', '2015550123', '•••23'],
    ['phone10', '+1 (201) 555-0123', '•••23'],
    ['phone2', '911', '•••'],
    ['dateOfBirth', '1980-05-17', '1980-••-••'],
    ['dateOfBirth', 'May 1980', '•••'],
    ['email', 'bob@example.com', 'b•••@example.com'],
    ['email', '"a@b"@example.com', '"•••@example.com'],
    ['email', 'no address', '•••'],
    ['email', '@example.com', '•••'],
    ['ssn', '123456789', '•••'],
    ['zipCode', '07302', '•••'],
    ['COL7', 'gold', '•••'],
    ['unheardOf', 'gold', '•••'],
  ])('%s %j shows as %j', (field, value, shown) => {
    expect(maskValue(field, value)).toBe(shown);
  });

  test.each([
    ['account', '4711'],
    ['balance', '-12.5'],
    ['active', 'false'],
    ['phone1Block', 'true'],
    ['groupId', '17'],
    ['ssn', null],
  ])('%s %j says nothing of a person that may not be seen', (field, value) => {
    expect(maskValue(field, value)).toBe(value);
  });

  test('of a personal value nothing is left but what the rules name', () => {
    const personal = contactFields.filter((field) => field.personal && field.name !== 'account');
    const value = fc.stringMatching(/^[A-Za-z0-9 ]{4,20}$/);
    fc.assert(
      fc.property(fc.constantFrom(...personal), value, ({ name }, text) => {
        const shown = maskValue(name, text) ?? '';
        expect(shown).toContain('•••');
        expect(shown.replace('•••', '').length).toBeLessThanOrEqual(2);
        expect(maskValue(name, text)).toBe(shown);
      }),
    );
  });
});

describe('maskChange', () => {
  test('a change that both masks would hide is said', () => {
    expect(maskChange('lastName', 'Smith', 'Smyth')).toEqual(['S•••', 'S••• (changed)']);
    expect(maskChange('lastName', 'Smith', 'Jones')).toEqual(['S•••', 'J•••']);
    expect(maskChange('lastName', null, 'Jones')).toEqual([null, 'J•••']);
  });

  test('two different values never look the same, and two equal ones always do', () => {
    const value = fc.option(fc.string(), { nil: null });
    fc.assert(
      fc.property(fc.constantFrom(...contactFields), value, value, ({ name }, from, to) => {
        const [before, after] = maskChange(name, from, to);
        expect(before === after).toBe(from === to);
      }),
    );
  });
});
