/**
 * "Are these contacts right, now?": reads chosen contacts from LiveVox, holds them against the mirror, records what differs with its cause,
 * and repairs the mirror as a sweep does: by pulling the stretch of modifyDate once more, so that history is kept. It marks nobody as gone,
 * which takes two sweeps, and it sends nothing.
 * Called with the tenant's lock held; may stand between two steps of another run.
 */
import type { Log } from '../log.ts';
import type { Progress } from '../progress.ts';
import {
  countMirrorContacts,
  insertDrift,
  markDriftRepairedSince,
  type NewDrift,
  type Store,
  selectCoverage,
  selectCoveredUntil,
  selectDriftedWindows,
  selectHeldContacts,
  selectLastMergeAt,
} from '../store/index.ts';
import { chooseReading, type Reading } from './choose-reading.ts';
import { type DriftCause, type Finding, findCause, type ShownContact } from './find-cause.ts';

export { accountsPerSearch } from './choose-reading.ts';
export type { ShownContact } from './find-cause.ts';

export type ReconcileDeps = {
  readonly store: Store;
  readonly log: Log;
  readonly progress: Progress;
  readonly livevox: {
    readonly isAddressable: (account: string) => boolean;
    /** Those of the accounts that LiveVox shows, in any order; others may be among them. */
    readonly fetchContacts: (
      kind: Reading['kind'],
      accounts: readonly string[],
      signal?: AbortSignal,
    ) => AsyncIterable<ShownContact>;
  };
  /** Pulls all fields of a closed stretch of modifyDate into the mirror, in the same run. */
  readonly pullWindow: (window: { readonly startsAt: Date; readonly endsAt: Date }) => Promise<unknown>;
};

export type ReconcileInput = {
  readonly tenant: string;
  /** A run that is running (sync.runs). */
  readonly runId: string;
  readonly accounts: readonly string[];
  /** IANA zone of the client. */
  readonly timeZone: string;
  /** Decides whether a daily block is still in force. */
  readonly now: Date;
  /** How late LiveVox commits at most, milliseconds. */
  readonly overlapMs: number;
  readonly signal?: AbortSignal;
};

/** accounts = same + notPulled + unknown + drifted; drifted is the sum of the causes. */
export type ReconcileCounts = {
  readonly reading: Reading['kind'];
  readonly accounts: number;
  readonly same: number;
  /** Changed in LiveVox since the last pull. */
  readonly notPulled: number;
  /** Neither LiveVox nor the mirror has them. */
  readonly unknown: number;
  readonly lateCommit: number;
  readonly missedWindow: number;
  readonly silentChange: number;
  readonly rolledBack: number;
  readonly altered: number;
  readonly vanished: number;
  readonly drifted: number;
  /** Of those that drifted: the mirror agrees again. */
  readonly repaired: number;
  readonly driftPerTenThousand: number;
};

/** The mirror is pulled again in at most so many pieces. */
const maxRepairs = 8;

/** @throws what reading LiveVox throws, and the signal's reason when aborted; nothing is recorded then */
export async function reconcile(deps: ReconcileDeps, input: ReconcileInput): Promise<ReconcileCounts> {
  const reading = chooseReading({
    accounts: input.accounts.length,
    areAddressable: input.accounts.every(deps.livevox.isAddressable),
    contacts: await countMirrorContacts(deps.store.pool, input.tenant),
  });
  const shown = await fetchShown(deps, input, reading);
  const findings = await judge(deps.store, input, shown);
  await insertDrift(deps.store.pool, input, listDrift(findings, shown));
  const repaired = await repair(deps, input);
  const counts = toCounts(reading, [...findings.values()], repaired);
  deps.log.info('reconcile.done', { ...counts });
  return counts;
}

async function fetchShown(
  { livevox, progress }: ReconcileDeps,
  { accounts, signal }: ReconcileInput,
  { kind, requests }: Reading,
): Promise<ReadonlyMap<string, ShownContact>> {
  const wanted = new Set(accounts);
  const shown = new Map<string, ShownContact>();
  for await (const contact of livevox.fetchContacts(kind, accounts, signal)) {
    if (wanted.has(contact.account)) shown.set(contact.account, contact);
    progress({
      step: 'reconcile',
      what: 'contacts read',
      done: shown.size,
      ...(requests > 1 ? { total: wanted.size } : {}),
    });
  }
  return shown;
}

async function judge(
  store: Store,
  input: ReconcileInput,
  shown: ReadonlyMap<string, ShownContact>,
): Promise<ReadonlyMap<string, Finding>> {
  const { accounts, tenant, overlapMs, timeZone } = input;
  const held = await selectHeldContacts(store, input);
  const { intervals } = await selectCoverage(store.pool, tenant);
  const coveredUntil = await selectCoveredUntil(store.pool, tenant);
  const settledUntil = new Date((coveredUntil?.getTime() ?? 0) - overlapMs);
  const isCovered = (at: Date): boolean => intervals.some(({ startsAt, endsAt }) => startsAt <= at && at <= endsAt);
  const on = { timeZone, settledUntil, isCovered };
  return new Map(accounts.map((account) => [account, findCause(shown.get(account), held.get(account), on)]));
}

function listDrift(
  findings: ReadonlyMap<string, Finding>,
  shown: ReadonlyMap<string, ShownContact>,
): readonly NewDrift[] {
  return [...findings].flatMap(([account, finding]) =>
    finding.kind === 'drift' ? [{ account, cause: finding.cause, modifyDate: shown.get(account)?.modifyDate }] : [],
  );
}

/** How many of those that drifted the mirror shows as LiveVox does, afterwards. */
async function repair({ store, pullWindow }: ReconcileDeps, { runId, tenant }: ReconcileInput): Promise<number> {
  const before = await selectLastMergeAt(store.pool, tenant);
  for (const { since, until } of await selectDriftedWindows(store.pool, { runId }, maxRepairs)) {
    await pullWindow({ startsAt: since, endsAt: until });
  }
  return markDriftRepairedSince(store.pool, runId, before);
}

function toCounts({ kind: reading }: Reading, findings: readonly Finding[], repaired: number): ReconcileCounts {
  const count = (kind: Finding['kind'], cause?: DriftCause): number =>
    findings.filter(
      (one) => one.kind === kind && (cause === undefined || (one.kind === 'drift' && one.cause === cause)),
    ).length;
  const drifted = count('drift');
  return {
    reading,
    accounts: findings.length,
    same: count('same'),
    notPulled: count('not_pulled'),
    unknown: count('unknown'),
    lateCommit: count('drift', 'late_commit'),
    missedWindow: count('drift', 'missed_window'),
    silentChange: count('drift', 'silent_change'),
    rolledBack: count('drift', 'rolled_back'),
    altered: count('drift', 'altered'),
    vanished: count('drift', 'vanished'),
    drifted,
    repaired,
    driftPerTenThousand: findings.length === 0 ? 0 : Math.round((drifted / findings.length) * 1_000_000) / 100,
  };
}
