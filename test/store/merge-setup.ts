/** Merges for tests: contacts staged and merged as a pull would, without a pull. */
import { contactFields } from '../../src/contact/index.ts';
import {
  copyStage,
  insertDownload,
  type MergeCounts,
  type MergeInput,
  makeStage,
  markDownloadLanded,
  mergeStage,
  openRun,
  type Stage,
  type Store,
} from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';

export type Contact = Readonly<Record<string, string>>;
export type MergeSetup = {
  store: Store;
  runId: string;
  merge: (contacts: readonly Contact[], over?: Partial<MergeInput>) => Promise<MergeCounts>;
};

const serverNow = new Date('2026-03-02T12:00:00Z');

/** A database with tenant `acme`, and a merge of contacts (field → CSV text) whose zone-less times are in `timeZone`. */
export async function setupMerge(timeZone = 'America/New_York'): Promise<MergeSetup> {
  const { store } = await setupDatabase();
  const runId = await openRun(store, { tenant: 'acme', kind: 'pull', startedFrom: 'command' });
  const merge: MergeSetup['merge'] = async (contacts, over = {}) => {
    const stage = over.stage ?? (await stageContacts(store, runId, contacts, timeZone));
    const download = await landDownload(store, runId, contacts.length);
    return mergeStage(store, {
      tenant: 'acme',
      stage,
      timeZone,
      now: new Date('2026-03-02T12:00:05Z'),
      isRepair: false,
      covers: { startsAt: new Date(0), endsAt: serverNow },
      serverNow,
      overlapMs: 0,
      download,
      customFields: [],
      ...over,
    });
  };
  return { store, runId, merge };
}

/** A download on record as landed. */
export async function landDownload(store: Store, runId: string, rows: number): Promise<MergeInput['download']> {
  const id = await insertDownload(store.pool, {
    tenant: 'acme',
    runId,
    reason: 'new_time',
    startsAt: undefined,
    endsAt: undefined,
    covers: undefined,
    serverNow,
    overlapMs: 0,
  });
  const landed = { file: 'x.download', bytes: 1, sha256: 'f' };
  await markDownloadLanded(store.pool, id, landed);
  return { id, rows, ...landed };
}

export async function stageContacts(
  store: Store,
  runId: string,
  contacts: readonly Contact[],
  timeZone = 'America/New_York',
): Promise<Stage> {
  const stage = await makeStage(store.pool, runId);
  const rows = contacts.map((contact) => `${contactFields.map((field) => contact[field.name] ?? '').join(',')}\n`);
  const bytes = async function* (): AsyncGenerator<Buffer> {
    yield Buffer.from(rows.join(''));
  };
  await copyStage(store, { stage, timeZone, rows: bytes(), toLine: (line) => line });
  return stage;
}
