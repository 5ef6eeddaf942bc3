/**
 * What must hold after a run, or after any command that said `proven`: each function returns what does not, one sentence per violation.
 * The truth is the sandbox's own (contacts, writes, log of requests); of the program only its record in the database takes part.
 */

import type { ContactWrite, LogEntry } from '../../src/sandbox/index.ts';
import { compareWithRecord } from '../support/record-differences.ts';
import { fetchAllContacts, fetchLog } from '../support/sandbox-admin.ts';
import type { Place } from './place.ts';
import { lateCommitMs } from './scenario.ts';

/** LiveVox differs from the record in a field we own. `excepted`: accounts that LiveVox refuses, and the program has named. */
export async function findDifferences(place: Place, excepted: ReadonlySet<string>): Promise<readonly string[]> {
  const { differences } = await compareWithRecord(place.sandbox, place.record);
  return differences.filter((text) => !excepted.has(text.split(/[.:]/)[0] ?? '')).map((text) => `differs: ${text}`);
}

/** A patch of the plan is `confirmed`, and LiveVox has something else. */
export async function findFalselyConfirmed(place: Place, changeSetId: string): Promise<readonly string[]> {
  const patches = await place.select<{
    seq: number;
    account: string;
    changes: Record<string, [unknown, string | null]>;
  }>(`select seq, account, changes from sync.patches where change_set_id = $1 and verdict = 'confirmed' order by seq`, [
    changeSetId,
  ]);
  const contacts = await fetchAllContacts(place.sandbox);
  // The last word on a field is the plan's.
  const wanted = new Map<string, { account: string; field: string; to: string | null }>();
  for (const { account, changes } of patches)
    for (const [field, [, to]] of Object.entries(changes)) wanted.set(`${account} ${field}`, { account, field, to });
  return [...wanted.values()]
    .filter(({ account, field, to }) => !isSame(contacts.get(account)?.[field] ?? null, to))
    .map(({ account, field }) => `falsely confirmed: ${account}.${field} is not as it was sent`);
}

/** Every spelling of nothing, and of a number, is one. */
function isSame(has: string | null, wanted: string | null): boolean {
  const [one, other] = [has ?? '', wanted ?? ''];
  return (
    one === other || (one === '' && other === 'false') || (one !== '' && other !== '' && Number(one) === Number(other))
  );
}

/** An account was created twice, or asked to be although it had been created, or was on its way, and that could be known. */
export async function findDoubleCreates(place: Place, writes: readonly ContactWrite[]): Promise<readonly string[]> {
  const created = new Map<string, number[]>();
  for (const { kind, account, at } of writes)
    if (kind === 'created') created.set(account, [...(created.get(account) ?? []), at]);
  const found = [...created]
    .filter(([, times]) => times.length > 1)
    .map(([account, times]) => `created ${times.length} times: ${account}`);
  const earlier = new Map<string, LogEntry[]>();
  for (const entry of await fetchLog(place.sandbox)) {
    if (entry.route !== 'bulk-create' && entry.route !== 'create-contact') continue;
    for (const account of entry.accounts ?? []) {
      const before = earlier.get(account) ?? [];
      const unseenMs = before.some(({ faults }) => faults?.includes('late-commit')) ? lateCommitMs : 0;
      if (before.some((one) => isLive(one, entry)) || created.get(account)?.some((at) => at + unseenMs < entry.at))
        found.push(`create sent again although the first had been done, or was on its way: ${account}`);
      earlier.set(account, [...before, entry]);
    }
  }
  return found;
}

/** A request that was at work when the other one arrived. */
function isLive(one: LogEntry, other: LogEntry): boolean {
  return one.durationMs === null || one.at + one.durationMs > other.at;
}

/** A create or a lift was sent again without a verdict that the first had not been taken. */
export async function findStepsSentTwice(place: Place): Promise<readonly string[]> {
  const rows = await place.select<{ account: string; operation: string; times: number }>(
    `select p.account, p.operation, count(*)::int as times
       from sync.patches p join sync.chunks c on c.change_set_id = p.change_set_id and c.seq = p.chunk_seq
      where p.operation in ('create', 'lift') and c.state in ('accepted', 'in_doubt')
        and coalesce(p.verdict, 'confirmed') = 'confirmed'
      group by p.account, p.operation, p.sends having count(*) > 1`,
  );
  return rows.map(
    ({ account, operation, times }) => `${operation} sent ${times} times without a word that it was lost: ${account}`,
  );
}

const endpoints: Readonly<Record<string, string>> = {
  'bulk-create': 'bulk_create',
  'bulk-update': 'bulk_update',
  'multi-dnd': 'multi_dnd',
};

/** LiveVox silently left a row out, and neither is it named as not taken nor was it sent again. */
export async function findUnnamedDrops(place: Place): Promise<readonly string[]> {
  const named = await place.select<{ account: string; endpoint: string }>(
    `select distinct account, endpoint from sync.patches where verdict in ('not_taken', 'altered', 'overtaken')`,
  );
  const known = new Set(named.map(({ account, endpoint }) => `${endpoint} ${account}`));
  const log = await fetchLog(place.sandbox);
  const isTaken = (entry: LogEntry, account: string): boolean =>
    log.some(
      (other) =>
        other !== entry &&
        other.route === entry.route &&
        other.accounts?.includes(account) === true &&
        other.dropped?.includes(account) !== true,
    );
  return log
    .filter((entry) => entry.dropped !== undefined && (entry.status === 0 || (entry.status ?? 0) < 400))
    .flatMap((entry) => (entry.dropped ?? []).map((account) => ({ entry, account })))
    .filter(
      ({ entry, account }) => !known.has(`${endpoints[entry.route ?? '']} ${account}`) && !isTaken(entry, account),
    )
    .map(({ entry, account }) => `dropped without a word: ${account} in ${entry.route}`);
}

/** Something that LiveVox takes is kept back as a dead letter. */
export async function findWrongDeadLetters(place: Place, poisoned: ReadonlySet<string>): Promise<readonly string[]> {
  return [...(await selectDeadLetters(place))]
    .filter((account) => !poisoned.has(account))
    .map((account) => `a dead letter of a contact that LiveVox takes: ${account}`);
}

/** Accounts with a change that is kept back. */
export async function selectDeadLetters(place: Place): Promise<ReadonlySet<string>> {
  const letters = await place.select<{ account: string }>(
    `select distinct account from sync.dead_letters where state in ('open', 'retry')`,
  );
  return new Set(letters.map(({ account }) => account));
}
