/** TLS to Postgres and Redis: the certificate and its name are checked, with an authority of one's own where one is named. */
import { describe, expect, inject, test } from 'vitest';
import { closeStore, openStore } from '../../src/store/index.ts';
import { setupInstallation } from '../jobs/installation.ts';
import { setupDatabase } from '../support/database.ts';
import { startLvsync } from '../support/lvsync.ts';
import { redisUrl } from '../support/redis.ts';
import { frontPostgres, frontRedis, hasOpenssl, makeCertificate } from '../support/tls-front.ts';

/** 'connected', or why not. */
async function tryOpen(url: string): Promise<string> {
  try {
    await closeStore(await openStore(url));
    return 'connected';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe.skipIf(!hasOpenssl)('TLS to Postgres', () => {
  test('verify-full takes the certificate of the named authority for the named host, and no other', async () => {
    const database = await setupDatabase();
    const [own, other] = [await makeCertificate(), await makeCertificate()];
    const port = await frontPostgres(inject('databaseUrl'), own);
    const { username, password, pathname } = new URL(database.url);
    const at = (host: string, query: string): string =>
      `postgresql://${username}${password === '' ? '' : `:${password}`}@${host}:${port}${pathname}?${query}`;
    const verify = (file: string): string => `sslmode=verify-full&sslrootcert=${encodeURIComponent(file)}`;
    expect(await tryOpen(at('localhost', verify(own.file)))).toBe('connected');
    expect(await tryOpen(at('localhost', verify(other.file)))).toMatch(/self-signed certificate.*Check DATABASE_URL/);
    expect(await tryOpen(at('localhost', 'sslmode=verify-full'))).toMatch(/self-signed certificate/);
    expect(await tryOpen(at('localhost', 'sslmode=require'))).toMatch(/self-signed certificate/);
    expect(await tryOpen(at('127.0.0.1', verify(own.file)))).toMatch(/does not match certificate's altnames/);
    expect(await tryOpen(at('localhost', 'sslmode=disable'))).toMatch(/terminated|ECONNRESET|cannot be used/);
  });
});

describe.skipIf(!hasOpenssl || redisUrl === undefined)('TLS to Redis', () => {
  test('rediss:// checks the certificate; NODE_EXTRA_CA_CERTS names an authority of one’s own', async () => {
    const certificate = await makeCertificate();
    const port = await frontRedis(redisUrl ?? '', certificate);
    const place = await setupInstallation('redis', { env: { REDIS_URL: `rediss://localhost:${port}` } });
    const run = (env: Record<string, string>) =>
      startLvsync(['schedule'], { cwd: place.folder, env: { PATH: process.env['PATH'] ?? '', ...place.env, ...env } })
        .finished;
    const refused = await run({});
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('self-signed certificate')]);
    const taken = await run({ NODE_EXTRA_CA_CERTS: certificate.file });
    expect([taken.code, taken.stderr]).toEqual([0, '']);
  });
});
