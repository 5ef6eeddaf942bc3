import { describe, expect, it } from 'vitest';
import { contactFields } from '../../src/contact/index.ts';
import { FatalError } from '../../src/errors.ts';
import { FailedDownloadError } from '../../src/pull/failed-download.ts';
import { assertHeader, countHeaderLines, endsInCr, findHeaderEnd, parseHeader } from '../../src/pull/header.ts';
import { header } from './download-source.ts';

const labels = parseHeader(Buffer.from(header));
const none = new Map<string, string>();

describe('findHeaderEnd', () => {
  it('a line break inside a quoted label does not end the header', () => {
    expect(findHeaderEnd(Buffer.from('Account,"Due\nDate"\r\nA1'))).toBe(20);
    expect(findHeaderEnd(Buffer.from('Account,"Due\n'))).toBeUndefined();
    expect(findHeaderEnd(Buffer.from('\uFEFF"Acc\nount",Due\nA1'))).toBe(18);
  });

  it('a quote inside a label does not take the rows behind the header for a part of it', () => {
    const csv = 'Account,5" pipe\nA1,\nA2,"x"\n';
    expect(findHeaderEnd(Buffer.from(csv))).toBe(16);
    expect(findHeaderEnd(Buffer.from('Account,"5"" pipe"\nA1,"x"\n'))).toBe(19);
  });

  it('a header that ends in a bare carriage return ends there, once it is sure that no line feed follows', () => {
    expect(findHeaderEnd(Buffer.from('Account,Due\rA1,\r'))).toBe(12);
    expect(findHeaderEnd(Buffer.from('Account,Due\r'))).toBeUndefined();
    expect(findHeaderEnd(Buffer.from('Account,Due\r\nA1,'))).toBe(13);
    expect(endsInCr(Buffer.from('Account,Due\r'))).toBe(true);
    expect(endsInCr(Buffer.from('Account,Due\r\n'))).toBe(false);
  });

  it.each([
    [0xff, 0xfe],
    [0xfe, 0xff],
  ])('UTF-16 is fatal, and says so (%i %i)', (...mark) => {
    const bytes = Buffer.concat([Buffer.from(mark), Buffer.from('Account,Due\n', 'utf16le')]);
    expect(() => findHeaderEnd(bytes)).toThrow(FatalError);
    expect(() => findHeaderEnd(bytes)).toThrow(/^The download is UTF-16 where UTF-8 was expected/);
  });
});

describe('parseHeader', () => {
  it('a byte order mark and the line end do not belong to the labels', () => {
    expect(parseHeader(Buffer.from('\uFEFFAccount,"Due, ""Date"""\r\n'))).toEqual(['Account', 'Due, "Date"']);
    expect(parseHeader(Buffer.from('Account,5" pipe\r'))).toEqual(['Account', '5" pipe']);
  });

  it('a header that is cut off inside a label, or has a stray quote, is a failed download', () => {
    expect(() => parseHeader(Buffer.from('Account,"Due'))).toThrow(FailedDownloadError);
    expect(() => parseHeader(Buffer.from('Account,"Due" Date\n'))).toThrow(FailedDownloadError);
  });
});

describe('countHeaderLines', () => {
  it('counts the line ends of the kind that the header has', () => {
    expect(countHeaderLines(Buffer.from('Account,"Due\nDate"\r\n'))).toBe(2);
    expect(countHeaderLines(Buffer.from('Account,"Due\nDate"\r'))).toBe(1);
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
