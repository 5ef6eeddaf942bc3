/** A sandbox, a mirror pulled from it for tenant `acme`, and the step that reads what is mirrored besides contacts. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { makeSecret, type ReferencesConfig } from '../../src/config.ts';
import { LiveVoxClient } from '../../src/livevox/index.ts';
import type { Log, LogFacts } from '../../src/log.ts';
import { type PullCounts, type PullInput, pull } from '../../src/pull/pull.ts';
import { type ReferencesDeps, references } from '../../src/references/references.ts';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/index.ts';
import type { Store } from '../../src/store/index.ts';
import { setupPull, type TestClock } from '../pull/download-source.ts';
import { setupDatabase } from '../support/database.ts';
import { setupFolder } from '../support/folder.ts';
import { setupSandbox } from '../support/sandbox-admin.ts';

type Warning = readonly [event: string, facts: LogFacts];

export type Setup = {
  readonly sandbox: Sandbox;
  readonly store: Store;
  readonly clock: TestClock;
  readonly warnings: Warning[];
  /** One pull and the step after it, as the pull step does. */
  readonly pull: (over?: Partial<ReferencesConfig>) => Promise<PullCounts & Awaited<ReturnType<typeof references>>>;
  /** The step alone, as if nothing had changed, with other readers where given. */
  readonly read: (
    over?: Partial<ReferencesConfig>,
    livevox?: Partial<ReferencesDeps['livevox']>,
    signal?: AbortSignal,
  ) => ReturnType<typeof references>;
  readonly select: (sql: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;
};

const defaults: ReferencesConfig = {
  refreshMs: 86_400_000,
  contactGroups: true,
  agents: true,
  agentSkills: true,
  notes: false,
  associatedAccounts: false,
  maxContacts: 500,
};

export async function setupReferences(options: SandboxOptions = {}): Promise<Setup> {
  const sandbox = await setupSandbox({ contacts: 60, ...options });
  const { clientName, userName, password, accessToken } = sandbox.credentials;
  const client = new LiveVoxClient({
    baseUrl: sandbox.url,
    credentials: { clientName, userName, password: makeSecret(password), accessToken: makeSecret(accessToken) },
    timeZone: 'America/New_York',
    clock: { now: () => new Date(), sleep: async () => {} },
  });
  onTestFinished(() => client.close());
  const { store } = await setupDatabase();
  const livevox = {
    fetchServerNow: (signal?: AbortSignal) => client.fetchServerNow(signal),
    fetchBulkContacts: client.contacts.bulkContactDownload,
    fetchCustomFields: client.customFields.listCustomFields,
  };
  const reader = toReader(client);
  const { deps, input } = await setupPull(store, livevox, join(await setupFolder(), 'spool'));
  deps.clock.at = new Date();
  const warnings: Warning[] = [];
  const log = makeLog(warnings);
  const read = (
    config: Partial<ReferencesConfig>,
    hasChanges: boolean,
    own: Partial<ReferencesDeps['livevox']> = {},
    signal?: AbortSignal,
  ): ReturnType<typeof references> =>
    references(
      { ...deps, log, livevox: { ...reader, ...own } },
      { ...toTask(input), references: { ...defaults, ...config }, hasChanges, signal },
    );
  return {
    sandbox,
    store,
    clock: deps.clock,
    warnings,
    pull: async (over = {}) => {
      const counts = await pull(deps, input);
      return { ...counts, ...(await read(over, counts.added + counts.changed > 0)) };
    },
    read: (over = {}, own, signal) => read(over, false, own, signal),
    select: async (sql, values) => (await store.pool.query<Record<string, unknown>>(sql, values)).rows,
  };
}

function toTask({ tenant, runId, timeZone }: PullInput) {
  return { tenant, runId, timeZone };
}

function toReader(client: LiveVoxClient): ReferencesDeps['livevox'] {
  return {
    listContactGroups: client.contactGroups.listContactGroup,
    listAgents: (signal) => client.agents.listAgents({}, signal),
    listAgentSkills: (signal) => client.agentSkills.listAgentSkills({}, signal),
    readAgentSkill: client.agentSkills.readAgentSkill,
    listContactNotes: client.contactNotes.listContactNotes,
    readContactNote: client.contactNotes.readContactNote,
    listAssociatedAccounts: client.contacts.listAssociatedAccounts,
  };
}

/** Keeps warnings, nothing else. */
function makeLog(warnings: Warning[]): Log {
  const log: Log = {
    debug: () => {},
    info: () => {},
    warn: (event, facts = {}) => void warnings.push([event, facts]),
    error: () => {},
    with: () => log,
  };
  return log;
}
