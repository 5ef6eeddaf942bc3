/**
 * The worker's window for monitors: `/metrics` for Prometheus, `/healthz` (the process lives), `/readyz` (it can work). Read-only, without a password,
 * on loopback unless the config says otherwise: what it tells are counts and names of tenants, never a contact's data.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MetricsConfig } from '../src/config.ts';
import { ConfigError, toLogReason, toMessage } from '../src/errors.ts';
import type { Log } from '../src/log.ts';
import { type Health, isReady } from './check-health.ts';
import { metricsContentType } from './format-metrics.ts';

export type MetricsSource = {
  readonly readMetrics: () => Promise<string>;
  readonly checkHealth: () => Promise<Health>;
  readonly log: Log;
};

export type MetricsServer = {
  /** `http://127.0.0.1:9464` */
  readonly url: string;
  readonly close: () => Promise<void>;
};

type Answer = { readonly status: number; readonly type: string; readonly body: string };

const text = 'text/plain; charset=utf-8';
const json = 'application/json';

/** Starts to listen. @throws ConfigError when the address cannot be listened on */
export async function serveMetrics(config: MetricsConfig, source: MetricsSource): Promise<MetricsServer> {
  const server = createServer((request, response) => void answer(source, request, response));
  await listen(server, config);
  const { address, port, family } = server.address() as AddressInfo;
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  source.log.info('metrics.listening', { url });
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return { url, close };
}

function listen(server: Server, { port, host }: MetricsConfig): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const message = `Metrics cannot be served on ${host}:${port}: ${toMessage(error)}. Give each worker of a machine a LVSYNC_METRICS_PORT of its own, or 0.`;
      reject(new ConfigError(message, { cause: error }));
    });
    server.listen(port, host, () => resolve());
  });
}

async function answer(source: MetricsSource, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, type, body } = await choose(source, request).catch((error: unknown): Answer => {
    source.log.warn('metrics.failed', { reason: toLogReason(error) });
    return { status: 500, type: text, body: 'failed\n' };
  });
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function choose({ readMetrics, checkHealth }: MetricsSource, { method, url }: IncomingMessage): Promise<Answer> {
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, type: text, body: 'only GET\n' };
  const path = url?.split('?')[0];
  if (path === '/metrics') return { status: 200, type: metricsContentType, body: await readMetrics() };
  if (path === '/healthz') return { status: 200, type: text, body: 'ok\n' };
  if (path !== '/readyz') return { status: 404, type: text, body: 'see /metrics, /healthz or /readyz\n' };
  const health = await checkHealth();
  return { status: isReady(health) ? 200 : 503, type: json, body: `${JSON.stringify(health)}\n` };
}
