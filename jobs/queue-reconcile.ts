/** The door for a command that leaves a reconcile to the workers. */
import type { Config } from '../src/config.ts';
import type { Log } from '../src/log.ts';
import type { ReconcileRequest } from '../src/store/index.ts';
import type { Workplace } from '../src/wiring.ts';
import { openBackend } from './backend.ts';
import { enqueueReconcile } from './reconcile.ts';

/** Puts it into the queue; the job's id. Throws one sentence when the queue cannot be reached. */
export async function queueReconcile(
  { store, databaseUrl }: Pick<Workplace, 'store' | 'databaseUrl'>,
  config: Config,
  log: Log,
  request: ReconcileRequest,
): Promise<string> {
  const queue = await openBackend(config, databaseUrl, log);
  return enqueueReconcile(queue, store, request).finally(() => queue.close());
}
