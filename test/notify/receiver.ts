/** A webhook's receiver on loopback that keeps what it gets and answers as a test says. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

type Received = { readonly headers: IncomingHttpHeaders; readonly body: string };

/** A status to answer with, or `hang`: never. */
type Answer = number | 'hang';

export type Receiver = { readonly url: string; readonly received: Received[]; answers: Answer[] };

/** Answers by `answers`, one after the other, and 200 from then on. */
export async function setupReceiver(...answers: Answer[]): Promise<Receiver> {
  const received: Received[] = [];
  const receiver: Receiver = { url: '', received, answers };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(parts).toString('utf8') });
      const answer = receiver.answers.shift() ?? 200;
      if (answer !== 'hang') response.writeHead(answer, { location: '/elsewhere' }).end('secret words');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return Object.assign(receiver, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?key=hidden` });
}
