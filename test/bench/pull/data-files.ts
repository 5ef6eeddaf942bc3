/**
 * The downloads of the bench, plain and gzip (level 6), kept in a folder of tmpdir under their seed and used again. A file has its name
 * only once it is whole. All people in it are made up.
 */
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import { type Dialect, makeCsvHeader, makeCsvRow } from './made-up-contacts.ts';

export type DataFile = {
  readonly name: string;
  readonly rows: number;
  readonly plain: string;
  readonly gzip: string;
  readonly bytes: number;
};

/** Which contacts, each in which version. */
export type Download = {
  readonly name: string;
  readonly rows: number;
  readonly at: (row: number) => readonly [index: number, version: number];
  readonly dialect?: Dialect;
};

const chunkRows = 500;
/** A prime, so that a stride through a mirror meets no contact twice and comes in no order. */
const stride = 611_953;

/** Every contact of a mirror as it began. */
export function makeBase(rows: number, dialect: Dialect = 'usual'): Download {
  return { name: `base-${rows}${dialect === 'usual' ? '' : `-${dialect}`}`, rows, dialect, at: (row) => [row, 0] };
}

/** `changed` contacts of a mirror of `of`, in that version, then `unchanged` others of it, then `added` new ones. */
export function makeIncrement(
  of: number,
  counts: { readonly changed: number; readonly unchanged?: number; readonly added?: number },
  version = 1,
): Download {
  const { changed, unchanged = 0, added = 0 } = counts;
  return {
    name: `of-${of}-changed-${changed}-unchanged-${unchanged}-added-${added}-v${version}`,
    rows: changed + unchanged + added,
    at: (row) => {
      if (row >= changed + unchanged) return [of + row - changed - unchanged, version];
      return [(row * stride) % of, row < changed ? version : 0];
    },
  };
}

/** Where the files of a seed are kept. */
export function toDataFolder(seed: number): string {
  return join(tmpdir(), `lvsync-bench-pull-${seed}`);
}

/** The files of a download; writes them where they are missing. */
export async function ensureDataFile(seed: number, download: Download): Promise<DataFile> {
  const { name, rows } = download;
  const folder = toDataFolder(seed);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const plain = join(folder, `${name}.csv`);
  const gzip = `${plain}.gz`;
  if (!existsSync(plain) || !existsSync(gzip)) {
    process.stderr.write(`making ${name} …\n`);
    await write(seed, download, `${plain}.part`, `${gzip}.part`);
    renameSync(`${gzip}.part`, gzip);
    renameSync(`${plain}.part`, plain);
  }
  return { name, rows, plain, gzip, bytes: statSync(plain).size };
}

async function write(seed: number, download: Download, plainPath: string, gzipPath: string): Promise<void> {
  const plain = createWriteStream(plainPath, { mode: 0o600 });
  const gzip = createGzip({ level: 6, chunkSize: 1024 * 1024 });
  const packed = createWriteStream(gzipPath, { mode: 0o600 });
  gzip.pipe(packed);
  let chunk = makeCsvHeader();
  for (let row = 0; row < download.rows; row += 1) {
    const [index, version] = download.at(row);
    chunk += makeCsvRow(seed, index, version, download.dialect ?? 'usual');
    if ((row + 1) % chunkRows !== 0 && row + 1 < download.rows) continue;
    const bytes = Buffer.from(chunk);
    chunk = '';
    if (!plain.write(bytes)) await once(plain, 'drain');
    if (!gzip.write(bytes)) await once(gzip, 'drain');
  }
  plain.end();
  gzip.end();
  await Promise.all([plain, packed].map((stream) => once(stream, 'close')));
}
