/** Whether a worker can do its work now: the database and the queue answer in time, and the schema is that of this version. */
import type { Clock } from '../src/clock.ts';
import { type Store, selectMissingMigrations } from '../src/store/index.ts';
import { askInTime } from './ask-in-time.ts';
import type { QueuePort } from './queue-port.ts';

/** Part → how it is, in our own words: what another library said may hold an address or a password. */
export type Health = Readonly<Record<'database' | 'schema' | 'queue' | 'worker', HealthWord>>;

type HealthWord = 'ok' | 'no answer' | 'out of date' | 'stopping';

export type HealthParts = {
  readonly store: Store;
  readonly queue: Pick<QueuePort, 'selectCounts'>;
  readonly clock: Clock;
  /** Aborted when the worker takes no further job. */
  readonly stopping: AbortSignal;
  /** Longest wait for an answer, milliseconds. @default 3_000 */
  readonly patienceMs?: number;
};

const defaultPatienceMs = 3_000;

export async function checkHealth(parts: HealthParts): Promise<Health> {
  const { store, queue, clock, stopping, patienceMs = defaultPatienceMs } = parts;
  const [missing, counts] = await Promise.all([
    askInTime(clock, patienceMs, () => selectMissingMigrations(store)),
    askInTime(clock, patienceMs, () => queue.selectCounts('nightly')),
  ]);
  return {
    database: missing === undefined ? 'no answer' : 'ok',
    schema: missing === undefined ? 'no answer' : missing.length > 0 ? 'out of date' : 'ok',
    queue: counts === undefined ? 'no answer' : 'ok',
    worker: stopping.aborted ? 'stopping' : 'ok',
  };
}

export function isReady(health: Health): boolean {
  return Object.values(health).every((word) => word === 'ok');
}
