/**
 * Bulk Contact Download: contacts as CSV, the columns in the order asked for, those modified from `startDate` to
 * `endDate`, both included. Rows are made while they are sent and never held; contacts written meanwhile may or may not
 * be in it. `allFields` promises no order, so here it is the alphabet's.
 */
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import type { Answer } from '../answer.ts';
import { refuseInvalid } from '../answer.ts';
import { parseEpochMs, parseIsoDay } from '../calendar.ts';
import { columnNames, findPosition, makeBlankRow, positionOf, type Row } from '../model/columns.ts';
import type { ContactBook } from '../model/contact-book.ts';
import { toColumnLabels } from '../model/labels.ts';
import type { Exchange } from '../router.ts';
import { CsvWriter } from '../wire/csv-writer.ts';
import { acceptsGzip } from '../wire/gzip.ts';
import { parseBody } from '../wire/parse-body.ts';
import type { World } from '../world.ts';

const downloadBody = z.strictObject({
  exportableFields: z.array(z.string()).min(1),
  startDate: z.union([z.string(), z.int()]).nullish(),
  endDate: z.union([z.string(), z.int()]).nullish(),
});

/** Epoch ms, both ends included. */
type ModifiedWindow = { readonly from: number; readonly until: number };

const pieceBytes = 192 * 1024;

/** `POST /contact/contacts/bulk` with `exportableFields` */
export function downloadContacts({ world, body, header, entry }: Exchange): Answer {
  const asked = parseBody(downloadBody, body);
  entry.window = { startDate: asked.startDate ?? null, endDate: asked.endDate ?? null };
  const positions = toPositions(asked.exportableFields);
  const window = {
    from: toInstant(asked.startDate, 'start', world),
    until: toInstant(asked.endDate, 'end', world),
  };
  const gzip = acceptsGzip(header('accept-encoding'));
  return {
    kind: 'bytes',
    status: 200,
    gzip,
    headers: toHeaders(gzip, world.dialect.contentEncoding),
    bytes: streamRows(world, positions, window),
  };
}

function toPositions(names: readonly string[]): readonly number[] {
  if (names.includes('allFields')) return [...columnNames].sort().map(positionOf);
  return names.map((name, index) => {
    const position = findPosition(name);
    if (position === undefined) throw refuseInvalid(`exportableFields[${index}] is not an exportable field`);
    return position;
  });
}

function toInstant(value: string | number | null | undefined, end: 'start' | 'end', { zone, dialect }: World): number {
  if (value === null || value === undefined)
    return end === 'start' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const epochMs = parseEpochMs(value);
  if (epochMs !== undefined && dialect.bounds === 'days') throw refuseInvalid(`${end}Date is not CCYY-MM-DD`);
  if (epochMs !== undefined) return epochMs;
  const day = parseIsoDay(String(value));
  if (day === undefined) throw refuseInvalid(`${end}Date is neither CCYY-MM-DD nor epoch milliseconds`);
  return end === 'start' ? zone.startOfDay(day) : zone.startOfDay(day + 1) - 1;
}

function toHeaders(gzip: boolean, contentEncoding: boolean): Record<string, string> {
  if (gzip && !contentEncoding) return { 'content-type': 'application/octet-stream' };
  return gzip ? { 'content-type': 'text/csv', 'content-encoding': 'gzip' } : { 'content-type': 'text/csv' };
}

async function* streamRows(
  world: World,
  positions: readonly number[],
  window: ModifiedWindow,
): AsyncGenerator<Uint8Array> {
  const { contacts, dialect, zone } = world;
  const writer = new CsvWriter({
    positions,
    labels: toColumnLabels(world.customFields.list()),
    dialect,
    zone,
    today: world.today(),
  });
  const row = makeBlankRow();
  writer.header();
  for (let slot = 0; slot < contacts.slots(); slot += 1) {
    const modifiedAt = contacts.modifiedAt(slot);
    if (modifiedAt < window.from || modifiedAt > window.until || !contacts.isHeld(slot)) continue;
    writeContact(writer, contacts, row, slot);
    if (writer.size < pieceBytes) continue;
    yield writer.take();
    // Other requests get their turn between two pieces.
    await setImmediate();
  }
  yield writer.take();
}

/** Writes a contact, making no more of it than the writer needs; `row` is room to do so. */
function writeContact(writer: CsvWriter, contacts: ContactBook, row: Row, slot: number): void {
  const profile = contacts.profileOf(slot);
  if (profile !== undefined && writer.knows(profile)) contacts.fillOwn(row, slot);
  else contacts.fill(row, slot);
  if (profile === undefined) writer.row(row);
  else writer.rowOf(profile, row);
}
