/**
 * Reads few sent contacts back one by one, where lifts wait for their blocks and a pull comes at the end of the run anyway. A keyed read
 * can only confirm: what it does not show as sent, or does not say at all, the next pull judges. It writes no mirror.
 */
import { findField } from '../contact/index.ts';
import { markVerdicts, type Store, selectTally, selectUnread, type UnreadContact } from '../store/index.ts';
import { toVerdicts } from './confirm.ts';
import type { LookUp } from './look-up.ts';

export type KeyedInput = {
  readonly changeSetId: string;
  /** Most contacts that are read one by one. */
  readonly keyedReads: number;
  /** Whether a keyed read says anything of the field. */
  readonly isShownByKey: (field: string) => boolean;
};

/**
 * The contacts to be read one by one; none when a pull has to do it: too many, or something is among them that a keyed read cannot
 * confirm, or nothing waits for them.
 */
export async function selectForKeyedReads(store: Store, input: KeyedInput): Promise<readonly UnreadContact[]> {
  const contacts = await selectUnread(store.pool, input.changeSetId, input.keyedReads + 1);
  if (contacts.length > input.keyedReads || !contacts.every((contact) => isConfirmable(contact, input))) return [];
  const { unsent } = await selectTally(store.pool, input.changeSetId);
  return unsent > 0 ? contacts : [];
}

/** Confirms what the keyed reads show as it was sent; returns how many patches. */
export async function confirmByKey(
  deps: { readonly store: Store; readonly lookUp: LookUp },
  input: KeyedInput & { readonly signal?: AbortSignal | undefined },
): Promise<number> {
  const seqs: string[] = [];
  for (const contact of await selectForKeyedReads(deps.store, input)) {
    input.signal?.throwIfAborted();
    const found = await deps.lookUp(contact.account, input.signal);
    if (found.kind !== 'found' || !isAllSaid(contact, found.values)) continue;
    const verdicts = toVerdicts(contact.patches, found.values, { isBoolean, isChangedAfter: false });
    for (const [seq, verdict] of verdicts) if (verdict === 'confirmed') seqs.push(seq);
  }
  const { changeSetId } = input;
  await markVerdicts(
    deps.store.pool,
    seqs.map((seq) => ({ changeSetId, seq, verdict: 'confirmed' })),
  );
  return seqs.length;
}

/** A new contact has fields of LiveVox's own that only a pull brings; a lost answer needs the mirror. */
function isConfirmable({ patches }: UnreadContact, { isShownByKey }: KeyedInput): boolean {
  return patches.every(
    ({ operation, changes, isAccepted }) =>
      isAccepted && operation !== 'create' && operation !== 'delete' && Object.keys(changes).every(isShownByKey),
  );
}

/** A field that the answer does not have is not known, rather than empty. */
function isAllSaid({ patches }: UnreadContact, values: Readonly<Record<string, unknown>>): boolean {
  return patches.every(({ changes }) => Object.keys(changes).every((field) => values[field] !== undefined));
}

function isBoolean(field: string): boolean {
  return findField(field)?.type === 'boolean';
}
