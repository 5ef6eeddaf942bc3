/** The command line: exit codes, and one JSON document on stdout. Wrong usage, sentence by sentence: usage.test.ts. */
import { describe, expect, test } from 'vitest';
import { setupFolder } from '../support/folder.ts';
import { runLvsync } from '../support/run-lvsync.ts';

const planId = '0b8f7e5c-4c2f-4a7e-9a51-3f1f0e6c2d11';

describe('main', () => {
  test('missing credentials are said before anything is started, all at once, with exit 2', async () => {
    const { code, stderr } = await runLvsync(['pull'], { cwd: await setupFolder() });
    expect(code).toBe(2);
    expect(stderr.map((line) => /LIVEVOX_\w+/.exec(line)?.[0])).toEqual([
      'LIVEVOX_ENVIRONMENT',
      'LIVEVOX_CLIENT_NAME',
      'LIVEVOX_USERNAME',
      'LIVEVOX_PASSWORD',
      'LIVEVOX_ACCESS_TOKEN',
    ]);
  });

  test('with several tenants a command that works on one demands its name', async () => {
    const cwd = await setupFolder({
      'lvsync.config.json': '{"tenants":{"acme":{"environment":"NA3"},"beta":{"environment":"NA3"}}}',
    });
    const { code, stderr } = await runLvsync(['plan'], { cwd });
    expect([code, stderr]).toEqual([
      2,
      ['lvsync: Several tenants are configured; choose one with --tenant: acme, beta.'],
    ]);
  });

  test('with --json a failure is one document too', async () => {
    const { code, stdout } = await runLvsync(['show', '4711', '--json'], { cwd: await setupFolder() });
    const problem = "4711 is no plan's id; lvsync plan prints it, and lvsync status lists the open plans.";
    expect([code, JSON.parse(stdout)]).toEqual([2, { error: { problems: [problem], exitCode: 2 } }]);
  });

  test('an unreachable database is named in one sentence, without its password, with exit 1', async () => {
    const env = { DATABASE_URL: 'postgresql://me:hunter2@127.0.0.1:1/none' };
    const { code, stdout, stderr } = await runLvsync(['show', planId], { cwd: await setupFolder(), env });
    expect([code, stdout, stderr.length]).toEqual([1, '', 1]);
    expect(stderr[0]).toMatch(/^lvsync: The database at 127\.0\.0\.1:1\/none cannot be used: .*ECONNREFUSED/);
  });

  test('no command at all shows the help, with exit 2', async () => {
    const { code, stderr } = await runLvsync([], { cwd: await setupFolder() });
    expect([code, stderr[0]]).toEqual([2, 'Usage: lvsync [options] [command]']);
  });

  test('--help and --version are answers: stdout and exit 0', async () => {
    const cwd = await setupFolder();
    const { code, stdout } = await runLvsync(['pull', '--help'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('Examples:\n  $ lvsync pull\n');
    expect(await runLvsync(['--version'], { cwd })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });

  test('an aborted command says that it was stopped', async () => {
    const signal = AbortSignal.abort(new Error('Stopped by SIGINT; run the command again to go on.'));
    const { code, stderr } = await runLvsync(['show', planId], {
      cwd: await setupFolder(),
      signal,
      env: { DATABASE_URL: 'postgresql://127.0.0.1:1/x' },
    });
    expect([code, stderr]).toEqual([1, ['lvsync: Stopped by SIGINT; run the command again to go on.']]);
  });
});
