/** The README's first command: after it LiveVox holds what the system of record says, and nothing is left running. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { DemoReport } from '../../src/cli/demo-summary.ts';
import { bin, startNode } from '../support/lvsync.ts';
import { compareWithRecord } from '../support/record-differences.ts';

it('leaves the sandbox equal to the system of record on every mapped field of every acceptable row, and stops what it started', async () => {
  const cwd = await mkdtemp(path.join(tmpdir(), 'lvsync-demo-'));
  onTestFinished(() => rm(cwd, { recursive: true, force: true }));
  const env = { PATH: process.env['PATH'] ?? '', HOME: cwd };
  const demo = startNode([bin, 'demo', '--contacts', '3000', '--keep', '--json'], { cwd, env });
  const report = await readReport(demo.child.stdout!);

  expect(report.sync).toMatchObject({ state: 'proven', differencesLeft: 0, message: 'proven: 0 differences left' });
  expect(report.second).toMatchObject({ differencesLeft: 0, tally: { unsent: 0 } });
  expect(report.refused.rows).toBe(9);
  expect(report.refused.first.map(({ line, reason }) => line !== null && reason !== '')).toEqual(Array(9).fill(true));

  const compared = await compareWithRecord(report.sandbox!, report.sandbox!.record);
  expect(compared.differences).toEqual([]);
  expect(compared.compared).toBe(3_300);

  demo.child.kill('SIGINT');
  expect((await demo.finished).code).toBe(0);
  await expect(fetch(`${report.sandbox!.url}/sandbox/count`)).rejects.toThrow();
  expect((await readdir(path.join(cwd, '.lvsync'))).filter((name) => name.startsWith('demo'))).toEqual([]);
});

/** The document that --json prints, once it is whole; the command itself stays until it is stopped. */
async function readReport(stdout: NodeJS.ReadableStream): Promise<DemoReport> {
  let text = '';
  for await (const chunk of stdout) {
    text += String(chunk);
    try {
      return JSON.parse(text) as DemoReport;
    } catch {
      // Not whole yet.
    }
  }
  throw new Error('The demo printed no report.');
}
