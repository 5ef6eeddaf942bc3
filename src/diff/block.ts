/**
 * Plans what somebody wants blocked at once: contacts by account, numbers on every contact that carries them. The plan is urgent - a push under
 * way takes it in between - and holds nothing but permanent blocks, so no guard has a say. Sends nothing.
 * What would surprise: blocks are never taken back from here, and the system of record keeps the last word where it owns the field.
 */
import type { Clock } from '../clock.ts';
import { phoneOrdinals, Seal } from '../contact/index.ts';
import {
  insertAudit,
  insertChangeSet,
  insertPatches,
  insertSuppressions,
  markChangeSetPlanned,
  type NewPatch,
  type StopRow,
  type Store,
  selectStopRows,
  withTransaction,
} from '../store/index.ts';
import { makePlanner } from './plan.ts';
import type { PlannedPatch } from './planned.ts';
import { toSealedRow } from './sealed-row.ts';

export type BlockInput = {
  readonly tenant: string;
  readonly runId: string;
  /** IANA zone of the client. */
  readonly timeZone: string;
  readonly wanted: BlockRequest;
  readonly expiresAt: Date;
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
  /** Contacts that are blocked as wanted already. */
  blockedAlready: number;
  /** Contacts to be blocked. */
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

/** Stores the plan, if there is anything to block. */
export async function block({ store, clock }: BlockDeps, input: BlockInput): Promise<BlockCounts> {
  const { wanted, tenant, timeZone, signal } = input;
  const seen = new Set<string>();
  const counts: BlockCounts = { found: 0, unknown: 0, unusedNumbers: 0, blockedAlready: 0, blocks: 0 };
  const patches: NewPatch[] = [];
  for await (const batch of selectStopRows(store, { tenant, timeZone, signal, ...wanted, now: clock.now() })) {
    for (const row of batch) {
      counts.found += 1;
      const found = planBlock(row, wanted, seen);
      counts[found.length === 0 ? 'blockedAlready' : 'blocks'] += 1;
      for (const patch of found) patches.push({ seq: patches.length + 1, patch, base: row.mergedAt });
    }
  }
  counts.unknown = wanted.accounts.filter((account) => !seen.has(account)).length;
  counts.unusedNumbers = wanted.numbers.filter((number) => !seen.has(number)).length;
  if (patches.length > 0) await storeBlocks(store, input, patches, counts);
  return counts;
}

/** Adds to `seen` which of the accounts and numbers it has met. */
function planBlock(row: StopRow, { accounts, numbers }: BlockRequest, seen: Set<string>): readonly PlannedPatch[] {
  const fields: Record<string, string> = {};
  if (accounts.includes(row.account)) {
    fields['accountBlock'] = 'true';
    seen.add(row.account);
  }
  for (const ordinal of phoneOrdinals) {
    const number = row.values[`phone${ordinal}`];
    if (number == null || !numbers.includes(number)) continue;
    fields[`phone${ordinal}Block`] = 'true';
    seen.add(number);
  }
  return planner(row, { account: row.account, fields });
}

async function storeBlocks(
  store: Store,
  { tenant, runId, wanted, expiresAt }: BlockInput,
  patches: readonly NewPatch[],
  counts: BlockCounts,
): Promise<void> {
  const seal = new Seal();
  for (const { seq, patch, base } of patches) seal.add(toSealedRow(seq, patch as PlannedPatch, base));
  await withTransaction(store, async (client) => {
    const changeSetId = await insertChangeSet(client, { tenant, runId, systemOfRecord: 'lvsync block', urgent: true });
    for (let at = 0; at < patches.length; at += batchRows) {
      await insertPatches(client, changeSetId, patches.slice(at, at + batchRows));
    }
    const stored = { kind: 'block', ...policy };
    const sealed = { seal: seal.finish(stored, []), policy: stored, expiresAt };
    await markChangeSetPlanned(client, changeSetId, { counts: { ...counts }, holds: [], ...sealed });
    const detail = `${counts.blocks} contacts: ${wanted.reason}`;
    await insertSuppressions(client, { tenant, changeSetId });
    await insertAudit(client, { tenant, actor: wanted.by, action: 'blocked', changeSetId, detail });
  });
}
