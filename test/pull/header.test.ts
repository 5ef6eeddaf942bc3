import { describe, expect, it } from 'vitest';
import { contactFields } from '../../src/contact/index.ts';
import { FatalError } from '../../src/errors.ts';
import { assertHeader, findHeaderEnd, parseHeader } from '../../src/pull/header.ts';
import { header } from './download-source.ts';

const labels = parseHeader(Buffer.from(header));
const none = new Map<string, string>();

describe('findHeaderEnd', () => {
  it('a line break inside a quoted label does not end the header', () => {
    expect(findHeaderEnd(Buffer.from('Account,"Due\nDate"\r\nA1'))).toBe(20);
    expect(findHeaderEnd(Buffer.from('Account,"Due\n'))).toBeUndefined();
  });
});

describe('parseHeader', () => {
  it('a byte order mark and the line end do not belong to the labels', () => {
    expect(parseHeader(Buffer.from('\uFEFFAccount,"Due, ""Date"""\r\n'))).toEqual(['Account', 'Due, "Date"']);
  });
});

describe('assertHeader', () => {
  it('accepts known labels at their positions, any label where we know none, and labels that repeat', () => {
    const repeated = labels.map((label, index) => (index < 2 ? label : 'Same'));
    expect(() => assertHeader(repeated, contactFields, none)).not.toThrow();
  });

  it('accepts the name of a field in place of its label, and does not look at case and spaces', () => {
    const named = labels.map((label, index) =>
      index < 2 ? `  ${label.toUpperCase()} ` : (contactFields[index]?.name ?? ''),
    );
    expect(() => assertHeader(named, contactFields, new Map([['COL1', 'Branch']]))).not.toThrow();
  });

  it('a shifted header is fatal, naming position, label expected and label found', () => {
    const shifted = ['Account', 'Extra', ...labels.slice(1, -1)];
    expect(() => assertHeader(shifted, contactFields, none)).toThrow(FatalError);
    expect(() => assertHeader(shifted, contactFields, none)).toThrow(
      /^Column 2 of the download is called "Extra" where "Account Due Date" was expected/,
    );
  });

  it('a custom field under another label is fatal', () => {
    expect(() => assertHeader(labels, contactFields, new Map([['COL2', 'Branch']]))).toThrow(
      /^Column 116 of the download is called "Label of COL2" where "Branch" was expected/,
    );
  });

  it('a column too few or too many is fatal', () => {
    expect(() => assertHeader(labels.slice(0, -1), contactFields, none)).toThrow(
      /213 columns where 214 were asked for/,
    );
    expect(() => assertHeader([...labels, 'More'], contactFields, none)).toThrow(
      /215 columns where 214 were asked for/,
    );
  });

  it('a contact in place of the header is not shown', () => {
    const data = ['4155550100', '08/27/2018', ...labels.slice(2)];
    expect(() => assertHeader(data, contactFields, none)).toThrow(
      /^Column 1 of the download is called something that is no label where "Account" was expected/,
    );
  });
});
