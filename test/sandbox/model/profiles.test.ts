import { describe, expect, it } from 'vitest';
import { makeClientZone } from '../../../src/sandbox/client-zone.ts';
import { defaultDialect } from '../../../src/sandbox/dialect.ts';
import { columnNames, makeBlankRow, type Row } from '../../../src/sandbox/model/columns.ts';
import { makePopulation } from '../../../src/sandbox/model/population.ts';
import { ownPositions, profileCount } from '../../../src/sandbox/model/profiles.ts';
import { CsvWriter } from '../../../src/sandbox/wire/csv-writer.ts';
import { setup, startedAt } from '../caller.ts';

const population = makePopulation({ size: 1_000_000, seed: 1, asOf: startedAt });
const positions = [...columnNames.keys()];

function read(index: number): Row {
  const row = makeBlankRow();
  population.fill(row, index);
  return row;
}

describe('contacts of one profile', () => {
  it('differ in their own values only, and have one where the others have', () => {
    const own = new Set(ownPositions);
    for (let index = profileCount; index < 3 * profileCount; index += 97) {
      const [row, profile] = [read(index), read(population.profileOf(index))];
      const shared = positions.filter((position) => !own.has(position));
      expect(shared.map((position) => row[position])).toEqual(shared.map((position) => profile[position]));
      expect(ownPositions.map((position) => row[position] === null)).toEqual(
        ownPositions.map((position) => profile[position] === null),
      );
    }
  });

  it('are told apart by account, id, phone and mail', () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => read(index + 500_000));
    const distinct = (name: string): number => new Set(rows.map((row) => row[columnNames.indexOf(name)])).size;
    expect([distinct('account'), distinct('lvAccountId')]).toEqual([20_000, 20_000]);
    expect(distinct('email')).toBeGreaterThan(10_000);
    expect(distinct('phone1')).toBeGreaterThan(15_000);
    expect(
      rows.every((row) => /^[2-9]\d\d555\d{4}$/.test(String(row[columnNames.indexOf('phone1')] ?? '2015551000'))),
    ).toBe(true);
  });
});

it.each(['us', 'iso', 'epoch'] as const)(
  'lines written by profile are the lines written value by value (%s)',
  (dates) => {
    const make = (): CsvWriter =>
      new CsvWriter({
        positions: positions.toReversed(),
        labels: columnNames,
        dialect: { ...defaultDialect, dates },
        zone: makeClientZone('America/New_York'),
        today: 20_000,
      });
    const [whole, quick] = [make(), make()];
    const row = makeBlankRow();
    for (let index = 0; index < 30_000; index += 1) {
      const number = (index * 7) % 100_000;
      whole.row(read(number));
      const profile = population.profileOf(number);
      if (quick.knows(profile)) population.fillOwn(row, number);
      else population.fill(row, number);
      quick.rowOf(profile, row);
    }
    expect(quick.take().equals(whole.take())).toBe(true);
  },
);

it('a download shows what was written to contacts of a profile, and the others untouched', async () => {
  const { call, download } = await setup({ contacts: 9000 });
  const body = { exportableFields: ['account', 'lastName', 'phone1', 'modifyDate'] };
  const before = (await download(body)).split('\n');
  await call('PUT', '/sandbox/contacts/A0008000', { fields: { lastName: 'Changed' } });
  const after = (await download(body)).split('\n');
  expect(after.filter((line, index) => line !== before[index])).toEqual([expect.stringMatching(/^A0008000,Changed,/)]);
});
