/**
 * The sandbox of a demo, as a process of its own: what the pipeline talks to is a stranger on a socket, as LiveVox is. It dies with the
 * demo, because it watches its stdin.
 */
import { spawn } from 'node:child_process';
import { z } from 'zod';
import { FatalError } from '../errors.ts';
import type { SandboxContact } from './demo-record.ts';

const startSchema = z.object({
  url: z.string(),
  credentials: z.object({
    clientName: z.string(),
    userName: z.string(),
    password: z.string(),
    accessToken: z.string(),
  }),
});

export type DemoSandbox = z.infer<typeof startSchema> & { readonly stop: () => Promise<void> };

/** Starts `lvsync sandbox` on a free port and waits until it says where it is. */
export async function startDemoSandbox(
  options: { readonly contacts: string; readonly seed: string },
  signal: AbortSignal,
): Promise<DemoSandbox> {
  const args = [
    'sandbox',
    '--port',
    '0',
    '--contacts',
    options.contacts,
    '--seed',
    options.seed,
    '--json',
    '--until-stdin-closes',
  ];
  const child = spawn(process.execPath, [process.argv[1] ?? '', ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.stdin.end();
    await exited;
  };
  signal.addEventListener('abort', () => child.stdin.end(), { once: true });
  let printed = '';
  for await (const chunk of child.stdout) {
    printed += String(chunk);
    const started = parseStart(printed);
    if (started !== undefined) return { ...started, stop };
  }
  await exited;
  throw new FatalError('The sandbox did not start; its own message is above.');
}

/** The document it prints, once it is whole. */
function parseStart(text: string): z.infer<typeof startSchema> | undefined {
  try {
    return startSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const pageSize = 1_000;

const pageSchema = z.object({
  contacts: z.array(z.object({ account: z.string(), fields: z.record(z.string(), z.string().nullable()) })),
});

/** All contacts of the sandbox, page by page, through its admin API (docs/sandbox.md). */
export async function* fetchSandboxContacts(
  url: string,
  signal: AbortSignal,
): AsyncGenerator<readonly SandboxContact[]> {
  for (let offset = 0; ; offset += pageSize) {
    const answer = await fetch(`${url}/sandbox/contacts?offset=${offset}&count=${pageSize}`, { signal });
    const page = pageSchema.parse(await answer.json());
    if (page.contacts.length === 0) return;
    yield page.contacts;
  }
}
