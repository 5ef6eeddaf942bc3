/**
 * Plans to take back what an earlier plan has changed: a sealed change set like any other, made by the same planner, linter and guards,
 * of the stored values from before, for what nobody has touched since. Sends nothing. What stays as it is is noted with the reason
 * (sync.unreverted), in the same transaction as the plan.
 * What would surprise: it does not read the system of record, but asks its last reading whether a stop is still wanted.
 */
import type { Clock } from '../clock.ts';
import type { GuardsConfig, PlansConfig } from '../config.ts';
import type { Owner } from '../contact/index.ts';
import { FatalError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Progress } from '../progress.ts';
import {
  type Candidate,
  type ChangeSet,
  countMirrorContacts,
  countSentChanges,
  insertAudit,
  insertUnreverted,
  type KeptReading,
  type SentContact,
  type Store,
  selectChangeSet,
  selectReadings,
  selectSentChanges,
  type UnrevertedReason,
  type UnrevertedRow,
} from '../store/index.ts';
import { assertReadBack } from './assert-read-back.ts';
import { makePatchCounts, type PatchCounts } from './plan-counts.ts';
import { chooseRevert, type RevertChoice, type RevertContext } from './plan-revert.ts';
import type { PlanPolicy } from './planned.ts';
import { type Storing, storePlan } from './store-plan.ts';

export type RevertDeps = {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly progress: Progress;
};

export type RevertInput = {
  readonly tenant: string;
  readonly runId: string;
  /** IANA zone of the client. */
  readonly timeZone: string;
  /** The plan to take back. */
  readonly changeSetId: string;
  /** Only these contacts. @default all */
  readonly accounts?: readonly string[] | undefined;
  /** Who asked for it, for the record. */
  readonly actor: string;
  readonly guards: GuardsConfig;
  readonly plans: PlansConfig;
  /** From when on the new plan is neither approved nor begun. */
  readonly expiresAt: Date;
  readonly signal?: AbortSignal;
};

/** Contacts for each reason to leave something as it is; one contact may count for two. */
type LeftCounts = { touchedSince: number; wanted: number; noReading: number; deleted: number; gone: number };

type RevertCounts = PatchCounts & LeftCounts;

export type RevertResult = {
  readonly changeSetId: string;
  readonly counts: RevertCounts;
  readonly heldBecause: readonly string[];
};

const leftCounters = {
  touched_since: 'touchedSince',
  wanted: 'wanted',
  no_reading: 'noReading',
  deleted: 'deleted',
  gone: 'gone',
} as const satisfies Readonly<Record<UnrevertedReason, keyof LeftCounts>>;

/**
 * Plans the way back; the change set is `planned`, or `held` when a guard tripped.
 * @throws FatalError when there is no such plan, nothing of it was ever sent, or what was sent last has not been read back yet
 */
export async function revert(deps: RevertDeps, input: RevertInput): Promise<RevertResult> {
  const { store } = deps;
  await assertReadBack(store, input.tenant);
  const reverted = await selectChangeSet(store.pool, input.tenant, input.changeSetId);
  if (reverted === undefined)
    throw new FatalError(`Tenant ${input.tenant} has no plan ${input.changeSetId} to take back.`);
  const sent = await countSentChanges(store.pool, input);
  if (sent.contacts === 0)
    throw new FatalError(`Plan ${reverted.id} has changed nothing in LiveVox, so that there is nothing to take back.`);
  const readings = await selectReadings(store.pool, input.tenant);
  const mirrorContacts = await countMirrorContacts(store.pool, input.tenant);
  const counts: RevertCounts = {
    ...makePatchCounts({ candidates: sent.contacts, absent: 0, mirrorContacts }),
    ...{ touchedSince: 0, wanted: 0, noReading: 0, deleted: 0, gone: 0 },
  };
  const policy = toPolicy(sent.fields);
  const stored = await storePlan(
    deps,
    {
      ...input,
      sourceName: reverted.systemOfRecord,
      isComplete: false,
      owners: policy.owners,
      policy,
      fanOut: undefined,
      reverts: reverted.id,
    },
    {
      compared: sent.contacts,
      count: sent.contacts,
      isActing: true,
      open: (storing) => audit(storing, input, reverted, sent.contacts),
      read: (storing) => readCandidates(deps, input, { storing, reverted, readings, counts }),
    },
    counts,
  );
  deps.log.info('revert.planned', {
    changeSet: stored.changeSetId,
    reverts: reverted.id,
    held: stored.heldBecause.length > 0,
    ...counts,
  });
  return { ...stored, counts };
}

/** What goes back is not weighed against LiveVox's value: it was looked at before. A contact that the plan created is as one that is gone. */
function toPolicy(fields: readonly string[]): PlanPolicy {
  const owners = Object.fromEntries(
    fields.filter((name) => name !== 'account').map((name) => [name, 'record' as Owner]),
  );
  return { createActive: false, onAbsence: 'deactivate', owners };
}

function audit(
  { client, changeSetId }: Storing,
  { tenant, actor, accounts }: RevertInput,
  { id }: ChangeSet,
  contacts: number,
): Promise<void> {
  const chosen = accounts === undefined ? '' : `, of ${accounts.length} chosen accounts`;
  const detail = `plan ${id}, ${contacts} contacts that it changed${chosen}`;
  return insertAudit(client, { tenant, actor, action: 'reverted', changeSetId, detail });
}

type Reading = {
  readonly storing: Storing;
  readonly reverted: ChangeSet;
  readonly readings: readonly KeptReading[];
  readonly counts: LeftCounts;
};

async function* readCandidates(
  { store, clock }: RevertDeps,
  input: RevertInput,
  { storing, reverted, readings, counts }: Reading,
): AsyncGenerator<readonly Candidate[]> {
  const { tenant, timeZone, accounts, signal } = input;
  const now = clock.now();
  const own = readings.findIndex(({ systemOfRecord }) => systemOfRecord === reverted.systemOfRecord);
  const context: RevertContext = { now, timeZone, ownReading: own < 0 ? undefined : own };
  const changeSetId = reverted.id;
  for await (const batch of selectSentChanges(store, {
    tenant,
    changeSetId,
    accounts,
    readings,
    now,
    timeZone,
    signal,
  })) {
    const chosen = batch.map((contact) => ({ contact, choice: chooseRevert(contact, context) }));
    const left = chosen.flatMap(({ contact, choice }) => toRows(contact.account, choice));
    for (const { reason } of left) counts[leftCounters[reason]] += 1;
    await insertUnreverted(storing.client, storing.changeSetId, left);
    yield chosen.map(({ contact, choice }) => toCandidate(contact, choice));
  }
}

/** A row per reason. */
function toRows(account: string, { left }: RevertChoice): readonly UnrevertedRow[] {
  const reasons = [...new Set(left.map(({ reason }) => reason))];
  return reasons.map((reason) => {
    const fields = left.filter((one) => one.reason === reason).map(({ field }) => field);
    return { account, reason, fields };
  });
}

function toCandidate({ account, mirror }: SentContact, { fields, deactivates }: RevertChoice): Candidate {
  if (Object.keys(fields).length === 0) return { account, mirror, desired: undefined, isAbsent: deactivates };
  const desired = { account, fields, changedAt: undefined, causes: undefined, restrictsOnly: false };
  return { account, mirror, desired, isAbsent: false };
}
