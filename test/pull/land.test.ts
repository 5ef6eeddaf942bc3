import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { FatalError } from '../../src/errors.ts';
import { FailedDownloadError } from '../../src/pull/failed-download.ts';
import { land, startLanding, toWriteError } from '../../src/pull/land.ts';
import { setupFolder } from '../support/folder.ts';

const bytes = Buffer.from('Account\nA1\n');

describe('land', () => {
  it('keeps the bytes as received, with their count and hash', async () => {
    const path = join(await setupFolder(), 'new', 'spool', 'run.download');
    const seen: number[] = [];
    const landed = await land(Readable.from([bytes.subarray(0, 4), bytes.subarray(4)]), path, {
      onBytes: (count) => seen.push(count),
    });
    expect(landed).toEqual({ path, bytes: 11, sha256: createHash('sha256').update(bytes).digest('hex') });
    expect(await readFile(path)).toEqual(bytes);
    expect(seen).toEqual([4, 11]);
  });

  it('what an earlier attempt left is replaced', async () => {
    const folder = await setupFolder({ 'run.download': 'half of it, and much longer' });
    await land(Readable.from([bytes]), join(folder, 'run.download'));
    expect(await readFile(join(folder, 'run.download'))).toEqual(bytes);
  });

  it('a body that breaks before anybody reads it is a failed download', async () => {
    const folder = await setupFolder();
    const body = new Readable({ read: () => {} });
    const landing = land(body, join(folder, 'run.download'));
    body.destroy(new Error('other side closed'));
    await expect(landing).rejects.toThrow(FailedDownloadError);
    expect(await readdir(folder)).toEqual([]);
  });

  it('a spool folder that cannot be written is fatal, and the body is let go', async () => {
    const folder = await setupFolder({ spool: 'a file' });
    const body = Readable.from([bytes]);
    await expect(land(body, join(folder, 'spool', 'run.download'))).rejects.toThrow(FatalError);
    expect(body.destroyed).toBe(true);
  });

  it('a folder in place of the file is not removed', async () => {
    const folder = await setupFolder();
    await mkdir(join(folder, 'run.download'));
    await writeFile(join(folder, 'run.download', 'kept'), '');
    await expect(land(Readable.from([bytes]), join(folder, 'run.download'))).rejects.toThrow();
    expect(await readdir(join(folder, 'run.download'))).toEqual(['kept']);
  });
});

describe('startLanding', () => {
  /** A body that is fed by the test. */
  const makeBody = (): Readable => new Readable({ read: () => {} });

  it('is read while it lands, and ends only when all of it is on disk under its name', async () => {
    const folder = await setupFolder();
    const body = makeBody();
    const landing = startLanding(body, join(folder, 'run.download'));
    const reader = landing.read()[Symbol.asyncIterator]();
    body.push(bytes.subarray(0, 4));
    expect((await reader.next()).value).toEqual(bytes.subarray(0, 4));
    expect(await readdir(folder)).toEqual(['run.download.part']);
    body.push(bytes.subarray(4));
    expect((await reader.next()).value).toEqual(bytes.subarray(4));
    const end = reader.next();
    body.push(null);
    expect(await end).toMatchObject({ done: true });
    expect(await readdir(folder)).toEqual(['run.download']);
    expect(await landing.done).toMatchObject({ bytes: bytes.length });
    expect(Buffer.concat(await Readable.from(landing.read()).toArray())).toEqual(bytes);
  });

  it('a reader hears that the landing failed, also one that comes late', async () => {
    const folder = await setupFolder();
    const body = makeBody();
    const landing = startLanding(body, join(folder, 'run.download'));
    const reader = landing.read()[Symbol.asyncIterator]();
    body.push(bytes);
    await reader.next();
    body.destroy(new Error('other side closed'));
    await expect(reader.next()).rejects.toThrow(FailedDownloadError);
    await expect(Readable.from(landing.read()).toArray()).rejects.toThrow(FailedDownloadError);
    expect(await readdir(folder)).toEqual([]);
  });

  it('a reader that stops does not stop the landing', async () => {
    const body = makeBody();
    const landing = startLanding(body, join(await setupFolder(), 'run.download'));
    body.push(bytes);
    for await (const _ of landing.read()) break;
    body.push(bytes);
    body.push(null);
    expect(await landing.done).toMatchObject({ bytes: 2 * bytes.length });
  });

  it('stops when it is aborted, though no byte comes any more', async () => {
    const stop = new AbortController();
    const body = makeBody();
    const landing = startLanding(body, join(await setupFolder(), 'run.download'), { signal: stop.signal });
    body.push(bytes);
    await landing.read()[Symbol.asyncIterator]().next();
    stop.abort(new Error('stopped'));
    await expect(landing.done).rejects.toThrow('stopped');
    expect(body.destroyed).toBe(true);
  });
});

describe('toWriteError', () => {
  it('a full disk is one sentence that says what to do', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    expect(toWriteError(full).message).toBe(
      'The disk is full where downloads are kept (spool in LVSYNC_HOME); free space and run again.',
    );
  });
});
