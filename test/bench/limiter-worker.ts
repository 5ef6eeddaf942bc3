/**
 * One process of the limiter's bench: `limiter-worker.ts PLACE_URL SERVER_URL RUN WINDOW_MS STARTS,…`. Ten callers per limit send as fast as
 * their slots let them, through the lanes and the sockets of the client. Says `ready`; the plan comes on stdin.
 */
import { once, setMaxListeners } from 'node:events';
import { createInterface } from 'node:readline';
import { systemClock } from '../../src/clock.ts';
import { Http } from '../../src/livevox/http.ts';
import { Lanes } from '../../src/livevox/lanes.ts';
import { makeSlotBook } from '../../src/livevox/slot-book.ts';
import { openSharedPlace } from '../support/shared-lanes.ts';

type Plan = { readonly startAt: number; readonly loadAt: number; readonly endAt: number; readonly isFirst: boolean };

const [placeUrl = '', serverUrl = '', run = '', windowMs = '', starts = ''] = process.argv.slice(2);
const callers = 10;

const methods = starts.split(',').map((count) => ({ name: `${run}-${count}`, starts: Number(count) }));
const place = await openSharedPlace(placeUrl);
const http = new Http(serverUrl, 10_000);
const limits = Object.fromEntries(
  methods.map((method) => [method.name, [{ starts: method.starts, perMs: Number(windowMs) }]]),
);
const slotBook = makeSlotBook({ slots: place.slots, limits, lanes: run });
const inFlight = Object.fromEntries(methods.map(({ name }) => [name, callers]));
const lanes = new Lanes({ inFlight, slotBook, clock: systemClock });

async function send(method: string, signal: AbortSignal): Promise<void> {
  await lanes.run(method, async () => {
    await lanes.takeSlot(method, signal);
    await http.exchange({ verb: 'GET', path: `/${method}`, headers: {} });
  });
}

async function sendUntil(method: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await send(method, signal).catch((error: unknown) => assertAborted(error, signal));
}

function assertAborted(error: unknown, signal: AbortSignal): void {
  if (!signal.aborted) throw error;
}

const sleepUntil = (at: number): Promise<void> => systemClock.sleep(Math.max(0, at - Date.now()));

// Opens the connections, as those of a worker at work are.
for (const { name } of methods) {
  await Promise.all(Array.from({ length: callers }, () => place.slots.pausedMs(name)));
  const request = { verb: 'GET', path: '/warm-up', headers: {} } as const;
  await Promise.all(Array.from({ length: callers }, () => http.exchange(request)));
}
process.stdout.write('ready\n');
const [line] = await once(createInterface({ input: process.stdin }), 'line');
const plan = JSON.parse(String(line)) as Plan;
const stop = new AbortController();
setMaxListeners(100, stop.signal);
setTimeout(() => stop.abort(new Error('the bench is over')), plan.endAt - Date.now());
await sleepUntil(plan.startAt);
if (plan.isFirst) await Promise.all(methods.map(({ name }) => send(name, stop.signal)));
await sleepUntil(plan.loadAt);
await Promise.all(methods.flatMap(({ name }) => Array.from({ length: callers }, () => sendUntil(name, stop.signal))));
await http.close();
await place.close();
