/**
 * Every example of the vendor's page Real-Time Reporting API, whole and letter for letter, from test/fixtures/livevox/realtime:
 * one file for each request with its response. What the page printed wrong is mended here, and nowhere else.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';

const folder = new URL('../fixtures/livevox/realtime/', import.meta.url);

/** The names of the examples in the folder, sorted. */
export const exampleNames: readonly string[] = readdirSync(folder)
  .map((file) => file.replace(/\.txt$/, ''))
  .sort();

type Mend = readonly [printed: string, meant: string];

/** What is no JSON, or asks another path than the heading of its method. */
const mends: Readonly<Record<string, readonly Mend[]>> = {
  // The path of the deprecated method.
  'interaction-feed-first-token': [['/realtime/callEvent/feed', '/realtime/event/feed']],
  // `realtime` twice.
  'campaign-statistics': [['/realtime/realtime/', '/realtime/']],
  // The answer lacks the brace it begins with.
  'agent-statistics': [['"agentStatistics": [{', '{"agentStatistics": [{']],
  // Left out by the page: agents between the two.
  'agent-statistics-ex': [['},\n...\n{', '},\n{']],
  'agent-status': [['/realtime/service/status', '/realtime/service/agents/status']],
  // A comma too many and one too few.
  'calls-on-hold': [['"priority": "1",\n}]\n', '"priority": "1"\n}],\n']],
};

export type PageExample = {
  readonly verb: string;
  /** With the query. */
  readonly path: string;
  /** Undefined where none is printed. */
  readonly body: unknown;
  readonly status: number;
  /** The answer's text, mended. */
  readonly text: string;
};

/** The example, mended. @throws when a mend does not meet what is printed. */
export function readExample(name: string): PageExample {
  let printed = readFileSync(new URL(`${name}.txt`, folder), 'utf8');
  for (const [wrong, meant] of mends[name] ?? []) {
    expect(printed.split(wrong), `${name}: ${wrong}`).toHaveLength(2);
    printed = printed.replace(wrong, () => meant);
  }
  const [, request = '', response = ''] = printed.split(/^#Re(?:quest|sponse).*\n/m);
  return { ...readRequest(request), ...readResponse(response) };
}

function readRequest(text: string): Pick<PageExample, 'verb' | 'path' | 'body'> {
  const curl = /^curl .*--request (\w+) 'http:\/\/<[^>]+>(\S+)'[\s\S]*--data-raw '([\s\S]*)'\n$/.exec(text);
  if (curl !== null) return { verb: curl[1]!, path: curl[2]!, body: JSON.parse(curl[3]!) };
  const [, verb = '', path = ''] = /^(\w+) (\S+)\n/.exec(text) ?? [];
  const bodyAt = text.indexOf('{');
  return { verb, path, body: bodyAt === -1 ? undefined : JSON.parse(text.slice(bodyAt)) };
}

/** Of a stream only the text is printed. */
function readResponse(text: string): Pick<PageExample, 'status' | 'text'> {
  const [, status, rest] = /^(\d{3}) .*\nContent-Type: .*\n([\s\S]*)$/.exec(text) ?? [];
  return { status: Number(status ?? 200), text: rest ?? text };
}

/** The events of an example: of an answer, or of a stream, whose JSON goes on in lines without `data:`. */
export function readPrintedEvents({ text }: PageExample): readonly Record<string, unknown>[] {
  if (text.startsWith('{')) {
    const { agentEvent, events } = JSON.parse(text);
    return agentEvent ?? events;
  }
  const messages = text.replaceAll(/^:.*\n/gm, '').split(/^data: /m);
  return messages.slice(1).map((message) => JSON.parse(message));
}

const instants = new Set([
  ...['timestamp', 'timeStamp', 'start', 'end', 'callStartTime', 'callEndTime'],
  ...['stateChangedTime', 'stateChangedAfter'],
]);

/** Numbers, even where they are printed as texts. */
const numbersInTexts = /^(average|total$|priority$)/;

/** Fails unless all that is printed is in what was read: no value lost or changed, ids as texts, times as instants. */
export function expectNothingLost(read: unknown, printed: unknown, place = ''): void {
  if (Array.isArray(printed)) {
    expect(read, place).toHaveLength(printed.length);
    for (const [at, item] of printed.entries()) expectNothingLost((read as unknown[])[at], item, `${place}[${at}]`);
  } else if (typeof printed === 'object' && printed !== null) {
    const fields = read as Record<string, unknown>;
    for (const [key, value] of Object.entries(printed)) expectSame(fields[key], value, key, `${place}.${key}`);
    const known = Object.keys(fields).filter((key) => fields[key] !== undefined);
    expect(Object.keys(printed), place).toEqual(expect.arrayContaining(known));
  } else expect(read, place).toEqual(printed);
}

function expectSame(read: unknown, printed: unknown, key: string, place: string): void {
  if (printed === null || printed === 'null' || printed === '') expect(read, place).toBeUndefined();
  else if (instants.has(key)) expect(read, place).toEqual(new Date(toEpochMs(String(printed))));
  else if (typeof printed === 'object') expectNothingLost(read, printed, place);
  else if (/id$/i.test(key)) expect(read, place).toBe(String(printed));
  else if (numbersInTexts.test(key)) expect(read, place).toBe(Number(printed));
  else expect(read, place).toBe(printed);
}

/** The page's oddest times: milliseconds after a dash, and one in seconds. */
function toEpochMs(printed: string): number {
  if (printed === '2021-04-24T07:52:16-100-04:00') return 1619265136100;
  if (printed === '1417066734') return 1417066734000;
  return /^\d{13}$/.test(printed) ? Number(printed) : Date.parse(printed);
}
