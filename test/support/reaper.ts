/**
 * Ends a server of the suite when its standard input ends, that is when the suite is over or its process is gone.
 * `reaper.ts postgres HOME` removes the embedded Postgres of that home and the home itself;
 * `reaper.ts redis PROGRAM PORT` runs that Redis as its child.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeEmbedded } from '../../src/embedded/index.ts';
import { silentLog } from '../../src/log.ts';

const [kind, ...args] = process.argv.slice(2);

async function keepPostgres(home: string): Promise<void> {
  await suiteEnd();
  await removeEmbedded({ home, log: silentLog });
  rmSync(home, { recursive: true, force: true });
}

async function keepRedis(program: string, port: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lvsync-redis-'));
  const settings = ['--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  const redis = spawn(program, [...settings, '--maxmemory-policy', 'noeviction', '--daemonize', 'no'], {
    stdio: 'ignore',
  });
  const ended = once(redis, 'exit');
  await Promise.race([suiteEnd(), ended]);
  redis.kill('SIGKILL');
  await ended;
  rmSync(folder, { recursive: true, force: true });
}

async function suiteEnd(): Promise<void> {
  process.stdin.resume();
  await once(process.stdin, 'close');
}

if (kind === 'postgres') await keepPostgres(args[0] ?? '');
if (kind === 'redis') await keepRedis(args[0] ?? '', args[1] ?? '');
process.exit(0);
