/**
 * Keeps a download as received in a spool file: folder 0700, file 0600, named by the run alone. The whole body is on disk,
 * synced, before a byte of it is read as CSV, so that a slow database never holds LiveVox's connection, and a connection that
 * breaks never leaves half a download behind.
 * What would surprise: the hash and the count are of the bytes as received, compressed or not.
 */
import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { FatalError, type LvsyncError, toMessage } from '../errors.ts';
import { FailedDownloadError } from './failed-download.ts';

export type Landed = {
  readonly path: string;
  /** Bytes as received. */
  readonly bytes: number;
  /** SHA-256 of the bytes as received, hex. */
  readonly sha256: string;
};

export type LandOptions = {
  readonly signal?: AbortSignal;
  /** Called with the bytes on disk so far. */
  readonly onBytes?: (bytes: number) => void;
};

/** Where the download of a run is kept. */
export function toSpoolPath(spoolFolder: string, runId: string): string {
  return join(spoolFolder, `${runId}.download`);
}

/**
 * Writes the body to `path`; on any failure the file is gone.
 * @throws FailedDownloadError when the body breaks off; FatalError when it cannot be written.
 */
export async function land(body: Readable, path: string, options: LandOptions = {}): Promise<Landed> {
  let isWhole = false;
  // A body may break while the file is being opened, when nobody reads it yet; an error nobody hears ends the process.
  body.on('error', () => {});
  try {
    const file = await openSpool(path);
    try {
      const landed = await writeBody(body, file, path, options);
      isWhole = true;
      return landed;
    } finally {
      await file.close();
    }
  } finally {
    // A body that nobody reads would hold the connection, and LiveVox serves one download at a time.
    body.destroy();
    // What cannot be removed now, the next pull removes; the error that led here is the one to tell.
    if (!isWhole) await rm(path, { force: true }).catch(() => {});
  }
}

async function openSpool(path: string): Promise<FileHandle> {
  try {
    await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
    await rm(path, { force: true });
    return await open(path, 'wx', 0o600);
  } catch (error) {
    throw toWriteError(error);
  }
}

async function writeBody(body: Readable, file: FileHandle, path: string, options: LandOptions): Promise<Landed> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of body) {
      options.signal?.throwIfAborted();
      await writeChunk(file, hash, chunk);
      bytes += chunk.length;
      options.onBytes?.(bytes);
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    throw toReadError(error, bytes);
  }
  if (bytes === 0) throw new FailedDownloadError('The download is empty, without even a header row; try again.');
  await file.sync().catch((error: unknown) => {
    throw toWriteError(error);
  });
  return { path, bytes, sha256: hash.digest('hex') };
}

async function writeChunk(file: FileHandle, hash: Hash, chunk: Buffer): Promise<void> {
  hash.update(chunk);
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
