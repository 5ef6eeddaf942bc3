/**
 * How fast the sandbox serves all 214 fields of all its contacts over loopback, plain and compressed, and in how much
 * memory. The sandbox runs in a process of its own; the reader counts bytes and keeps none. Prints, asserts nothing:
 *
 *   node --import tsx test/bench/sandbox-download.ts --contacts 1000000 --rounds 2
 */
import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { parseArgs } from 'node:util';
import { contactFields } from '../../src/contact/fields.ts';
import { startSandbox } from '../../src/sandbox/index.ts';

type Started = { readonly url: string; readonly login: Readonly<Record<string, string>>; readonly token: string };
type Usage = { readonly peakRssMb: number; readonly cpuSeconds: number };

const { values } = parseArgs({
  options: {
    contacts: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '1' },
    hash: { type: 'boolean', default: false },
    serve: { type: 'boolean', default: false },
  },
});

if (values.serve) await serve(Number(values.contacts));
else await measure(Number(values.contacts), Number(values.rounds));

/** The sandbox's process: tells its address, then its use of memory and time whenever it is asked. */
async function serve(contacts: number): Promise<void> {
  const sandbox = await startSandbox({ contacts });
  const { accessToken, ...login } = sandbox.credentials;
  const started: Started = { url: sandbox.url, login, token: accessToken };
  process.send?.(started);
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    const usage: Usage = { peakRssMb: process.resourceUsage().maxRSS / 1024, cpuSeconds: (user + system) / 1e6 };
    process.send?.(usage);
  });
  process.once('disconnect', () => void sandbox.close());
}

async function measure(contacts: number, rounds: number): Promise<void> {
  const server = fork(import.meta.filename, ['--serve', '--contacts', String(contacts)], {
    execArgv: process.execArgv,
  });
  const [started] = (await once(server, 'message')) as [Started];
  const session = await logIn(started);
  for (let round = 0; round < rounds; round += 1) {
    for (const encoding of ['identity', 'gzip'])
      print(await download(server, started.url, session, encoding, contacts));
  }
  server.disconnect();
}

async function logIn({ url, login, token }: Started): Promise<string> {
  const answer = await fetch(`${url}/session/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'lv-access': token },
    body: JSON.stringify(login),
  });
  return ((await answer.json()) as { sessionId: string }).sessionId;
}

async function download(
  server: ChildProcess,
  url: string,
  session: string,
  encoding: string,
  contacts: number,
): Promise<Record<string, string>> {
  const before = await askUsage(server);
  const startedAt = performance.now();
  const { bytes, hash } = await read(url, session, encoding);
  const seconds = (performance.now() - startedAt) / 1000;
  const { peakRssMb, cpuSeconds } = await askUsage(server);
  return {
    encoding,
    megabytes: (bytes / 1e6).toFixed(0),
    seconds: seconds.toFixed(2),
    'MB/s': (bytes / 1e6 / seconds).toFixed(0),
    'rows/s': (contacts / seconds).toFixed(0),
    'server cpu s': (cpuSeconds - before.cpuSeconds).toFixed(2),
    'server peak RSS MB': peakRssMb.toFixed(0),
    ...(hash === undefined ? {} : { sha256: hash }),
  };
}

async function read(url: string, session: string, encoding: string): Promise<{ bytes: number; hash?: string }> {
  const sent = request(`${url}/contact/contacts/bulk`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'lv-session': session, 'accept-encoding': encoding },
  });
  sent.end(JSON.stringify({ exportableFields: contactFields.map((field) => field.name) }));
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const hash = values.hash ? createHash('sha256') : undefined;
  let bytes = 0;
  answer.on('data', (piece: Buffer) => {
    bytes += piece.length;
    hash?.update(piece);
  });
  await once(answer, 'end');
  return { bytes, hash: hash?.digest('hex').slice(0, 16) };
}

async function askUsage(server: ChildProcess): Promise<Usage> {
  server.send('usage');
  const [usage] = (await once(server, 'message')) as [Usage];
  return usage;
}

function print(result: Record<string, string>): void {
  const facts = Object.entries(result).map(([name, value]) => `${name} ${value}`);
  process.stdout.write(`${facts.join(' · ')}\n`);
}
