/**
 * One column of a MySQL or MariaDB result → how its bytes become a cell: the text the server sent, except where that text is no
 * value of its own. A TIMESTAMP gets the `Z` of the session's zone; BIT is bytes and becomes a number; a zero date, bytes that are
 * no text and a JSON list are problems, which the quarantine tells, because a silent null would clear a field in LiveVox.
 */
import mysql from 'mysql2';
import type { Cell } from './cell.ts';

/** What a result says of a column, as far as it matters here. */
export type MysqlField = {
  readonly name: string;
  readonly columnType?: number;
  readonly characterSet?: number;
  /** Of MariaDB, which has JSON as text. */
  readonly extendedFormat?: string;
};

const { Types } = mysql;

/** The number of the character set `binary`. */
const binary = 63;

const temporalTypes = new Set<number | undefined>([Types.DATE, Types.NEWDATE, Types.DATETIME]);
/** They hold text, or with the character set `binary` anything at all. */
const textOrBytes = new Set<number | undefined>([
  Types.TINY_BLOB,
  Types.BLOB,
  Types.MEDIUM_BLOB,
  Types.LONG_BLOB,
  Types.VARCHAR,
  Types.VAR_STRING,
  Types.STRING,
]);
const neverText = new Set<number | undefined>([Types.GEOMETRY, Types.VECTOR]);

/** The session has to speak utf8mb4 and to run in UTC. */
export function toCellReader(field: MysqlField): (bytes: Buffer) => Cell {
  const { columnType, characterSet, extendedFormat } = field;
  if (columnType === Types.JSON || extendedFormat === 'json') return readJson;
  if (columnType === Types.TIMESTAMP) return readTimestamp;
  if (temporalTypes.has(columnType)) return readDate;
  if (columnType === Types.BIT) return readBits;
  if (neverText.has(columnType)) return refuseBytes;
  return textOrBytes.has(columnType) && characterSet === binary ? refuseBytes : readText;
}

function readText(bytes: Buffer): Cell {
  return bytes.toString('utf8');
}

function readDate(bytes: Buffer): Cell {
  const text = bytes.toString('latin1');
  // MySQL keeps 0000-00-00, and 2024-05-00, for a day that nobody knew.
  return /^\d{4}-(?:00|\d{2}-00)/.test(text)
    ? { problem: 'a zero date; give null for "no date" in the query, such as nullif(born, 0)' }
    : text;
}

function readTimestamp(bytes: Buffer): Cell {
  const cell = readDate(bytes);
  return typeof cell === 'string' ? `${cell}Z` : cell;
}

/** BIT(1) → `0` or `1`; wider ones the whole number that their bits are. */
function readBits(bytes: Buffer): Cell {
  return bytes.length === 0 ? null : BigInt(`0x${bytes.toString('hex')}`).toString();
}

function refuseBytes(): Cell {
  return { problem: 'bytes, not text; convert them in the query, such as convert(name using utf8mb4) or hex(id)' };
}

function readJson(bytes: Buffer): Cell {
  const text = bytes.toString('utf8').trim();
  if (text === 'null' || text === '') return null;
  if (/^[[{]/.test(text)) return { problem: 'a JSON list or object, not a single value; take one out in the query' };
  return text.startsWith('"') ? readJsonString(text) : text;
}

function readJsonString(text: string): Cell {
  try {
    return String(JSON.parse(text));
  } catch {
    return { problem: 'not valid JSON' };
  }
}
