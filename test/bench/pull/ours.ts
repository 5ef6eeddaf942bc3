/**
 * The one place where the bench of the pull touches the pull: what it calls, and which variants there are. When the pull's door
 * changes, only this file follows. Each function is the whole work of one process.
 */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { request } from 'undici';
import { systemClock } from '../../../src/clock.ts';
import { silentLog } from '../../../src/log.ts';
import { silentProgress } from '../../../src/progress.ts';
import type { BulkContacts } from '../../../src/pull/extract.ts';
import { startLanding } from '../../../src/pull/land.ts';
import { pull } from '../../../src/pull/pull.ts';
import { stageDownload } from '../../../src/pull/stage.ts';
import { closeStore, dropStage, openRun, openStore } from '../../../src/store/index.ts';
import { timeZone } from './made-up-contacts.ts';
import { watchStatements } from './statement-clock.ts';

export type History = 'kept' | 'none';
/** The variants that this pull can do: a merge with history of former versions, and without. `job.history` says which is to be run. */
export const histories: readonly History[] = ['kept'];

export type OursJob = {
  readonly databaseUrl: string;
  /** Where the download is served. */
  readonly bodyUrl: string;
  readonly spoolFolder: string;
  /** landing: as far as the stage. pull: into the mirror. */
  readonly kind: 'landing' | 'pull';
  readonly window: 'full' | 'incremental';
  /** LiveVox's clock. */
  readonly serverNow: string;
  readonly history: History;
  /** The landing's stage is left behind, to be looked at. */
  readonly isStageKept: boolean;
};

export type OursReport = {
  readonly rows: number;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly quarantined: number;
  /** Seconds until the last byte had come, of COPY, and of the merging transaction. They may overlap. */
  readonly seconds: { readonly download: number; readonly copy: number; readonly merge: number };
  readonly stageTable?: string;
};

const tenant = 'bench';

export async function runOurs(job: OursJob): Promise<OursReport> {
  return job.kind === 'landing' ? runLanding(job) : runPull(job);
}

async function runPull(job: OursJob): Promise<OursReport> {
  const store = await openStore(job.databaseUrl);
  const clock = watchStatements(store.pool);
  const download = makeDownload(job.bodyUrl);
  const livevox = {
    fetchServerNow: async () => new Date(job.serverNow),
    fetchCustomFields: async () => [],
    fetchBulkContacts: download.fetch,
  };
  const counts = await pull(
    { livevox, store, clock: systemClock, log: silentLog, progress: silentProgress },
    {
      tenant,
      runId: await openRun(store, { tenant, kind: 'pull', startedFrom: 'command' }),
      timeZone,
      spoolFolder: job.spoolFolder,
      overlapMs: 15 * 60_000,
      attempts: 1,
      maxWindowBytes: Number.POSITIVE_INFINITY,
      maxWindowMs: Number.POSITIVE_INFINITY,
      windows: 'instants',
      keepDownloadsMs: 0,
      keepHistoryMonths: 24,
      window: { kind: job.window },
    },
  );
  await closeStore(store);
  const { rows, added, changed, unchanged, quarantined } = counts;
  return { rows, added, changed, unchanged, quarantined, seconds: { download: download.seconds(), ...clock.read() } };
}

async function runLanding(job: OursJob): Promise<OursReport> {
  const store = await openStore(job.databaseUrl);
  const clock = watchStatements(store.pool);
  const download = makeDownload(job.bodyUrl);
  const runId = randomUUID();
  const spoolPath = join(job.spoolFolder, `${runId}.download`);
  const landing = startLanding((await download.fetch()).body, spoolPath);
  const staged = await stageDownload(
    { store, progress: silentProgress },
    { runId, landing, timeZone, customFields: [] },
  );
  await rm(spoolPath);
  if (!job.isStageKept) await dropStage(store.pool, staged.stage);
  await closeStore(store);
  return {
    rows: staged.rows,
    added: 0,
    changed: 0,
    unchanged: 0,
    quarantined: staged.rejected,
    seconds: { download: download.seconds(), ...clock.read() },
    stageTable: staged.stage.table,
  };
}

/** What the client does with a download: asks, and hands out the body. */
function makeDownload(url: string): { readonly fetch: () => Promise<BulkContacts>; readonly seconds: () => number } {
  let seconds = 0;
  return {
    seconds: () => seconds,
    fetch: async () => {
      const askedAt = performance.now();
      const { body, headers } = await request(url);
      body.once('end', () => {
        seconds += (performance.now() - askedAt) / 1000;
      });
      return { body, contentType: String(headers['content-type']) };
    },
  };
}
