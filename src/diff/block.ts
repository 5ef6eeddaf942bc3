/**
 * Plans what somebody wants blocked at once: contacts by account, numbers on every contact that carries them. The plan is urgent - a push under
 * way takes it in between - and holds nothing but permanent blocks, so no guard has a say. Sends nothing.
 * What would surprise: whoever the mirror shows blocked is blocked again, because the mirror may be out of date, or a lift may be waiting in another
 * plan. Blocks are never taken back from here, and the system of record keeps the last word where it owns the field.
 */
import type { Clock } from '../clock.ts';
import { phoneOrdinals, Seal } from '../contact/index.ts';
import {
  type Arriving,
  insertAudit,
  insertChangeSet,
  insertPatches,
  insertSuppressions,
  markChangeSetPlanned,
  type NewPatch,
  type Queryable,
  type Store,
  selectArriving,
  selectStopRows,
  withTransaction,
} from '../store/index.ts';
import { isSet, type MirrorContact } from './contact-state.ts';
import { makePlanner } from './plan.ts';
import type { PlannedPatch } from './planned.ts';
import { toSealedRow } from './sealed-row.ts';

export type BlockInput = {
  readonly tenant: string;
  readonly runId: string;
  /** IANA zone of the client. */
  readonly timeZone: string;
  readonly wanted: BlockRequest;
  /** Only whom the mirror does not show blocked: to look again after the read-back. @default false */
  readonly onlyOpen?: boolean;
  readonly signal?: AbortSignal;
};

/** Who is to be blocked, on whose word. */
export type BlockRequest = {
  /** Whole contacts. */
  readonly accounts: readonly string[];
  /** Ten digits each: wherever the mirror has them. */
  readonly numbers: readonly string[];
  readonly by: string;
  readonly reason: string;
};

export type BlockCounts = {
  /** Contacts that were asked for by account, or carry a number. */
  found: number;
  /** Accounts that LiveVox does not show. */
  unknown: number;
  /** Numbers that no contact carries. */
  unusedNumbers: number;
  /** Contacts that the mirror shows blocked as wanted; they are blocked again. */
  blockedAlready: number;
  /** Contacts that it does not. */
  blocks: number;
};

type BlockDeps = { readonly store: Store; readonly clock: Clock };

const batchRows = 1_000;

const fields = ['accountBlock', ...phoneOrdinals.map((ordinal) => `phone${ordinal}Block`)];
const policy = {
  createActive: false,
  owners: Object.fromEntries(fields.map((field) => [field, 'most-restrictive'] as const)),
  onAbsence: 'nothing',
} as const;
const planner = makePlanner(policy);

/** Stores the plan, if LiveVox shows anybody to be blocked, and in any case on whose word. */
export async function block({ store, clock }: BlockDeps, input: BlockInput): Promise<BlockCounts> {
  const { wanted, tenant, timeZone, signal } = input;
  const seen = new Set<string>();
  const counts: BlockCounts = { found: 0, unknown: 0, unusedNumbers: 0, blockedAlready: 0, blocks: 0 };
  const patches: NewPatch[] = [];
  const arriving = await selectArriving(store.pool, tenant, wanted.numbers);
  const add = (row: MirrorContact, base: string | undefined): void => {
    const fields = toWanted(row, wanted, seen);
    if (fields.length === 0) return;
    counts.found += 1;
    const isShown = fields.every((field) => isSet(row, field));
    counts[isShown ? 'blockedAlready' : 'blocks'] += 1;
    if (input.onlyOpen === true && isShown) return;
    for (const patch of planBlock(row, fields)) patches.push({ seq: patches.length + 1, patch, base });
  };
  const shown = new Set<string>();
  const accounts = [...wanted.accounts, ...arriving.map(({ account }) => account)];
  const rows = { tenant, timeZone, signal, accounts, numbers: wanted.numbers, now: clock.now() };
  for await (const batch of selectStopRows(store, rows)) {
    for (const row of batch) {
      shown.add(row.account);
      add(toArrived(row, arriving), row.mergedAt);
    }
  }
  for (const account of new Set(arriving.map((one) => one.account))) {
    if (!shown.has(account)) add(toArrived(toNewcomer(account), arriving), undefined);
  }
  counts.unknown = wanted.accounts.filter((account) => !seen.has(account)).length;
  counts.unusedNumbers = wanted.numbers.filter((number) => !seen.has(number)).length;
  // A number counts for contacts that are still to come, also where none has it.
  if (patches.length > 0 || (wanted.numbers.length > 0 && input.onlyOpen !== true)) {
    await storeBlocks(store, input, patches, counts);
  } else if (input.onlyOpen !== true) await noteBlocked(store.pool, input, counts);
  return counts;
}

/** A contact as it is when what has been sent to it has arrived; where the answer was lost, the numbers may be at both places. */
function toArrived(row: MirrorContact, arriving: readonly Arriving[]): MirrorContact {
  const values = { ...row.values };
  const rawPhones = { ...row.rawPhones };
  for (const { account, sends, isSure } of arriving) {
    if (account !== row.account) continue;
    for (const place of phoneOrdinals.map((ordinal) => `phone${ordinal}`)) {
      const number = sends[place];
      if (number === undefined || (number === null && !isSure)) continue;
      if (!isSure && values[place] != null) continue;
      values[place] = number?.replace(/\D/g, '').slice(-10) ?? null;
      rawPhones[place] = number;
    }
  }
  return { ...row, values, rawPhones };
}

/** A contact that the mirror does not show yet. */
function toNewcomer(account: string): MirrorContact {
  return { account, lvAccountId: undefined, mergedAt: '', modifyDate: null, values: {}, rawPhones: {} };
}

/** The fields to set. Adds to `seen` which of the accounts and numbers the contact has. */
function toWanted(row: MirrorContact, { accounts, numbers }: BlockRequest, seen: Set<string>): readonly string[] {
  const fields: string[] = [];
  if (accounts.includes(row.account)) {
    fields.push('accountBlock');
    seen.add(row.account);
  }
  for (const ordinal of phoneOrdinals) {
    const number = row.values[`phone${ordinal}`];
    if (number == null || !numbers.includes(number)) continue;
    fields.push(`phone${ordinal}Block`);
    seen.add(number);
  }
  return fields;
}

/** Planned as if nothing were blocked, so that every block is sent; one that the mirror shows is noted as said again ([true, true]). */
function planBlock(row: MirrorContact, fields: readonly string[]): readonly PlannedPatch[] {
  const toAll = (value: string) => Object.fromEntries(fields.map((field) => [field, value]));
  const open = { ...row, values: { ...row.values, ...toAll('false') } };
  return planner(open, { account: row.account, fields: toAll('true') }).map((patch) => ({
    ...patch,
    changes: Object.fromEntries(
      Object.entries(patch.changes).map(([field, [from, to]]) => [field, [isSet(row, field) ? 'true' : from, to]]),
    ),
  }));
}

async function storeBlocks(
  store: Store,
  input: BlockInput,
  patches: readonly NewPatch[],
  counts: BlockCounts,
): Promise<void> {
  const { tenant, runId, wanted } = input;
  const seal = new Seal();
  for (const { seq, patch, base } of patches) seal.add(toSealedRow(seq, patch as PlannedPatch, base));
  await withTransaction(store, async (client) => {
    const changeSetId = await insertChangeSet(client, {
      tenant,
      runId,
      systemOfRecord: 'lvsync block',
      urgent: true,
      stoppedNumbers: wanted.numbers,
    });
    for (let at = 0; at < patches.length; at += batchRows) {
      await insertPatches(client, changeSetId, patches.slice(at, at + batchRows));
    }
    const stored = { kind: 'block', ...policy };
    const sealed = { seal: seal.finish(stored, []), policy: stored, expiresAt: null };
    await markChangeSetPlanned(client, changeSetId, { counts: { ...counts }, holds: [], ...sealed });
    await insertSuppressions(client, { tenant, changeSetId });
    await noteBlocked(client, input, counts, changeSetId);
  });
}

/** Who asked for it is on record, also when there was nobody to be blocked. */
function noteBlocked(
  db: Queryable,
  { tenant, wanted }: BlockInput,
  { found }: BlockCounts,
  changeSetId?: string,
): Promise<void> {
  const detail = `${found} contacts: ${wanted.reason}`;
  return insertAudit(db, { tenant, actor: wanted.by, action: 'blocked', changeSetId, detail });
}
