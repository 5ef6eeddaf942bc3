/** Sandboxes of the bench in a process of their own: prints where they are, and on each line of stdin what was asked of them. */
import { createInterface } from 'node:readline';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';

export type SandboxPlace = Pick<Sandbox, 'url' | 'credentials'>;

type Asked = {
  readonly sandboxes: number;
  /** Of each sandbox. */
  readonly contacts: number;
  readonly latencyMs: number;
  readonly limits: Readonly<Record<string, { readonly starts: number; readonly perMs: number }>>;
};

const { sandboxes: count, contacts, latencyMs, limits } = JSON.parse(process.argv[2] ?? '{}') as Asked;
const sandboxes: Sandbox[] = [];
for (let seed = 1; seed <= count; seed += 1) sandboxes.push(await startSandbox({ contacts, seed, limits }));
if (latencyMs > 0) {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ route: '*', kind: 'latency', ms: latencyMs });
  for (const { url } of sandboxes) await fetch(`${url}/sandbox/faults`, { method: 'POST', headers, body });
}
process.stdout.write(`${JSON.stringify(sandboxes.map(({ url, credentials }) => ({ url, credentials })))}\n`);
for await (const _ of createInterface({ input: process.stdin })) {
  const logs = await Promise.all(
    sandboxes.map(async ({ url }) => {
      const answer = (await (await fetch(`${url}/sandbox/log`)).json()) as { entries: { limited?: boolean }[] };
      return answer.entries;
    }),
  );
  const entries = logs.flat();
  const refused = entries.filter(({ limited }) => limited === true).length;
  process.stdout.write(`${JSON.stringify({ requests: entries.length, refused })}\n`);
}
process.exit(0);
