/**
 * Contacts as CSV bytes. Writes into one growing buffer and copies ASCII byte by byte, because a download of a million
 * contacts is mostly this loop; whatever needs quoting or is not ASCII takes the slow way. Of contacts that share a
 * profile it keeps what their lines share, and writes their own values in between: several times as fast. Quoting as in
 * RFC 4180, an empty value is nothing between two commas.
 */
import { Buffer } from 'node:buffer';
import { type DateStyle, formatIsoDay, formatUsDay } from '../calendar.ts';
import { type ClientZone, dayMs } from '../client-zone.ts';
import type { Dialect } from '../dialect.ts';
import { columnKinds, type Kind, positionOf, type Row, type Value } from '../model/columns.ts';
import { ownPositions } from '../model/profiles.ts';
import { comma, copyAscii, copyInteger, copyPlain, copyTimeOfDay } from './copy-bytes.ts';

export type CsvOptions = {
  /** Positions of the columns, in the order they were asked for. */
  readonly positions: readonly number[];
  /** The label of each field, by position. */
  readonly labels: readonly string[];
  readonly dialect: Pick<Dialect, 'dates' | 'modifyDate' | 'booleans' | 'lineEnd'>;
  readonly zone: ClientZone;
  /** The client's day, by which DAILY blocks are judged. */
  readonly today: number;
};

/** Writes a value that needs no quoting and returns the end. */
type Put = (buffer: Buffer, start: number, value: Value) => number;

/** The line of a profile: what stands before, between and after the own values it has. */
type Line = {
  readonly pieces: Buffer;
  /** Where in `pieces` each piece ends; one more than there are holes. */
  readonly ends: Uint32Array;
  /** The columns of the own values, which stand between two pieces. */
  readonly holes: Uint8Array;
};

/** From so many bytes on, a native copy is worth its call. */
const nativeCopyBytes = 80;
const own = new Set(ownPositions);
/** Longest value that is not a text: a timestamp. */
const shortValueBytes = 32;
const modifyDateAt = positionOf('modifyDate');
const booleanTexts = { true: ['true', 'false'], Y: ['Y', 'N'], 1: ['1', '0'] } as const;

/** Collects rows until they are taken. */
export class CsvWriter {
  private buffer = Buffer.allocUnsafe(256 * 1024);
  private length = 0;
  private readonly positions: Uint8Array;
  private readonly puts: readonly (Put | undefined)[];
  private readonly labels: readonly string[];
  private readonly lineEnd: string;
  /** By profile. */
  private readonly lines: (Line | undefined)[] = [];
  /** Room for a whole row of values that are not texts. */
  private readonly shortBytes: number;

  constructor(options: CsvOptions) {
    this.positions = Uint8Array.from(options.positions);
    this.shortBytes = options.positions.length * (shortValueBytes + 1) + 2;
    const puts = makePuts(options);
    const putModifyDate = makePutModifyDate(options);
    this.puts = options.positions.map((position) =>
      position === modifyDateAt ? putModifyDate : puts[columnKinds[position] ?? 'text'],
    );
    this.labels = options.labels;
    this.lineEnd = options.dialect.lineEnd === 'crlf' ? '\r\n' : '\n';
  }

  /** Bytes collected so far. */
  get size(): number {
    return this.length;
  }

  header(): void {
    for (const [index, position] of this.positions.entries()) {
      if (index > 0) this.putPlain(',');
      this.putText(this.labels[position] ?? '');
    }
    this.putPlain(this.lineEnd);
  }

  row(row: Row): void {
    this.reserve(this.shortBytes);
    this.putColumns(row, 0, this.positions.length);
    this.putPlain(this.lineEnd);
  }

  /** True when a row of that profile was written: the next needs its own values only. */
  knows(profile: number): boolean {
    return this.lines[profile] !== undefined;
  }

  /** The same as `row`, for a contact that differs from the others of its profile in its own values only. */
  rowOf(profile: number, row: Row): void {
    const line = this.lines[profile];
    if (line === undefined) {
      this.lines[profile] = this.putFirst(row);
      return;
    }
    const { pieces, ends, holes } = line;
    this.reserve(pieces.length + this.shortBytes);
    let start = 0;
    for (let index = 0; index < holes.length; index += 1) {
      const end = ends[index] as number;
      this.putPiece(pieces, start, end);
      const column = holes[index] as number;
      this.putColumns(row, column, column + 1);
      start = end;
    }
    this.reserve(pieces.length - start);
    this.putPiece(pieces, start, pieces.length);
  }

  /** Writes a row of a profile and returns what its other rows have in common with it. */
  private putFirst(row: Row): Line {
    this.reserve(this.shortBytes);
    const holes = [...this.positions.keys()].filter((column) => isOwnValue(row, this.positions[column] as number));
    const pieces: Buffer[] = [];
    let column = 0;
    for (const hole of holes) {
      pieces.push(this.putShared(row, column, hole));
      this.putColumns(row, hole, hole + 1);
      column = hole + 1;
    }
    const last = this.putShared(row, column, this.positions.length);
    pieces.push(Buffer.concat([last, Buffer.from(this.lineEnd)]));
    this.putPlain(this.lineEnd);
    let end = 0;
    const ends = Uint32Array.from(pieces, (piece) => {
      end += piece.length;
      return end;
    });
    return { pieces: Buffer.concat(pieces), ends, holes: Uint8Array.from(holes) };
  }

  /** Writes columns and returns a copy of their bytes. */
  private putShared(row: Row, from: number, until: number): Buffer {
    const held = this.length;
    this.putColumns(row, from, until);
    return Buffer.from(this.buffer.subarray(held, this.length));
  }

  /** Writes columns, each but the very first with the comma before it. There must be room for the short ones. */
  private putColumns(row: Row, from: number, until: number): void {
    const { positions, puts } = this;
    let buffer = this.buffer;
    let end = this.length;
    for (let index = from; index < until; index += 1) {
      if (index > 0) buffer[end++] = comma;
      const value = row[positions[index] as number] as Value;
      if (value === null) continue;
      const put = puts[index];
      if (put !== undefined) {
        end = put(buffer, end, value);
        continue;
      }
      this.length = end;
      this.putText(value as string);
      buffer = this.buffer;
      end = this.length;
    }
    this.length = end;
  }

  private putPiece(pieces: Buffer, start: number, end: number): void {
    const { buffer, length } = this;
    if (end - start >= nativeCopyBytes) pieces.copy(buffer, length, start, end);
    else for (let index = start; index < end; index += 1) buffer[length + index - start] = pieces[index] as number;
    this.length = length + end - start;
  }

  /** The bytes collected since the last take; the writer goes on with a fresh buffer. */
  take(): Buffer {
    const taken = this.buffer.subarray(0, this.length);
    this.buffer = Buffer.allocUnsafe(this.buffer.length);
    this.length = 0;
    return taken;
  }

  private putText(text: string): void {
    // Every text leaves room for the short values that may follow it in the row.
    this.reserve(text.length * 6 + 2 + this.shortBytes);
    const end = copyAscii(this.buffer, this.length, text);
    if (end >= 0) this.length = end;
    else this.length += this.buffer.write(quote(text), this.length, 'utf8');
  }

  private putPlain(text: string): void {
    this.length = copyPlain(this.buffer, this.length, text);
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(this.buffer.length * 2 + bytes);
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }
}

/** How each kind is written; a text has no such function, because it may need quoting. */
function makePuts({ dialect, zone, today }: CsvOptions): Readonly<Record<Kind, Put | undefined>> {
  const plain: Put = (buffer, start, value) => copyPlain(buffer, start, String(value));
  const integer: Put = (buffer, start, value) => copyInteger(buffer, start, value as number);
  const [yes, no] = booleanTexts[dialect.booleans];
  return {
    text: undefined,
    integer,
    decimal: plain,
    boolean: (buffer, start, value) => copyPlain(buffer, start, value === true ? yes : no),
    date: makePutDate(dialect.dates, zone),
    timestamp: makePutTimestamp(dialect.dates, zone),
    daily: (buffer, start, value) => copyPlain(buffer, start, value === today ? yes : no),
  };
}

function makePutModifyDate({ dialect, zone }: CsvOptions): Put {
  const { dates, modifyDate } = dialect;
  if (modifyDate !== 'day') return makePutTimestamp(modifyDate === 'dates' ? dates : modifyDate, zone);
  const putDate = makePutDate(dates, zone);
  return (buffer, start, value) => putDate(buffer, start, zone.dayOf(value as number));
}

function makePutDate(style: DateStyle, zone: ClientZone): Put {
  const puts: Readonly<Record<DateStyle, Put>> = {
    us: (buffer, start, value) => copyPlain(buffer, start, formatUsDay(value as number)),
    iso: (buffer, start, value) => copyPlain(buffer, start, formatIsoDay(value as number)),
    epoch: (buffer, start, value) => copyPlain(buffer, start, String(zone.startOfDay(value as number))),
  };
  return puts[style];
}

function makePutTimestamp(style: DateStyle, zone: ClientZone): Put {
  const puts: Readonly<Record<DateStyle, Put>> = {
    us: (buffer, start, value) => {
      const wall = (value as number) + zone.offsetAt(value as number);
      const day = Math.floor(wall / dayMs);
      const end = copyPlain(buffer, start, formatUsDay(day));
      return copyTimeOfDay(buffer, end, Math.floor((wall - day * dayMs) / 1000));
    },
    iso: (buffer, start, value) => copyPlain(buffer, start, new Date(value as number).toISOString()),
    epoch: (buffer, start, value) => copyPlain(buffer, start, String(value)),
  };
  return puts[style];
}

function isOwnValue(row: Row, position: number): boolean {
  return row[position] !== null && own.has(position);
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
