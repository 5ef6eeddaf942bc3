/** The table of docs/values.md, run: what it calls equal is one value on both sides, what it calls refused is refused. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type ContactField,
  type CustomDataType,
  customDataTypes,
  findField,
  toCanonical,
  toMirrorCanonical,
} from '../../src/contact/index.ts';
import { root } from '../support/source-files.ts';

type Line = {
  readonly title: string;
  readonly fields: readonly ContactField[];
  readonly dataType: CustomDataType | undefined;
  readonly equal: readonly string[];
  readonly sent: string;
  readonly kept: readonly string[];
  readonly refused: readonly string[];
};

const timeZone = 'America/New_York';
const page = readFileSync(join(root, 'docs/values.md'), 'utf8');
const lines = [...page.matchAll(/^\| (`.*) \|$/gm)].map((match) => toLine(match[1] ?? ''));

function toLine(text: string): Line {
  const cells = text.split(/\|/);
  const [title = '', equal = '', sent = '', kept = '', refused = ''] = cells;
  if (cells.length !== 5) throw new Error(`not five cells: ${title}`);
  const [only] = toExamples(sent);
  if (only === undefined) throw new Error(`nothing is sent: ${title}`);
  return {
    title: title.trim(),
    fields: toExamples(title).map((name) => findField(name) ?? fail(`no field ${name}`)),
    dataType: customDataTypes.find((type) => title.includes(` as ${type}`)),
    equal: toExamples(equal),
    sent: only,
    kept: toExamples(kept),
    refused: toExamples(refused),
  };
}

function toExamples(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
}

function fail(message: string): never {
  throw new Error(message);
}

describe('docs/values.md', () => {
  test('has a row for every kind of field that can be sent', () => {
    const named = new Set(lines.flatMap((line) => line.fields.map((field) => field.name)));
    const wanted = [
      'account',
      'phone1',
      'state',
      'zipCode',
      'ssn',
      'email',
      'dateOfBirth',
      'balance',
      'groupId',
      'active',
    ];
    expect(wanted.filter((name) => !named.has(name))).toEqual([]);
    expect(customDataTypes.filter((type) => !lines.some((line) => line.dataType === type))).toEqual([]);
    expect(lines.flatMap((line) => [...line.equal, ...line.kept, ...line.refused]).length).toBeGreaterThan(120);
  });

  test.each(lines)('$title', ({ fields, dataType, equal, sent, kept, refused }) => {
    expect(fields.length).toBeGreaterThan(0);
    const options = { timeZone, dataType };
    for (const field of fields) {
      for (const [raw, value] of [...equal.map((one) => [one, sent]), ...kept.map((one) => [one, one])]) {
        expect(toCanonical(field, raw ?? '', options), `${field.name} ${raw}`).toEqual({ ok: true, value });
        expect(toMirrorCanonical(field, raw ?? '', dataType, timeZone), `${field.name} ${raw}`).toBe(value);
      }
      for (const raw of refused) {
        expect(toCanonical(field, raw, options), `${field.name} ${raw}`).toMatchObject({ ok: false });
      }
    }
  });
});
