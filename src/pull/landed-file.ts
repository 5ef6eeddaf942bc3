/** A download that lies whole on disk: of an earlier run, or a file of the operator's. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Landed, Landing } from './land.ts';

/** zlib's default of 16 KiB halves the speed; so does the default of file streams. */
const readBytes = 1024 * 1024;

/** Size and hash of a file. @throws what the file system says when it cannot be read */
export async function measureFile(path: string): Promise<Landed> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: readBytes })) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { path, bytes, sha256: hash.digest('hex') };
}

/** A file as if it had just landed. */
export function toLanding(path: string): Pick<Landing, 'path' | 'read'> {
  return { path, read: () => createReadStream(path, { highWaterMark: readBytes }) };
}
