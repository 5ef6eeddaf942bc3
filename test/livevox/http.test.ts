import { afterEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/errors.ts';
import { Http, type HttpRequest } from '../../src/livevox/http.ts';
import { type OddServer, type Script, startOddServer } from './odd-server.ts';

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function setup(script: Script, timeoutMs = 5_000): Promise<{ server: OddServer; http: Http }> {
  const server = await startOddServer(script);
  const http = new Http(`${server.baseUrl}/`, timeoutMs);
  open.push(http, server);
  return { server, http };
}

const get: HttpRequest = { verb: 'GET', path: '/x', headers: {} };

describe('Http', () => {
  it.each([
    'https://api.livevox.com',
    'http://localhost:8080',
    'http://127.0.0.1:1/',
    'http://127.1.2.3',
    'http://[::1]:8080',
  ])('%s may be talked to', async (baseUrl) => {
    await new Http(baseUrl, 1000).close();
  });

  it.each([
    'http://api.livevox.com',
    'http://localhost.evil.example',
    'http://127.0.0.1.evil.example',
    'http://10.0.0.1',
    'ftp://127.0.0.1',
    'https://user:word@api.livevox.com',
    'https://api.livevox.com?token=x',
    'api.livevox.com',
    '',
  ])('%j is refused', (baseUrl) => {
    expect(() => new Http(baseUrl, 1000)).toThrow(ConfigError);
  });

  it('a refusal of the URL does not repeat a password in it', () => {
    expect(() => new Http('https://user:hidden@api.livevox.com', 1000)).toThrow(/^(?!.*hidden)/);
  });

  it('a redirect is an answer, not a way to go', async () => {
    const { server, http } = await setup((_, response) => {
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect(await http.exchange(get)).toMatchObject({ kind: 'whole', status: 302 });
    expect(server.requests).toHaveLength(1);
  });

  it('an answer beyond 16 MiB is not read to its end', async () => {
    const { http } = await setup((_, response) => {
      response.writeHead(200);
      const pour = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        if (!response.destroyed) response.once('drain', pour);
      };
      pour();
    });
    expect(await http.exchange(get)).toMatchObject({ status: 200, text: undefined });
  });

  it('a request that meets no server never left', async () => {
    const { server, http } = await setup(() => {});
    await server.close();
    expect(await http.exchange(get)).toMatchObject({
      kind: 'none',
      left: false,
      reason: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('a request whose answer breaks off has left', async () => {
    const { http } = await setup((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    expect(await http.exchange(get)).toMatchObject({ kind: 'none', left: true });
  });

  it('an answer that trickles in longer than the time limit is given up', async () => {
    const { http } = await setup((_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    }, 150);
    expect(await http.exchange(get)).toEqual({ kind: 'none', left: true, reason: 'no whole answer within 150 ms' });
  });

  it('an aborted signal sends nothing', async () => {
    const { server, http } = await setup(() => {});
    const answer = await http.exchange(get, AbortSignal.abort(new Error('stopped')));
    expect(answer).toEqual({ kind: 'none', left: false, reason: 'stopped' });
    expect(server.requests).toEqual([]);
  });
});
