/**
 * The patches of a change set in the order they would be sent, in batches through a cursor, so that a plan of any size can
 * be shown. Index: primary key; patches_by_account when one account is asked for.
 */
import { type CanonicalValue, type Changes, type Endpoint, findField, type Operation } from '../contact/index.ts';
import type { Store } from './connection.ts';
import { streamRows } from './stream-rows.ts';

export type StoredPatch = {
  /** Order within the change set, from 1 (digits). */
  readonly seq: string;
  readonly account: string;
  readonly operation: Operation | 'not_expressible';
  readonly endpoint: Endpoint | null;
  /** Field → [from, to]; personal data. */
  readonly changes: Changes;
  /** Why push left it out; null when it did not. */
  readonly leftOutBecause: string | null;
  readonly chunkState: 'planned' | 'sent' | 'accepted' | 'refused' | 'unknown' | null;
  readonly verdict: 'confirmed' | 'not_taken' | 'overtaken' | null;
};

export type SelectPatchesOptions = {
  readonly changeSetId: string;
  /** Only this contact's. @default all */
  readonly account?: string;
  /** Only this operation's. @default all */
  readonly operation?: StoredPatch['operation'];
  readonly signal?: AbortSignal;
};

/** Batches of patches by `seq`. */
export function selectPatches(store: Store, options: SelectPatchesOptions): AsyncGenerator<readonly StoredPatch[]> {
  const { changeSetId, account, operation, signal } = options;
  return streamRows<StoredPatch>(
    store,
    `select p.seq::text, p.account, p.operation, p.endpoint, p.changes, p.left_out_because as "leftOutBecause",
            c.state as "chunkState", p.verdict
       from sync.patches p
       left join sync.chunks c on c.change_set_id = p.change_set_id and c.seq = p.chunk_seq
      where p.change_set_id = $1
        and ($2::text is null or p.account = $2)
        and ($3::text is null or p.operation = $3)
      order by p.seq`,
    [changeSetId, account ?? null, operation ?? null],
    { signal },
  );
}

/** One changed field of one patch, as `lvsync show` lists it. */
export type ChangedField = {
  readonly account: string;
  readonly operation: StoredPatch['operation'];
  readonly field: string;
  readonly from: CanonicalValue;
  readonly to: CanonicalValue;
  readonly state: PatchState;
};

/** How far a patch has come: its verdict where there is one, else what became of its chunk, else why it has none. */
type PatchState =
  | NonNullable<StoredPatch['verdict']>
  | NonNullable<StoredPatch['chunkState']>
  | 'left_out'
  | 'not_expressible';

function toState(patch: StoredPatch): PatchState {
  if (patch.operation === 'not_expressible') return 'not_expressible';
  if (patch.leftOutBecause !== null) return 'left_out';
  return patch.verdict ?? patch.chunkState ?? 'planned';
}

/** A patch's changed fields in the catalogue's order (jsonb keeps none), one row each. */
export function toChangedFields(patch: StoredPatch): readonly ChangedField[] {
  const { account, operation, changes } = patch;
  const state = toState(patch);
  return Object.entries(changes)
    .map(([field, [from, to]]) => ({ account, operation, field, from, to, state }))
    .sort((one, other) => toPosition(one.field) - toPosition(other.field));
}

function toPosition(field: string): number {
  return findField(field)?.position ?? Number.MAX_SAFE_INTEGER;
}
