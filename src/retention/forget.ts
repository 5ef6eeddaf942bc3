/**
 * Erases one contact here, for a person who asked for it, and gives a receipt. LiveVox and the system of record are not touched, and would bring the
 * contact back with the next pull or plan; so while either still shows it, this is refused, unless somebody says "even so".
 * Refused always: while a stop of the person is on its way, because forgetting it could have them called; while a push of theirs is not
 * settled; and while a run is under way. Promises: tables in one transaction with the audit's entry, which holds no account.
 */
import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { HeldError } from '../errors.ts';
import {
  type ErasedRows,
  type ErasureObstacles,
  eraseContact,
  holdTenant,
  markDownloadFilesGone,
  type Store,
  selectErasureObstacles,
} from '../store/index.ts';

export type ForgetDeps = {
  readonly store: Store;
  readonly clock: Clock;
  /** Whether LiveVox shows the account; undefined: it cannot be asked for. */
  readonly isShown: (account: string, signal?: AbortSignal) => Promise<boolean | undefined>;
};

export type ForgetInput = {
  readonly tenant: string;
  readonly account: string;
  readonly by: string;
  /** For the record; without personal data. */
  readonly reason: string;
  /** Although LiveVox or a system of record still shows it; LiveVox is then not asked. @default false */
  readonly evenSo?: boolean;
  readonly spoolFolder: string;
  readonly signal?: AbortSignal | undefined;
};

/** For the person who asked. The audit keeps its number, who and when, and neither account nor values. */
export type Receipt = {
  readonly receipt: string;
  readonly tenant: string;
  readonly account: string;
  readonly erasedAt: Date;
  readonly by: string;
  readonly reason: string;
  /** Table → rows deleted, or emptied of what they said. */
  readonly erased: ErasedRows;
  /** Kept downloads of the tenant that were removed, whole: each may hold the contact. */
  readonly files: number;
  /** What this does not reach, a sentence each. */
  readonly notReached: readonly string[];
};

const lockWaitMs = 5_000;

const notReached = [
  'LiveVox and the system of record: erase the contact there, else it comes back with the next pull or plan.',
  'Backups, the write-ahead log of the database and rows it has not yet vacuumed.',
  'Files that commands were told to write, and exports of the mirror.',
] as const;

/** @throws HeldError when something stands against it; nothing was erased then */
export async function forget(deps: ForgetDeps, input: ForgetInput): Promise<Receipt> {
  const { tenant, account, by, reason, signal } = input;
  const lock = await holdTenant(deps.store, tenant, { clock: deps.clock, waitMs: lockWaitMs, signal });
  try {
    assertSettled(await selectErasureObstacles(deps.store.pool, tenant, account), input);
    await assertNotShown(deps, input);
    const receipt = randomUUID();
    const files = await removeDownloads(deps.store, tenant, input.spoolFolder);
    const erased = await eraseContact(deps.store, { tenant, account, receipt, by, reason });
    return { receipt, tenant, account, erasedAt: deps.clock.now(), by, reason, erased, files, notReached };
  } finally {
    await lock.release();
  }
}

function assertSettled(obstacles: ErasureObstacles, { evenSo }: ForgetInput): void {
  const { isRunning, unsettledPlans, openStops, readings } = obstacles;
  if (isRunning) throw new HeldError('A run is under way; nothing was erased. Wait for its end: lvsync status.');
  if (openStops > 0) {
    throw new HeldError(
      'A stop of this contact has not been seen in LiveVox yet, and forgetting it could have the person called; nothing was erased. Run lvsync sync first.',
    );
  }
  if (unsettledPlans.length > 0) {
    throw new HeldError(
      `Plan ${unsettledPlans[0]} changes this contact and is not settled; nothing was erased. Run lvsync sync first.`,
    );
  }
  if (readings.length > 0 && evenSo !== true) {
    throw new HeldError(
      `The system of record ${readings.join(', ')} held this contact when it was last read, and the next plan would create it again; nothing was erased. ` +
        'Erase it there and plan once, or say --even-so.',
    );
  }
}

async function assertNotShown({ isShown }: ForgetDeps, { account, evenSo, signal }: ForgetInput): Promise<void> {
  if (evenSo === true) return;
  const shown = await isShown(account, signal);
  if (shown === false) return;
  const why = shown === true ? 'LiveVox still shows this contact' : 'LiveVox cannot be asked for this account';
  throw new HeldError(
    `${why}, and the next pull would bring it back; nothing was erased. Erase it there first, or say --even-so.`,
  );
}

/** A download cannot be changed without being another one; what had not been merged yet is asked for again. */
async function removeDownloads(store: Store, tenant: string, spoolFolder: string): Promise<number> {
  const names = await readdir(spoolFolder).catch(() => []);
  for (const name of names) await rm(join(spoolFolder, name), { force: true });
  await markDownloadFilesGone(store.pool, tenant);
  return names.length;
}
