/**
 * Makes CSV files out of a seed: mostly rows as LiveVox writes them, with everything that has ever broken a CSV reader strewn in. The files
 * are strings of bytes (latin1), because many of them are no text; so blanks outside of ASCII are left to the scanner's own tests.
 */
import type { FieldType } from '../../src/contact/index.ts';

export type Random = {
  /** 0..below-1. */
  readonly below: (limit: number) => number;
  readonly chance: (oneIn: number) => boolean;
  readonly pick: <Item>(items: readonly Item[]) => Item;
};

/** Mulberry32. */
export function makeRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return { below, chance: (oneIn) => next() * oneIn < 1, pick: (items) => items[below(items.length)] as never };
}

function toBytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}

const good: Readonly<Record<FieldType, readonly string[]>> = {
  text: [
    'Ann',
    'Bob Lee',
    toBytes('Zoë'),
    toBytes('李'),
    toBytes('😀'),
    ' lead',
    'trail ',
    '\\.',
    'null',
    '-',
    '#x',
    "O'Hara",
  ],
  integer: ['0', '12', '-7', '2147483647', '-2147483648', '+5', ' 8 ', '007'],
  bigint: ['0', '9223372036854775807', '-9223372036854775808', '123456789012', ' 8 '],
  numeric: ['0', '1.50', '-2.', '.5', '1e3', '+4.25', ' 7.1', '123456789012345678901234567890.5'],
  boolean: ['true', 'false', 'TRUE', 'False', 'Y', 'n', 'yes', 'No', '1', '0', 't', 'F', ' y '],
  date: [
    '08/27/2018',
    '2018-08-27',
    '02/29/2020',
    '8/7/2018',
    '1535379072000',
    '473385600000',
    '-86400000',
    '-1',
    '94694400000',
    '0',
    '2018-08-28T02:00:00Z',
    '08/27/2018 23:59:59',
    ' 08/27/2018 ',
    '1600000000000',
    '201808271011',
  ],
  timestamp: [
    '08/27/2018 10:11:12',
    '08/27/2018 10:11',
    '08/27/2018',
    '2018-08-27',
    '2018-08-27T10:11:12Z',
    '2018-08-27 10:11:12.5',
    '2018-08-27T10:11:12+0530',
    '2018-08-27 10:11:12-04',
    '1535379072123',
    '-1000',
    '12345678901',
    '8/7/2018 1:02',
    ' 08/27/2018 10:11:12 ',
    '2018-08-27T10:11Z',
    '947000000000',
  ],
};

const bad: Readonly<Record<FieldType, readonly string[]>> = {
  text: ['Ann'],
  integer: ['1.5', 'x', '2147483648', '--1', '1 2', '0x1f', toBytes('١')],
  bigint: ['1.5', '9223372036854775808', 'many'],
  numeric: ['1,5', '1.2.3', 'NaN', '.', 'e5', '1_000', '$5'],
  boolean: ['maybe', '2', 'tru', 'falsey', 'on', 'yess'],
  date: [
    '02/30/2020',
    '02/29/1900',
    '27/08/2018',
    'soon',
    '20180827',
    '20180827101112',
    '2018-8-27',
    '13/45/2018',
    '08-27-2018',
  ],
  timestamp: [
    '08/27/2018 24:00:00',
    '08/27/2018 10:61',
    'now',
    'infinity',
    '20180827',
    '201808271011',
    '2018-08-27T10:11:12+99:00',
    '10:11:12',
  ],
};

/** Fields that are CSV, and mean text. */
const quotedTexts = [
  '""',
  '"Ann"',
  '"a,b"',
  '"said ""hi"""',
  '"two\nlines"',
  '"two\r\nlines"',
  '"a\rb"',
  '"\\."',
  '"\n\\.\n"',
  '" "',
  '""""',
  '"\n"',
  '","',
  '"x\r"',
  '"\r\n"',
  '"""a"',
  toBytes('"ü\n€"'),
  '"a\n,,,,,,,\nb"',
];

/** Fields that programs read in different ways, or not at all. */
const suspectTexts = [
  '5" pipe',
  'a""b',
  ' "x"',
  'x"',
  'a\rb',
  '\r',
  '"x" ',
  '"x"\t',
  '"x"\r',
  '"x"y',
  '"a" "b"',
  '"',
  '"open',
  '""open"',
  '"x""',
  'a"b"c',
  '" ',
  '"it\'s" ',
  'a\nb',
];

const dirtyTexts = [
  '\0',
  'a\0b',
  '\xff',
  '\xc3',
  '\xed\xb0\x80',
  '\xed\xaf\xbf',
  '\xc0\xaf',
  '\xf5\x80\x80\x80',
  '"\xe2\x82"',
  '\xef\xbf\xbe',
];

const accounts = [
  'A1',
  'a1',
  'ACC0001',
  '4155550100',
  toBytes('Ä9'),
  '"A,1"',
  '"A""1"',
  '"A\n1"',
  '\\.',
  ' A2 ',
  '"A3"',
];
const badAccounts = ['', '""', ' ', '" "', `${'B'.repeat(1001)}`, '"A4" ', 'A"5', '"A6"x', 'A\r7'];
const damages = ['"', ',', '\n', '\r', '\r\n', '\0', '\xff', ' ', '""', '1', '\r\r\n', '",', ',"'];

export type FuzzedFile = {
  /** Bytes as latin1. */
  readonly text: string;
  readonly lineEnd: '\n' | '\r';
};

/** A file of some rows; `suffix` stands behind the fields of each row and of the header. */
export function makeFile(random: Random, types: readonly FieldType[], labels: string, suffix = ''): FuzzedFile {
  const kind = random.below(20);
  const lineEnd = kind < 3 ? '\r' : '\n';
  const ends = kind < 3 ? ['\r'] : kind < 8 ? ['\r\n'] : kind < 11 ? ['\n', '\r\n'] : ['\n'];
  // Half of the files are well-formed, so that papaparse can be asked about them as a whole.
  const isHostile = random.chance(2);
  const mark = random.chance(6) ? '\xef\xbb\xbf' : '';
  const rows: string[] = [];
  for (let row = random.below(8); row > 0; row -= 1) {
    const line = types.map((type, column) => makeField(random, type, column, isHostile)).join(',') + suffix;
    rows.push((isHostile && random.chance(5) ? damage(random, line) : line) + random.pick(ends));
    if (random.chance(25)) rows.push(random.pick(ends));
  }
  const header = mark + labels + suffix + random.pick(ends);
  let body = rows.join('');
  if (isHostile && random.chance(8)) body = body.slice(0, random.below(body.length + 1));
  else if (random.chance(6)) body = body.replace(/[\r\n]+$/, '');
  // A line feed behind the header's carriage return would be of the header.
  if (lineEnd === '\r' && body.startsWith('\n')) body = body.replace(/^\n+/, '');
  return { text: header + body, lineEnd };
}

function makeField(random: Random, type: FieldType, column: number, isHostile: boolean): string {
  if (column === 0) return random.chance(12) ? random.pick(badAccounts) : random.pick(accounts);
  if (random.chance(3)) return random.chance(6) ? '""' : '';
  if (type === 'text') return makeText(random, isHostile);
  const value = random.chance(isHostile ? 12 : 40) ? random.pick(bad[type]) : random.pick(good[type]);
  if (isHostile && random.chance(40)) return `${value}${random.pick(damages)}`;
  if (random.chance(60)) return `"\n${value}\n"`;
  return value.includes(',') || random.chance(7) ? `"${value}"` : value;
}

function makeText(random: Random, isHostile: boolean): string {
  const what = random.below(isHostile ? 16 : 10);
  if (what < 6) return random.pick(good.text);
  if (what < 10) return random.pick(quotedTexts);
  return what < 15 ? random.pick(suspectTexts) : random.pick(dirtyTexts);
}

function damage(random: Random, line: string): string {
  const at = random.below(line.length + 1);
  switch (random.below(4)) {
    case 0:
      return line.slice(0, at) + line.slice(at + 1 + random.below(4));
    case 1:
      return line.slice(0, at);
    default:
      return line.slice(0, at) + random.pick(damages) + line.slice(at);
  }
}
