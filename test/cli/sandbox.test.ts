/** `lvsync sandbox`: says where it is, and ends when it is told to. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { setupFolder } from '../support/folder.ts';

async function startInProcess(
  argv: readonly string[],
): Promise<{ printed: string[]; stdin: PassThrough; stop: AbortController; code: Promise<number> }> {
  const printed: string[] = [];
  const stdin = new PassThrough();
  const stop = new AbortController();
  const print = async (text: string): Promise<void> => void printed.push(text);
  const code = main(['sandbox', '--contacts', '3', ...argv], {
    print,
    say: () => {},
    cwd: await setupFolder(),
    signal: stop.signal,
    stdin,
  });
  // The command is loaded when it runs.
  await vi.waitFor(() => expect(printed).not.toEqual([]), { timeout: 30_000 });
  return { printed, stdin, stop, code };
}

describe('lvsync sandbox', () => {
  test('with --json it prints one document, answers, and ends on a signal', async () => {
    const { printed, stop, code } = await startInProcess(['--json']);
    const { url, credentials } = JSON.parse(printed.join('')) as { url: string; credentials: Record<string, string> };
    expect(Object.keys(credentials)).toEqual(['clientName', 'userName', 'password', 'accessToken']);
    expect((await fetch(`${url}/contact/contacts`)).status).toBeGreaterThanOrEqual(400);
    stop.abort(new Error('stop'));
    expect(await code).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  });

  test('it prints the lines for .env', async () => {
    const { printed, stop, code } = await startInProcess([]);
    expect(printed.join('')).toMatch(/^LIVEVOX_BASE_URL=http:\/\/127\.0\.0\.1:\d+$/m);
    stop.abort(new Error('stop'));
    await code;
  });

  test('with --until-stdin-closes it ends with the process that started it', async () => {
    const { stdin, code } = await startInProcess(['--until-stdin-closes']);
    stdin.end();
    expect(await code).toBe(0);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('as a process it ends cleanly on %s', async (signal) => {
    const bin = fileURLToPath(new URL('../../src/cli/bin.mjs', import.meta.url));
    const child = spawn(process.execPath, [bin, 'sandbox', '--contacts', '3'], {
      cwd: await setupFolder(),
      stdio: 'pipe',
    });
    await once(child.stdout, 'data');
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
