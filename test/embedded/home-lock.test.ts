/** Holds the lock of a home: one at a time, and nobody is locked out by the dead. */
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { withHomeLock } from '../../src/embedded/home-lock.ts';

function setup(): { readonly home: string; readonly file: string } {
  const home = mkdtempSync(join(tmpdir(), 'lvsync-lock-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return { home, file: join(home, 'postgres.lock') };
}

describe('withHomeLock', () => {
  test('the work of two never overlaps, and the lock is gone afterwards', async () => {
    const { home, file } = setup();
    let inside = 0;
    const most: number[] = [];
    const work = async (): Promise<void> => {
      inside += 1;
      most.push(inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 5 }, () => withHomeLock(home, work)));
    expect(most).toEqual([1, 1, 1, 1, 1]);
    expect(existsSync(file)).toBe(false);
  });

  test('work that fails lets go of the lock', async () => {
    const { home } = setup();
    await expect(withHomeLock(home, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await withHomeLock(home, async () => 'done')).toBe('done');
  });

  test('the lock of a process that is dead, or whose number another one has now, is taken over', async () => {
    const { home, file } = setup();
    writeFileSync(file, JSON.stringify({ pid: 2 ** 22 + 1, startedAt: '1' }));
    expect(await withHomeLock(home, async () => 'done')).toBe('done');
    writeFileSync(file, JSON.stringify({ pid: process.pid, startedAt: 'another time' }));
    expect(await withHomeLock(home, async () => 'done')).toBe('done');
  });

  test('a lock file that a crash left empty, and a take-over that was not finished, are taken over', async () => {
    const { home, file } = setup();
    const longAgo = new Date(Date.now() - 60_000);
    for (const leftover of [file, `${file}.takeover`]) {
      writeFileSync(leftover, '');
      utimesSync(leftover, longAgo, longAgo);
    }
    expect(await withHomeLock(home, async () => 'done')).toBe('done');
  });
});
