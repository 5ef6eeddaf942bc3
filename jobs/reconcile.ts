/**
 * A reconcile as one job, all of its steps. Its queue is its own, so it waits for no nightly of another tenant; a look at a few contacts
 * passes that of its own tenant between two steps, and goes before a reconcile that may take long.
 */
import { randomUUID } from 'node:crypto';
import { FatalError } from '../src/errors.ts';
import { runReconcile, type TenantDeps } from '../src/pipeline.ts';
import {
  insertReconcileRequest,
  type ReconcileRequest,
  type Store,
  selectReconcileRequest,
} from '../src/store/index.ts';
import type { QueuePort } from './queue-port.ts';
import type { ReconcilePayload } from './queues.ts';

/** The lower goes first. */
const priorities = { few: 1, all: 10 } as const;

/** Puts a reconcile into the queue, and returns the job's id. */
export async function enqueueReconcile(
  queue: Pick<QueuePort, 'add'>,
  store: Store,
  request: ReconcileRequest,
): Promise<string> {
  const { tenant } = request;
  const reconcileId = await insertReconcileRequest(store.pool, request);
  const id = `reconcile-${tenant}-${randomUUID()}`;
  const payload: ReconcilePayload = { tenant, reconcileId };
  const priority = request.accounts === null || request.apply ? priorities.all : priorities.few;
  await queue.add({ queue: 'reconcile', name: 'reconcile', id, payload, priority });
  return id;
}

/** Throws what a step throws, and RetriableError while the tenant is taken; the job's id is the run's key. */
export async function reconcileJob(
  deps: TenantDeps,
  { reconcileId }: ReconcilePayload,
  jobId: string,
  signal: AbortSignal,
): Promise<void> {
  const request = await selectReconcileRequest(deps.store.pool, deps.tenant.name, reconcileId);
  if (request === undefined) throw new FatalError('Nobody knows any more what this reconcile was for; ask again.');
  const { accounts, apply, systemOfRecord } = request;
  await runReconcile(deps, {
    reconcile: { accounts: accounts ?? undefined, apply },
    source: systemOfRecord ?? undefined,
    dedupKey: jobId,
    signal,
  });
}
