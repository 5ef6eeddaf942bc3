/**
 * Holds the scanner against papaparse, and what COPY reads against both, over files made of a seed. Small in the suite; large:
 * `FUZZ_CASES=1000000 npx vitest run test/pull/fuzz`. A failure names seed and case: `FUZZ_SEED=… FUZZ_CASES=…` gives the same files again.
 */
import { randomUUID } from 'node:crypto';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { type ContactField, contactFields, findField } from '../../src/contact/index.ts';
import { FailedDownloadError } from '../../src/pull/failed-download.ts';
import { countHeaderLines, endsInCr, findHeaderEnd, parseHeader } from '../../src/pull/header.ts';
import { Scanner } from '../../src/pull/scan.ts';
import { copyStage, makeStage } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';
import { type FuzzedFile, makeFile, makeRandom, type Random } from './fuzz-files.ts';
import { type Model, makeModel, modelZone, toMeaning } from './fuzz-model.ts';

const cases = Number(process.env['FUZZ_CASES'] ?? 4000);
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const copyCases = Math.min(2000, Math.max(200, Math.floor(cases / 100)));
const largeCases = Math.min(200, Math.max(4, Math.floor(cases / 5000)));
const largeTimeoutMs = 3_600_000;

const fields = ['account', 'dueDate', 'agentId', 'balance', 'active', 'lvAccountId', 'modifyDate', 'firstName'].map(
  (name) => findField(name) as ContactField,
);
const labels = '"Acc\nount",Due Date,6" id,Balance,"Ac""tive",LV,Modified,First Name';
/** The first columns of the catalogue have all types but one; the rest stays empty. */
const wideFields = contactFields.slice(0, 15);
/** The driver would put a day into the zone of this process. */
const wideColumns = wideFields.map(({ column, type }) => (type === 'date' ? `${column}::text` : column)).join(', ');
const wideSuffix = ','.repeat(contactFields.length - wideFields.length);

/** What no generator would find. */
const edges: readonly (readonly [field: string, ...values: string[]])[] = [
  [
    'dueDate',
    '01/01/0001',
    '12/31/9999',
    '1800-01-01',
    '-5364662400000',
    '7289654399999',
    '2018-08-28T02:00:00+15:00',
    '02/29/2000',
  ],
  [
    'createDate',
    '01/01/0001',
    '12/31/9999 23:59:59',
    '0001-01-01T00:00:00+14:59',
    '9999-12-31 23:59:59.999999999',
    '03/11/2018 02:30:00',
  ],
  [
    'createDate',
    '2018-08-27T10:11:12.123456789-1459',
    '2018-08-27 10:11+05',
    '-5364662400000',
    '"2018-08-27 10:11:12,5"',
    '2018-08-27T1:02Z',
  ],
  ['agentId', '-999999999', '-2147483648', '+0', '00000000000000000000000000007'],
  ['lvAccountId', '-999999999999999999', '-9223372036854775808'],
  ['balance', '1e99', '1.e5', '-.5e-99', '5.', `${'9'.repeat(300)}.${'9'.repeat(300)}`, '00.10'],
  ['active', 'T', 'yEs', 'NO', ' 1 '],
  ['firstName', '\\.', '"\n\\.\n"', "'", '"\uFEFF"', '\uFEFF', '\u0001', '\u{10FFFF}', '\uFFFE', '" "'],
];

type Scanned = {
  readonly passed: Buffer;
  readonly rejected: readonly { line: number; byteOffset: number; reason: string; bytes: Buffer }[];
  readonly scanner: Scanner;
  readonly headerEnd: number;
};

/** Scans a file in chunks of random sizes up to `maxChunk`. */
function scan(file: Buffer, random: Random, maxChunk: number, columns: readonly ContactField[]): Scanned {
  const headerEnd = findHeaderEnd(file) ?? file.length;
  const header = file.subarray(0, headerEnd);
  const rejected: Scanned['rejected'][number][] = [];
  const scanner = new Scanner({
    fields: columns,
    timeZone: modelZone,
    linesBefore: countHeaderLines(header),
    bytesBefore: headerEnd,
    endsInCr: endsInCr(header),
    onRejected: (row) => rejected.push({ ...row, bytes: Buffer.from(row.bytes) }),
  });
  const passed: Buffer[] = [];
  for (let from = headerEnd; from < file.length; ) {
    const to = Math.min(file.length, from + (maxChunk >= file.length ? file.length : 1 + random.below(maxChunk)));
    // What passes is of the chunk's own memory, which may be used again.
    passed.push(...scanner.push(Buffer.from(file.subarray(from, to))));
    from = to;
  }
  passed.push(...scanner.end());
  return { passed: Buffer.concat(passed), rejected, scanner, headerEnd };
}

function attempt(work: () => Scanned): Scanned | 'cut' {
  try {
    return work();
  } catch (error) {
    if (error instanceof FailedDownloadError) return 'cut';
    throw error;
  }
}

function check(
  random: Random,
  file: FuzzedFile,
  columns: readonly ContactField[],
  maxChunk: number,
): Scanned | undefined {
  const bytes = Buffer.from(file.text, 'latin1');
  const whole = attempt(() => scan(bytes, random, bytes.length, columns));
  const cut = attempt(() => scan(bytes, random, maxChunk, columns));
  assertSame(toComparable(cut), toComparable(whole), 'another result in chunks');
  const headerEnd = findHeaderEnd(bytes) ?? bytes.length;
  assertSame(parseHeader(bytes.subarray(0, headerEnd)).length, columns.length, 'columns of the header');
  const model = makeModel(file.text, headerEnd, file.lineEnd, columns);
  if (whole === 'cut') {
    assertSame(model.mayBeCut, true, 'a whole file taken for cut');
    return undefined;
  }
  assertSame(model.isCut, false, 'a cut file taken for whole');
  compare(whole, model, file, columns);
  compareWhole(whole, model, file, columns);
  return whole;
}

/** Every row is where papaparse sees it, and nothing else is anywhere. */
function compare(
  { passed, rejected, scanner, headerEnd }: Scanned,
  model: Model,
  file: FuzzedFile,
  columns: readonly ContactField[],
): void {
  const good = model.rows.filter((row) => row.values !== undefined);
  const bad = model.rows.filter((row) => row.values === undefined);
  assertSame(
    rejected.map((row) => [row.byteOffset, row.bytes.toString('latin1'), row.line]),
    bad.map((row) => [row.from, file.text.slice(row.from, row.to), row.line]),
    'rejected rows',
  );
  assertSame([scanner.passedRows, scanner.rejectedRows], [good.length, bad.length], 'sum of rows');
  const sum = model.rows.reduce((bytes, row) => bytes + row.to - row.from, headerEnd + model.blankBytes);
  assertSame(sum, file.text.length, 'sum of bytes');
  const rows = readPassed(passed);
  assertSame(
    rows.map((row) => row.length),
    good.map(() => columns.length),
    'columns of passed rows',
  );
  assertSame(
    rows.map((row) => toMeanings(row, columns)),
    good.map((row) => row.values),
    'values',
  );
  let line = 1;
  for (const [index, end] of toRowEnds(passed).entries()) {
    assertSame(scanner.toLine(line), good[index]?.line, 'line of a passed row');
    line += end;
  }
}

/** Where papaparse reads the whole file without an error, every row that it sees and that is good has passed. */
function compareWhole({ passed }: Scanned, model: Model, file: FuzzedFile, columns: readonly ContactField[]): void {
  const isPlain = file.lineEnd === '\n' && !file.text.includes('\r') && !model.mayBeCut && !model.hasDoubt;
  if (!isPlain) return;
  const { data, errors } = Papa.parse<string[]>(Buffer.from(file.text, 'latin1').toString('utf8'), {
    delimiter: ',',
    newline: '\n',
  });
  const isTorn = data.some((row, index) => index > 0 && row.length !== columns.length && row.join('').includes('\n'));
  if (errors.length > 0 || isTorn) return;
  const expected = data.slice(1).flatMap((row) => {
    const values = toMeanings(row, columns);
    const account = row[0] ?? '';
    const isGood =
      row.length === columns.length &&
      !values.includes(undefined) &&
      account.trim() !== '' &&
      Buffer.byteLength(account) <= 1000;
    return isGood && !/[\0\ufffd]/.test(row.join('')) ? [values] : [];
  });
  const found = readPassed(passed).map((row) => toMeanings(row, columns));
  assertSame(found, expected, 'papaparse on the whole file');
}

function toMeanings(row: readonly string[], columns: readonly ContactField[]): readonly (string | undefined)[] {
  return row.map((value, column) => toMeaning(columns[column]?.type ?? 'text', value));
}

/** papaparse's reading of what passed, whose line ends are all of one kind. */
function readPassed(passed: Buffer): readonly string[][] {
  if (passed.length === 0) return [];
  const newline = passed.at(-2) === 0x0d ? '\r\n' : '\n';
  const text = passed.toString('utf8');
  const { data, errors } = Papa.parse<string[]>(text, { delimiter: ',', newline });
  assertSame(errors, [], 'errors in what passed');
  assertSame(data.at(-1), [''], 'end of what passed');
  return data.slice(0, -1);
}

/** How many lines each row of what passed has. */
function toRowEnds(passed: Buffer): readonly number[] {
  const counts: number[] = [];
  let isQuoted = false;
  let lines = 0;
  for (const byte of passed) {
    if (byte === 0x22) isQuoted = !isQuoted;
    if (byte !== 0x0a) continue;
    lines += 1;
    if (isQuoted) continue;
    counts.push(lines);
    lines = 0;
  }
  return counts;
}

function toComparable(scanned: Scanned | 'cut'): unknown {
  if (scanned === 'cut') return scanned;
  const { passed, rejected, scanner } = scanned;
  return [
    passed.toString('latin1'),
    rejected.map(({ bytes, ...row }) => [row, bytes.toString('latin1')]),
    scanner.passedRows,
  ];
}

function assertSame(found: unknown, expected: unknown, what: string): void {
  const [one, other] = [JSON.stringify(found), JSON.stringify(expected)];
  if (one !== other) throw new Error(`${what}:\n  found    ${one}\n  expected ${other}`);
}

/** Runs one case; what fails says how to have it again. */
function runCase<Result>(
  index: number,
  work: (random: Random, file: FuzzedFile) => Result,
  columns = fields,
  header = labels,
  suffix = '',
): Result {
  const random = makeRandom(seed + index * 7919);
  const file = makeFile(
    random,
    columns.map(({ type }) => type),
    header,
    suffix,
  );
  try {
    return work(random, file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`FUZZ_SEED=${seed}, case ${index}, ${JSON.stringify(file.text)}: ${why}`, { cause: error });
  }
}

describe(`files made of seed ${seed}`, () => {
  it(
    `papaparse and the scanner never disagree on a row, and no byte is lost, in ${cases} files`,
    () => {
      let passed = 0;
      let rejected = 0;
      for (let index = 0; index < cases; index += 1) {
        const found = runCase(index, (random, file) => check(random, file, fields, random.chance(2) ? 6 : 60));
        passed += found?.scanner.passedRows ?? 0;
        rejected += found?.scanner.rejectedRows ?? 0;
      }
      process.stdout.write(`fuzz: seed ${seed}, ${cases} files, ${passed} rows passed, ${rejected} rejected\n`);
      expect(passed).toBeGreaterThan(cases / 2);
      expect(rejected).toBeGreaterThan(cases / 4);
    },
    largeTimeoutMs,
  );

  it(
    `cells of a megabyte change nothing, in ${largeCases} files`,
    () => {
      let large = 0;
      for (let index = 0; large < largeCases; index += 1) {
        runCase(index, (random, file) => {
          const cell = random.pick(['x', 'ab\xc3\xbc', '""', '\n', '"",\r\n']).repeat(1_000_000).slice(0, 1_000_000);
          const text = file.text.replace('Bob Lee', () =>
            /^x|^a/.test(cell) && random.chance(2) ? cell : `"${cell}"`,
          );
          if (text === file.text) return;
          large += 1;
          check(random, { ...file, text }, fields, 400_000);
        });
      }
    },
    largeTimeoutMs,
  );

  it('Postgres takes every spelling at the edge of what passes', async () => {
    const { store } = await setupDatabase();
    const stage = await makeStage(store.pool, randomUUID());
    const rows = edges.flatMap(([name, ...values]) =>
      values.map((value) =>
        contactFields.map((field) => (field.name === name ? value : field.name === 'account' ? 'A1' : '')).join(','),
      ),
    );
    const { passed, rejected } = scan(Buffer.from(`Account\n${rows.join('\n')}\n`), makeRandom(1), 1e9, contactFields);
    expect(rejected.map(({ reason }) => reason)).toEqual([]);
    expect(
      await copyStage(store, { stage, timeZone: 'America/New_York', rows: toAsync([passed]), toLine: (line) => line }),
    ).toBe(rows.length);
  });

  it(
    `Postgres reads what passes as papaparse does, in ${copyCases} files`,
    async () => {
      const { store } = await setupDatabase();
      const stage = await makeStage(store.pool, randomUUID());
      const header = wideFields.map(({ name }) => name).join(',');
      const byLineEnd = new Map<string, { bytes: Buffer[]; values: (readonly (string | undefined)[])[] }>();
      for (let index = 0; index < copyCases; index += 1) {
        const passed = runCase(
          index,
          (random, file) => check(random, file, contactFields, 500)?.passed,
          wideFields,
          header,
          wideSuffix,
        );
        if (passed === undefined || passed.length === 0) continue;
        // COPY takes one kind of line end, so files are put together by theirs.
        const key = passed.at(-2) === 0x0d ? 'CRLF' : 'LF';
        const group = byLineEnd.get(key) ?? { bytes: [], values: [] };
        byLineEnd.set(key, group);
        group.bytes.push(passed);
        group.values.push(...readPassed(passed).map((row) => toMeanings(row.slice(0, wideFields.length), wideFields)));
      }
      expect([...byLineEnd.keys()].sort()).toEqual(['CRLF', 'LF']);
      for (const { bytes, values } of byLineEnd.values()) {
        await copyStage(store, { stage, timeZone: modelZone, rows: toAsync(bytes), toLine: (line) => line });
        const found = await store.pool.query<Record<string, unknown>>(`select ${wideColumns} from ${stage.table}`);
        await store.pool.query(`truncate ${stage.table}`);
        // A heap need not keep the order in which rows came.
        const rows = found.rows.map((row) =>
          wideFields.map((field) => toMeaning(field.type, toSpelling(row[field.column]))),
        );
        expect(toSorted(rows)).toEqual(toSorted(values));
      }
    },
    largeTimeoutMs,
  );
});

function toSorted(rows: readonly unknown[]): readonly string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

async function* toAsync(buffers: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* buffers;
}

/** What the driver gives for a column, as text. */
function toSpelling(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value ?? '');
}
