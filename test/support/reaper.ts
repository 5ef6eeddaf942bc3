/**
 * Ends a server of the suite when its standard input ends, that is when the suite is over or its process is gone.
 * `reaper.ts postgres HOME` removes the embedded Postgres of that home and the home itself;
 * `reaper.ts redis PROGRAM PORT` and `reaper.ts mariadb PROGRAM INSTALLER FOLDER PORT` run that server as their child.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeEmbedded } from '../../src/embedded/index.ts';
import { silentLog } from '../../src/log.ts';

/** What must not show in what is read. */
const hostileSettings = [
  '--default-time-zone=+03:00',
  '--character-set-server=latin1',
  '--skip-character-set-client-handshake',
  '--transaction-isolation=READ-UNCOMMITTED',
  '--sql-mode=',
];
const fastSettings = [
  '--skip-name-resolve',
  '--innodb-buffer-pool-size=64M',
  '--innodb-log-file-size=16M',
  '--innodb-flush-log-at-trx-commit=0',
  '--innodb-doublewrite=0',
];

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

/** In the folder, which is removed at the end; with a certificate where openssl can make one. */
async function keepMariaDb(program: string, installer: string, folder: string, port: string): Promise<void> {
  const data = `--datadir=${join(folder, 'data')}`;
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  const options = ['--no-defaults', data, ...user];
  const install = ['--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve'];
  spawnSync(installer, [...options, ...install], { stdio: 'ignore', cwd: folder });
  const place = [`--socket=${join(folder, 'socket')}`, `--port=${port}`, '--bind-address=127.0.0.1'];
  const server = spawn(
    program,
    [...options, ...place, ...makeCertificate(folder), ...hostileSettings, ...fastSettings],
    {
      stdio: 'ignore',
      cwd: folder,
    },
  );
  const ended = once(server, 'exit');
  await Promise.race([suiteEnd(), ended]);
  server.kill('SIGKILL');
  await ended;
  rmSync(folder, { recursive: true, force: true });
}

/** Settings of the server that use its certificate; none where openssl is missing. */
function makeCertificate(folder: string): readonly string[] {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject];
  const made = spawnSync('openssl', [...request, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  return made.status === 0 ? [`--ssl-cert=${certificate}`, `--ssl-key=${key}`] : [];
}

async function suiteEnd(): Promise<void> {
  process.stdin.resume();
  await once(process.stdin, 'close');
}

if (kind === 'postgres') await keepPostgres(args[0] ?? '');
if (kind === 'redis') await keepRedis(args[0] ?? '', args[1] ?? '');
if (kind === 'mariadb') await keepMariaDb(args[0] ?? '', args[1] ?? '', args[2] ?? '', args[3] ?? '');
process.exit(0);
