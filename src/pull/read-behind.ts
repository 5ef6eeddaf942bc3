/**
 * Reads a file behind its writer: what is written is read at once, then the reader waits for more. The end comes when the writer says
 * so, or its error. A slow reader never slows the writer: the bytes wait on disk, not in memory.
 */
import { type FileHandle, open } from 'node:fs/promises';

/** How far a writer has come, and how it ended. */
export class WriteMark {
  /** Bytes written; they are in the file. */
  bytes = 0;
  /** How the writing ended; undefined while it goes on. */
  outcome: { readonly error?: unknown } | undefined;
  #waiting: (() => void)[] = [];

  /** The writer has written so many bytes in all. */
  moveTo(bytes: number): void {
    this.bytes = bytes;
    this.#wake();
  }

  /** The writer has ended; with an error when what it has written is worth nothing. */
  end(error?: unknown): void {
    this.outcome = { error };
    this.#wake();
  }

  /** Resolves at the next movement, at once when there will be none. */
  moved(): Promise<void> {
    return this.outcome === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve();
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** zlib's default of 16 KiB halves the speed; so does the default of file streams. */
const readBytes = 1024 * 1024;

/** The bytes of a file as they are written; it has the first of `paths` or the next. @throws what the writer ended with */
export async function* readBehind(paths: readonly string[], mark: WriteMark): AsyncGenerator<Buffer> {
  // The file is there with its first byte; a writer that failed has removed it.
  while (mark.bytes === 0 && mark.outcome === undefined) await mark.moved();
  assertUnbroken(mark);
  const file = await openFirst(paths, mark);
  try {
    for (let position = 0; ; ) {
      const wanted = Math.min(mark.bytes - position, readBytes);
      if (wanted > 0) {
        const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(wanted), 0, wanted, position);
        if (bytesRead === 0) throw new Error('the spool file is shorter than what was written to it');
        position += bytesRead;
        yield buffer.subarray(0, bytesRead);
      } else if (mark.outcome === undefined) {
        await mark.moved();
      } else {
        assertUnbroken(mark);
        return;
      }
    }
  } finally {
    await file.close();
  }
}

async function openFirst(paths: readonly string[], mark: WriteMark): Promise<FileHandle> {
  for (const path of paths.slice(0, -1)) {
    const file = await open(path, 'r').catch(() => undefined);
    if (file !== undefined) return file;
  }
  try {
    return await open(paths.at(-1) ?? '', 'r');
  } catch (error) {
    assertUnbroken(mark);
    throw error;
  }
}

function assertUnbroken({ outcome }: WriteMark): void {
  if (outcome?.error !== undefined) throw outcome.error;
}
