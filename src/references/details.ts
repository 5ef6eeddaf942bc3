/**
 * Notes and associated accounts of the contacts on the backlog, the latest change first, so many per run as configured; the others wait.
 * The client's lanes keep the pace. Contacts are merged in small groups, each taken off the backlog with what was read of it, so a
 * crash costs one group. Of a contact that LiveVox does not show, what the mirror has stays as it is.
 */
import { setMaxListeners } from 'node:events';
import { toLogReason } from '../errors.ts';
import {
  type MirrorNote,
  mergeContactDetails,
  type ReferenceRow,
  selectNotes,
  selectReferenceBacklog,
} from '../store/index.ts';
import { toFailure } from './failure.ts';
import { readAssociatedAccounts, readNotes } from './read-contact.ts';
import type { ReferenceCounts, ReferenceReader, ReferencesDeps, ReferencesInput } from './task.ts';

/** Reads the rows of one contact. */
type Read = (account: string, signal: AbortSignal) => Promise<readonly ReferenceRow[]>;

/** What was read of a group of contacts. */
type GroupRead = {
  readonly accounts: readonly string[];
  readonly rows: readonly ReferenceRow[];
  readonly unreadable: readonly string[];
  /** Why the others of the group were not tried. */
  readonly stoppedBy?: 'forbidden' | 'broken';
};

const groupSize = 20;

/** Reads and merges as many contacts of the backlog as the budget allows. */
export async function readDetails(
  deps: ReferencesDeps,
  input: ReferencesInput,
  counts: ReferenceCounts,
): Promise<void> {
  const { tenant, references: config, signal } = input;
  const waiting = await selectReferenceBacklog(deps.store.pool, tenant, config.maxContacts);
  const wanted = { notes: config.notes, associatedAccounts: config.associatedAccounts };
  for (let done = 0; done < waiting.length; done += groupSize) {
    signal?.throwIfAborted();
    deps.progress({ step: 'pull', what: 'contacts read for notes and accounts', done, total: waiting.length });
    const accounts = waiting.slice(done, done + groupSize);
    const known = wanted.notes ? await selectNotes(deps.store.pool, tenant, accounts) : [];
    const [notes, associated] = await Promise.all([
      wanted.notes ? readGroup(deps, input, counts, accounts, toNotesRead(deps.livevox, known)) : undefined,
      wanted.associatedAccounts ? readGroup(deps, input, counts, accounts, toAssociatedRead(deps.livevox)) : undefined,
    ]);
    wanted.notes &&= notes?.stoppedBy !== 'forbidden';
    wanted.associatedAccounts &&= associated?.stoppedBy !== 'forbidden';
    const reads = {
      notes: wanted.notes ? notes : undefined,
      associatedAccounts: wanted.associatedAccounts ? associated : undefined,
    };
    await mergeGroup(deps, input, counts, accounts, reads);
    const isBroken = notes?.stoppedBy === 'broken' || associated?.stoppedBy === 'broken';
    if (isBroken || (!wanted.notes && !wanted.associatedAccounts)) return;
  }
}

/** A contact is done when everything that is wanted was read of it, or turned out to be unreadable. */
async function mergeGroup(
  { store, clock }: ReferencesDeps,
  { tenant }: ReferencesInput,
  counts: ReferenceCounts,
  accounts: readonly string[],
  kinds: Readonly<Record<'notes' | 'associatedAccounts', GroupRead | undefined>>,
): Promise<void> {
  const reads = [kinds.notes, kinds.associatedAccounts].filter((read) => read !== undefined);
  if (reads.length === 0) return;
  const isDone = (account: string): boolean =>
    reads.every((read) => read.accounts.includes(account) || read.unreadable.includes(account));
  const doneAccounts = accounts.filter(isDone);
  const unreadable = doneAccounts.filter((account) => reads.some((read) => read.unreadable.includes(account)));
  await mergeContactDetails(store, { tenant, fetchedAt: clock.now(), doneAccounts, ...kinds });
  const read = doneAccounts.length - unreadable.length;
  if (read > 0) counts.contactsRead = (counts.contactsRead ?? 0) + read;
  if (unreadable.length > 0) counts.contactsUnreadable = (counts.contactsUnreadable ?? 0) + unreadable.length;
}

/** Asks for all contacts of the group; the lane lets as many through at once as it may. The first that shows that it is no use stops the others. */
async function readGroup(
  { log }: ReferencesDeps,
  { signal }: ReferencesInput,
  counts: ReferenceCounts,
  asked: readonly string[],
  read: Read,
): Promise<GroupRead> {
  const stop = new AbortController();
  const either = AbortSignal.any([stop.signal, ...(signal ? [signal] : [])]);
  // All of the group wait for it in the lane; Node takes so many listeners for a leak.
  setMaxListeners(2 * groupSize, either);
  const accounts: string[] = [];
  const rows: ReferenceRow[] = [];
  const unreadable: string[] = [];
  let stoppedBy: GroupRead['stoppedBy'];
  const readOne = async (account: string): Promise<void> => {
    try {
      rows.push(...(await read(account, either)));
      accounts.push(account);
    } catch (error) {
      if (either.aborted) return;
      const failure = toFailure(error);
      if (failure === 'unreadable') return void unreadable.push(account);
      stoppedBy = failure;
      log.warn('references.contacts.failed', { reason: toLogReason(error) });
      counts.referencesFailed = (counts.referencesFailed ?? 0) + 1;
      stop.abort();
    }
  };
  await Promise.all(asked.map(readOne));
  signal?.throwIfAborted();
  return { accounts, rows, unreadable, stoppedBy };
}

function toNotesRead(livevox: ReferenceReader, known: readonly MirrorNote[]): Read {
  return (account, signal) => readNotes(livevox, account, known, signal);
}

function toAssociatedRead(livevox: ReferenceReader): Read {
  return (account, signal) => readAssociatedAccounts(livevox, account, signal);
}
