/**
 * TLS in front of the suite's servers: a self-made certificate for `localhost`, and a front that speaks TLS as PostgreSQL or Redis do and hands
 * everything on to the real server behind it.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { setupFolder } from './folder.ts';

export type Certificate = { readonly file: string; readonly cert: Buffer; readonly key: Buffer };

/** Whether openssl is here; said once where it is not. */
export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
if (!hasOpenssl) process.stderr.write('Tests with TLS are skipped: there is no openssl.\n');

/** A certificate that is its own authority, for `localhost` alone. */
export async function makeCertificate(): Promise<Certificate> {
  const folder = await setupFolder();
  const [file, key] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', file],
  ]);
  if (made.status !== 0) throw new Error(`openssl: ${String(made.stderr)}`);
  return { file, cert: readFileSync(file), key: readFileSync(key) };
}

/** Answers PostgreSQL's request for TLS with yes; its port. */
export async function frontPostgres(url: string, certificate: Certificate): Promise<number> {
  return listen(
    createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', (request) => {
        // The eight bytes of an SSLRequest; who asks for anything else wants no TLS, and gets no answer.
        if (request.length !== 8 || request.readInt32BE(4) !== 80_877_103) return socket.destroy();
        socket.write('S');
        tie(new TLSSocket(socket, { isServer: true, ...certificate }), openPostgres(url));
      });
    }),
  );
}

/** Redis over TLS; its port. */
export async function frontRedis(url: string, certificate: Certificate): Promise<number> {
  const { hostname, port } = new URL(url);
  return listen(createTlsServer({ ...certificate }, (socket) => tie(socket, connect(Number(port), hostname))));
}

function openPostgres(url: string): Socket {
  const { hostname, port, searchParams } = new URL(url);
  const folder = searchParams.get('host');
  return folder === null ? connect(Number(port || 5432), hostname) : connect(join(folder, `.s.PGSQL.${port || 5432}`));
}

function tie(front: Socket, back: Socket): void {
  front.on('error', () => back.destroy()).on('close', () => back.destroy());
  back.on('error', () => front.destroy()).on('close', () => front.destroy());
  front.pipe(back).pipe(front);
}

function listen(server: Server): Promise<number> {
  onTestFinished(() => void server.close());
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('no port was given');
      resolve(address.port);
    });
  });
}
