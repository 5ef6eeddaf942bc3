/**
 * Keeps a download as received in a spool file: folder 0700, file 0600. The bytes can be read as they are written, behind the writer, so
 * that staging overlaps the download and a slow database never holds LiveVox's connection; but a reader gets to the end only when the
 * whole body is on disk and synced, so a connection that breaks never passes for the end of a download. Only then the file gets its
 * name: whatever bears it is whole, also after a kill.
 * What would surprise: the hash and the count are of the bytes as received, compressed or not.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { FatalError, type LvsyncError, toMessage } from '../errors.ts';
import { FailedDownloadError, NotCsvError, OversizedDownloadError } from './failed-download.ts';
import { readBehind, WriteMark } from './read-behind.ts';

export type Landed = {
  readonly path: string;
  /** Bytes as received. */
  readonly bytes: number;
  /** SHA-256 of the bytes as received, hex. */
  readonly sha256: string;
};

/** A download on its way to the disk, readable from its first byte on. */
export type Landing = {
  readonly path: string;
  /** The bytes as received, from the first on; ends when all of them are on disk and synced, throws what the landing throws. */
  readonly read: () => AsyncIterable<Buffer>;
  /** Settles when the whole body is on disk and synced. @throws FailedDownloadError, FatalError as `land` does */
  readonly done: Promise<Landed>;
};

/** How large and how slow a download may be. */
type LandLimits = { readonly maxBytes: number; readonly maxMs: number; readonly now: () => Date };

export type LandOptions = {
  readonly signal?: AbortSignal;
  /** Called with the bytes on disk so far. */
  readonly onBytes?: (bytes: number) => void;
  /** undefined: none. */
  readonly limits?: LandLimits;
};

/** Begins to land a body; whoever reads the landing gets its bytes while it lands. */
export function startLanding(body: Readable, path: string, options: LandOptions = {}): Landing {
  const mark = new WriteMark();
  const done = land(body, path, options, mark);
  done.then(
    () => mark.end(),
    (error: unknown) => mark.end(error),
  );
  return { path, done, read: () => readBehind([toPartPath(path), path], mark) };
}

/** The name of a download that is not whole yet. */
function toPartPath(path: string): string {
  return `${path}.part`;
}

/**
 * Writes the body to `path`; on any failure there is no file.
 * @throws FailedDownloadError when the body breaks off, OversizedDownloadError when it goes over a limit; FatalError when it cannot be
 *   written.
 */
export async function land(
  body: Readable,
  path: string,
  options: LandOptions = {},
  mark = new WriteMark(),
): Promise<Landed> {
  const partPath = toPartPath(path);
  let isWhole = false;
  const stop = (): void => void body.destroy();
  options.signal?.addEventListener('abort', stop, { once: true });
  // A body may break while the file is being opened, when nobody reads it yet; an error nobody hears ends the process.
  body.on('error', () => {});
  try {
    const file = await openSpool(partPath);
    let written: Omit<Landed, 'path'>;
    try {
      written = await writeBody(body, file, options, mark);
    } finally {
      await file.close();
    }
    await nameWhole(partPath, path);
    isWhole = true;
    return { path, ...written };
  } finally {
    options.signal?.removeEventListener('abort', stop);
    // A body that nobody reads would hold the connection, and LiveVox serves one download at a time.
    body.destroy();
    // What cannot be removed now, the next pull removes; the error that led here is the one to tell.
    if (!isWhole) await rm(partPath, { force: true }).catch(() => {});
  }
}

async function openSpool(path: string): Promise<FileHandle> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await rm(path, { force: true });
    return await open(path, 'wx', 0o600);
  } catch (error) {
    throw toWriteError(error);
  }
}

async function writeBody(
  body: Readable,
  file: FileHandle,
  options: LandOptions,
  mark: WriteMark,
): Promise<Omit<Landed, 'path'>> {
  const hash = createHash('sha256');
  const assertWithin = makeLimitCheck(options.limits);
  let bytes = 0;
  try {
    for await (const chunk of body) {
      options.signal?.throwIfAborted();
      hash.update(chunk);
      await writeChunk(file, chunk);
      bytes += chunk.length;
      mark.moveTo(bytes);
      options.onBytes?.(bytes);
      assertWithin(bytes);
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    throw toReadError(error, bytes);
  }
  options.signal?.throwIfAborted();
  if (bytes === 0) throw new NotCsvError('The download is empty, without even a header row; try again.');
  await file.sync().catch((error: unknown) => {
    throw toWriteError(error);
  });
  return { bytes, sha256: hash.digest('hex') };
}

/** The name survives a power cut only when the folder is synced too. */
async function nameWhole(partPath: string, path: string): Promise<void> {
  try {
    await rename(partPath, path);
    const folder = await open(dirname(path), 'r');
    await folder.sync().finally(() => folder.close());
  } catch (error) {
    throw toWriteError(error);
  }
}

/** Throws when a download has gone over a limit. */
function makeLimitCheck(limits: LandLimits | undefined): (bytes: number) => void {
  if (limits === undefined) return () => {};
  const startedAt = limits.now().getTime();
  return (bytes) => {
    if (bytes > limits.maxBytes) {
      throw new OversizedDownloadError(
        `The download is larger than ${limits.maxBytes} bytes and was stopped; ask for a shorter window.`,
      );
    }
    if (limits.now().getTime() - startedAt > limits.maxMs) {
      throw new OversizedDownloadError(
        `The download took longer than ${limits.maxMs} ms and was stopped after ${bytes} bytes; ask for a shorter window.`,
      );
    }
  };
}

async function writeChunk(file: FileHandle, chunk: Buffer): Promise<void> {
  try {
    await file.writeFile(chunk);
  } catch (error) {
    throw toWriteError(error);
  }
}

/** Whatever breaks the body, what has come of it is worth nothing. */
function toReadError(error: unknown, bytes: number): LvsyncError {
  if (error instanceof FatalError || error instanceof FailedDownloadError) return error;
  return new FailedDownloadError(`The download broke off after ${bytes} bytes (${toMessage(error)}); try again.`, {
    cause: error,
  });
}

/** What the file system said, as one sentence that ends in what to do. */
export function toWriteError(error: unknown): FatalError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new FatalError(
      'The disk is full where downloads are kept (spool in LVSYNC_HOME); free space and run again.',
      {
        cause: error,
      },
    );
  }
  return new FatalError(
    `The download cannot be kept in the spool folder: ${toMessage(error)}; mend that and run again.`,
    {
      cause: error,
    },
  );
}
