/** The server of the limiter's bench: notes when each request of `/{lane}` arrives; `/arrivals/{lane}` gives the times, milliseconds. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const arrivals = new Map<string, number[]>();

const server = createServer((request, response) => {
  const at = performance.now();
  const path = request.url ?? '/';
  const asked = /^\/arrivals\/(.+)$/.exec(path)?.[1];
  if (asked !== undefined) {
    response.end(JSON.stringify(arrivals.get(asked) ?? []));
    return;
  }
  const lane = path.slice(1);
  arrivals.set(lane, [...(arrivals.get(lane) ?? []), at]);
  response.setHeader('content-type', 'application/json');
  response.end('{}');
});

server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
