/**
 * The bytes of a file, unzipped when it is gzipped, in chunks and in constant memory. A file that changes while it is read is
 * refused, because half of it would be another night's. What a file is, its first bytes decide and not its name.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ConfigError, FatalError, LvsyncError, toMessage } from '../errors.ts';

const readBytes = 262_144;
const gzipMark = Buffer.from([0x1f, 0x8b]);
const zipMark = Buffer.from('PK\u0003\u0004');

/**
 * @throws ConfigError when there is no such file; FatalError when it cannot be read to its end, changed meanwhile, or is an
 *   archive.
 */
export async function* readFileBytes(path: string, signal?: AbortSignal): AsyncGenerator<Buffer> {
  signal?.throwIfAborted();
  const chunks = readRaw(path);
  const { start, all } = await peek(chunks, zipMark.length);
  if (start.subarray(0, zipMark.length).equals(zipMark)) {
    await chunks.return(undefined);
    throw new FatalError(`${basename(path)} is a ZIP archive or a workbook; unpack it, or save it as CSV.`);
  }
  yield* start.subarray(0, gzipMark.length).equals(gzipMark) ? unzip(all, path) : all;
}

/** The first bytes of `chunks`, at least `bytes` of them where there are so many, and all chunks from the first on. */
export async function peek(
  chunks: AsyncGenerator<Buffer>,
  bytes: number,
): Promise<{ readonly start: Buffer; readonly all: AsyncGenerator<Buffer> }> {
  let start: Buffer = Buffer.alloc(0);
  while (start.length < bytes) {
    const next = await chunks.next();
    if (next.done === true) break;
    start = start.length === 0 ? next.value : Buffer.concat([start, next.value]);
  }
  return { start, all: prepend(start, chunks) };
}

async function* prepend(start: Buffer, chunks: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (start.length > 0) yield start;
    yield* chunks;
  } finally {
    await chunks.return(undefined);
  }
}

async function* readRaw(path: string): AsyncGenerator<Buffer> {
  const file = await openFile(path);
  try {
    const before = await toVersion(file);
    for (let chunk = await readChunk(file, path); chunk.length > 0; chunk = await readChunk(file, path)) yield chunk;
    if ((await toVersion(file)) !== before) {
      throw new FatalError(`${basename(path)} changed while it was read; write it first, then run again.`);
    }
  } finally {
    await file.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const why = isMissing ? 'there is no such file' : toMessage(error);
    throw new ConfigError(`The system of record ${path} cannot be read: ${why}. Check its path.`, { cause: error });
  }
}

async function readChunk(file: FileHandle, path: string): Promise<Buffer> {
  try {
    const buffer = Buffer.allocUnsafeSlow(readBytes);
    const { bytesRead } = await file.read(buffer, 0, readBytes, null);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw new FatalError(`${basename(path)} could not be read to its end: ${toMessage(error)}. Run again.`, {
      cause: error,
    });
  }
}

async function toVersion(file: FileHandle): Promise<string> {
  const { size, mtimeMs } = await file.stat();
  return `${size} ${mtimeMs}`;
}

async function* unzip(chunks: AsyncGenerator<Buffer>, path: string): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: readBytes });
  // What goes wrong in either comes out of the loop below.
  pipeline(Readable.from(chunks, { objectMode: false, highWaterMark: readBytes }), gunzip, () => {});
  try {
    for await (const chunk of gunzip) yield chunk;
  } catch (error) {
    if (error instanceof LvsyncError) throw error;
    throw new FatalError(
      `${basename(path)} is cut off or damaged: ${toMessage(error)}; bring it anew, then run again.`,
      {
        cause: error,
      },
    );
  } finally {
    gunzip.destroy();
  }
}
