/**
 * Computes a plan: reads the system of record, compares it with the mirror, stores a change set. Sends nothing and has no way
 * to (no arrow to LiveVox). Every row read is accounted for: read = accepted + quarantined. The plan is stored in one transaction.
 */
import type { Clock } from '../clock.ts';
import type { GuardsConfig } from '../config.ts';
import { FatalError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Progress } from '../progress.ts';
import {
  countRestrictsOnly,
  type DesiredRow,
  deleteDesired,
  insertChangeSet,
  insertDesired,
  insertPatches,
  insertQuarantined,
  markChangeSetPlanned,
  type NewPatch,
  type QuarantinedRow,
  type Queryable,
  quarantineRepeatedDesired,
  type Store,
  selectDiffRows,
  withTransaction,
} from '../store/index.ts';
import type { RecordRow, SystemOfRecord } from '../system-of-record/index.ts';
import { chooseHoldReasons } from './guard.ts';
import { planContact } from './plan.ts';

export type DiffDeps = { readonly store: Store; readonly clock: Clock; readonly log: Log; readonly progress: Progress };

export type DiffInput = {
  readonly tenant: string;
  readonly runId: string;
  readonly timeZone: string;
  /** Name of the system of record in the config. */
  readonly sourceName: string;
  readonly source: SystemOfRecord;
  readonly createActive: boolean;
  readonly guards: GuardsConfig;
  readonly signal?: AbortSignal;
};

type DiffCounts = {
  /** Rows of the system of record: read = accepted + quarantined. */
  read: number;
  accepted: number;
  quarantined: number;
  /** Contacts whose row is in quarantine, and of which only blocks and withdrawn consents count. */
  restrictsOnly: number;
  /** Contacts that already are as they should be. */
  same: number;
  /** Patches by operation. */
  blocks: number;
  creates: number;
  updates: number;
  lifts: number;
  notExpressible: number;
  /** Contacts the plan makes more diallable. */
  moreDiallable: number;
};

export type DiffResult = {
  readonly changeSetId: string;
  readonly counts: DiffCounts;
  readonly heldBecause: readonly string[];
};

const batchRows = 1_000;

/** Plans once; the change set is `planned`, or `held` when a guard tripped. */
export async function diff(deps: DiffDeps, input: DiffInput): Promise<DiffResult> {
  await deleteDesired(deps.store.pool, input.runId);
  const loaded = await loadDesired(deps, input);
  const result = await withTransaction(deps.store, (client) => storePlan(deps, input, client, loaded));
  await deleteDesired(deps.store.pool, input.runId);
  deps.log.info('diff.planned', {
    changeSet: result.changeSetId,
    held: result.heldBecause.length > 0,
    from: input.source.label,
    filesPassedOver: input.source.filesPassedOver,
    isComplete: input.source.isComplete,
    ...result.counts,
  });
  return result;
}

type Loaded = {
  readonly read: number;
  readonly accepted: number;
  readonly quarantined: number;
  readonly restrictsOnly: number;
};

/** Streams the system of record into the database: usable rows to sync.desired, the others to quarantine. */
async function loadDesired(deps: DiffDeps, input: DiffInput): Promise<Loaded> {
  const { pool } = deps.store;
  let read = 0;
  let accepted = 0;
  let usable: DesiredRow[] = [];
  let unusable: QuarantinedRow[] = [];
  const flush = async (): Promise<void> => {
    if (usable.length > 0) await insertDesired(pool, input.runId, usable);
    if (unusable.length > 0) await insertQuarantined(pool, toQuarantine(input), unusable);
    deps.progress({ step: 'diff', what: 'rows of the system of record read', done: read });
    usable = [];
    unusable = [];
  };
  for await (const row of input.source.rows(input.signal)) {
    read += 1;
    if (row.kind === 'desired') {
      usable.push({ ...row, restrictsOnly: false });
      accepted += 1;
    } else {
      unusable.push(toQuarantinedRow(row));
      const { account, restrictions, line } = row;
      if (account !== undefined && restrictions)
        usable.push({ account, line, fields: restrictions, restrictsOnly: true, raw: '' });
    }
    if (usable.length + unusable.length >= batchRows) await flush();
  }
  await flush();
  const repeated = await quarantineRepeatedDesired(pool, {
    tenant: input.tenant,
    runId: input.runId,
    file: input.source.label,
  });
  const restrictsOnly = await countRestrictsOnly(pool, input.runId);
  return { read, accepted: accepted - repeated, quarantined: read - accepted + repeated, restrictsOnly };
}

function toQuarantine(input: DiffInput): { tenant: string; runId: string; origin: 'system_of_record'; file: string } {
  return { tenant: input.tenant, runId: input.runId, origin: 'system_of_record', file: input.source.label };
}

function toQuarantinedRow(row: Extract<RecordRow, { kind: 'unusable' }>): QuarantinedRow {
  return { line: row.line, byteOffset: row.byteOffset, account: row.account, reason: row.reason, raw: row.raw };
}

async function storePlan(deps: DiffDeps, input: DiffInput, client: Queryable, loaded: Loaded): Promise<DiffResult> {
  const changeSetId = await insertChangeSet(client, {
    tenant: input.tenant,
    runId: input.runId,
    systemOfRecord: input.sourceName,
  });
  const counts: DiffCounts = {
    ...loaded,
    same: 0,
    blocks: 0,
    creates: 0,
    updates: 0,
    lifts: 0,
    notExpressible: 0,
    moreDiallable: 0,
  };
  const total = loaded.accepted + loaded.restrictsOnly;
  let seq = 0;
  let compared = 0;
  const rows = selectDiffRows(deps.store, { ...input, now: deps.clock.now() });
  for await (const batch of rows) {
    const patches: NewPatch[] = [];
    for (const { mirror, desired, restrictsOnly } of batch) {
      const isOurs = mirror !== undefined || !restrictsOnly;
      const planned = isOurs ? planContact(mirror, desired, { createActive: input.createActive }) : [];
      countPatches(counts, planned);
      for (const patch of planned) patches.push({ seq: ++seq, patch, baseMergedAt: mirror?.mergedAt });
    }
    if (patches.length > 0) await insertPatches(client, changeSetId, patches);
    compared += batch.length;
    deps.progress({ step: 'diff', what: 'contacts compared', done: compared, total });
  }
  if (compared !== total) {
    throw new FatalError(
      `The plan compared ${compared} contacts but the system of record gave ${total}; nothing was stored, plan again.`,
    );
  }
  const heldBecause = chooseHoldReasons(counts, input.guards);
  await markChangeSetPlanned(client, changeSetId, { counts: { ...counts }, heldBecause });
  return { changeSetId, counts, heldBecause };
}

const counters = {
  block: 'blocks',
  create: 'creates',
  update: 'updates',
  lift: 'lifts',
  not_expressible: 'notExpressible',
} as const;

function countPatches(counts: DiffCounts, patches: ReturnType<typeof planContact>): void {
  if (patches.length === 0) counts.same += 1;
  for (const patch of patches) counts[counters[patch.operation]] += 1;
  if (patches.some((patch) => patch.operation === 'lift')) counts.moreDiallable += 1;
}
