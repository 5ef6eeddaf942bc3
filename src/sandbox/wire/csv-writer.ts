/**
 * Contacts as CSV bytes. Writes into one growing buffer and copies ASCII byte by byte, because a download of a million
 * contacts is mostly this loop; whatever needs quoting or is not ASCII takes the slow way. Quoting as in RFC 4180,
 * an empty value is nothing between two commas.
 */
import { Buffer } from 'node:buffer';
import { type DateStyle, formatIsoDay, formatTimeOfDay, formatUsDay } from '../calendar.ts';
import { type ClientZone, dayMs } from '../client-zone.ts';
import { columnKinds, type Kind, type Row, type Value } from '../model/columns.ts';
import { columnLabels } from '../model/labels.ts';

export type CsvOptions = {
  /** Positions of the columns, in the order they were asked for. */
  readonly positions: readonly number[];
  readonly dates: DateStyle;
  readonly lineEnd: 'lf' | 'crlf';
  readonly zone: ClientZone;
  /** The client's day, by which DAILY blocks are judged. */
  readonly today: number;
};

/** Writes a value that needs no quoting and returns the end. */
type Put = (buffer: Buffer, start: number, value: Value) => number;

const comma = 44;
/** Longest value that is not a text: a timestamp. */
const shortValueBytes = 32;

/** Collects rows until they are taken. */
export class CsvWriter {
  private buffer = Buffer.allocUnsafe(256 * 1024);
  private length = 0;
  private readonly positions: Uint8Array;
  private readonly puts: readonly (Put | undefined)[];
  private readonly lineEnd: string;
  /** Room for a whole row of values that are not texts. */
  private readonly shortBytes: number;

  constructor(options: CsvOptions) {
    this.positions = Uint8Array.from(options.positions);
    this.shortBytes = options.positions.length * (shortValueBytes + 1) + 2;
    const puts = makePuts(options);
    this.puts = options.positions.map((position) => puts[columnKinds[position] ?? 'text']);
    this.lineEnd = options.lineEnd === 'crlf' ? '\r\n' : '\n';
  }

  /** Bytes collected so far. */
  get size(): number {
    return this.length;
  }

  header(): void {
    for (const [index, position] of this.positions.entries()) {
      if (index > 0) this.putPlain(',');
      this.putText(columnLabels[position] ?? '');
    }
    this.putPlain(this.lineEnd);
  }

  row(row: Row): void {
    this.reserve(this.shortBytes);
    const { positions, puts } = this;
    const columns = positions.length;
    let buffer = this.buffer;
    let end = this.length;
    for (let index = 0; index < columns; index += 1) {
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
    this.putPlain(this.lineEnd);
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
function makePuts({ dates, zone, today }: CsvOptions): Readonly<Record<Kind, Put | undefined>> {
  const date: Readonly<Record<DateStyle, Put>> = {
    us: (buffer, start, value) => copyPlain(buffer, start, formatUsDay(value as number)),
    iso: (buffer, start, value) => copyPlain(buffer, start, formatIsoDay(value as number)),
    epoch: (buffer, start, value) => copyPlain(buffer, start, String(zone.startOfDay(value as number))),
  };
  const timestamp: Readonly<Record<DateStyle, Put>> = {
    us: (buffer, start, value) => {
      // In two pieces: joined, they would be copied once more.
      const wall = (value as number) + zone.offsetAt(value as number);
      const end = copyPlain(buffer, start, formatUsDay(Math.floor(wall / dayMs)));
      return copyPlain(buffer, end, formatTimeOfDay(wall));
    },
    iso: (buffer, start, value) => copyPlain(buffer, start, new Date(value as number).toISOString()),
    epoch: (buffer, start, value) => copyPlain(buffer, start, String(value)),
  };
  const plain: Put = (buffer, start, value) => copyPlain(buffer, start, String(value));
  return {
    text: undefined,
    integer: plain,
    decimal: plain,
    boolean: (buffer, start, value) => copyPlain(buffer, start, value === true ? 'true' : 'false'),
    date: date[dates],
    timestamp: timestamp[dates],
    daily: (buffer, start, value) => copyPlain(buffer, start, value === today ? 'true' : 'false'),
  };
}

function copyPlain(buffer: Buffer, start: number, text: string): number {
  for (let index = 0; index < text.length; index += 1) buffer[start + index] = text.charCodeAt(index);
  return start + text.length;
}

/** Returns the end, or -1 when the text holds a character that must be quoted or encoded. */
function copyAscii(buffer: Buffer, start: number, text: string): number {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 32 || code > 126 || code === 34 || code === comma) return -1;
    buffer[start + index] = code;
  }
  return start + text.length;
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
