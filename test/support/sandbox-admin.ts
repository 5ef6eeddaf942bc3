/** The sandbox's admin API, as tests use it: the truth about contacts, the log of requests, faults. */
import { onTestFinished } from 'vitest';
import {
  type ContactWrite,
  type FaultRule,
  type LogEntry,
  type PlainContact,
  type Sandbox,
  type SandboxOptions,
  startSandbox,
} from '../../src/sandbox/index.ts';

/** A sandbox of the running test's own, closed after it. */
export async function setupSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  return sandbox;
}

async function call(sandbox: Pick<Sandbox, 'url'>, method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${sandbox.url}/sandbox/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} /sandbox/${path}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? undefined : answer.json();
}

/** Every contact of the sandbox by account, in plain form. */
export async function fetchAllContacts(sandbox: Pick<Sandbox, 'url'>): Promise<Map<string, PlainContact['fields']>> {
  const all = new Map<string, PlainContact['fields']>();
  for (let offset = 0; ; offset += 1_000) {
    const page = (await call(sandbox, 'GET', `contacts?offset=${offset}&count=1000`)) as { contacts: PlainContact[] };
    if (page.contacts.length === 0) return all;
    for (const contact of page.contacts) all.set(contact.account, contact.fields);
  }
}

export async function putContact(
  sandbox: Sandbox,
  account: string,
  fields: Record<string, string | number | boolean | null>,
): Promise<void> {
  await call(sandbox, 'PUT', `contacts/${encodeURIComponent(account)}`, { fields });
}

/** Requests that arrived at or after `since` (epoch ms), of one route or all. */
export async function fetchLog(sandbox: Sandbox, route?: string, since = 0): Promise<readonly LogEntry[]> {
  const query = `since=${since}${route === undefined ? '' : `&route=${route}`}`;
  const answer = (await call(sandbox, 'GET', `log?${query}`)) as {
    entries: LogEntry[];
  };
  return answer.entries;
}

/** Every write to a contact above that number; the sandbox was started with `keepsWrites`. */
export async function fetchWrites(sandbox: Pick<Sandbox, 'url'>, after = 0): Promise<readonly ContactWrite[]> {
  return ((await call(sandbox, 'GET', `writes?after=${after}`)) as { writes: ContactWrite[] }).writes;
}

export async function addFaults(sandbox: Sandbox, ...faults: FaultRule[]): Promise<void> {
  await call(sandbox, 'POST', 'faults', faults);
}

export async function clearFaults(sandbox: Sandbox): Promise<void> {
  await call(sandbox, 'DELETE', 'faults');
}

/** Accounts whose create was received at least so many times. */
export async function fetchCreates(
  sandbox: Sandbox,
  atLeast: number,
): Promise<Readonly<Record<string, { received: number; created: number }>>> {
  const answer = (await call(sandbox, 'GET', `creates?min=${atLeast}`)) as {
    accounts: Record<string, { received: number; created: number }>;
  };
  return answer.accounts;
}

/** Waits until the log holds an entry of the route that `isIt` accepts. */
export async function waitForRequest(
  sandbox: Sandbox,
  route: string,
  isIt: (entry: LogEntry) => boolean,
): Promise<LogEntry> {
  const giveUpAt = Date.now() + 30_000;
  for (;;) {
    const found = (await fetchLog(sandbox, route)).find(isIt);
    if (found !== undefined) return found;
    if (Date.now() > giveUpAt) throw new Error(`The sandbox got no such ${route} request within 30 s.`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
