/**
 * The patches of a change set, in the order they would be sent or the riskiest first, in batches through a cursor, so that a plan of
 * any size can be shown. Index: primary key; patches_by_account when one account is asked for, patches_by_risk for the riskiest.
 */
import { type CanonicalValue, type Changes, type Endpoint, findField, type Operation } from '../contact/index.ts';
import type { Queryable, Store } from './connection.ts';
import type { ChunkState } from './mark-chunk.ts';
import type { PatchVerdict } from './mark-verdicts.ts';
import { streamRows } from './stream-rows.ts';

export type StoredPatch = {
  /** Order within the change set, from 1 (digits). */
  readonly seq: string;
  readonly account: string;
  readonly operation: Operation | 'not_expressible';
  readonly endpoint: Endpoint | null;
  /** Field → [from, to]; personal data. */
  readonly changes: Changes;
  /** How much harm it could do, from 0. */
  readonly risk: number;
  /** Side effects that a person should look at. */
  readonly hazards: readonly string[];
  /** Field → why it changes, where that is not the contact's own row. */
  readonly causes: Readonly<Record<string, StoredCause>> | null;
  /** Why push left it out; null when it did not. */
  readonly leftOutBecause: string | null;
  readonly chunkState: ChunkState | null;
  readonly verdict: PatchVerdict | null;
};

/** The kind of a cause, and what it names: `{ kind: 'fan_out', account, field }`. */
export type StoredCause = { readonly kind: string; readonly account?: string; readonly field?: string };

export type PatchFilter = {
  readonly changeSetId: string;
  /** Only this contact's. @default all */
  readonly account?: string | undefined;
  /** Only this operation's. @default all */
  readonly operation?: StoredPatch['operation'] | undefined;
  /** Only those that change this field. @default all */
  readonly field?: string | undefined;
  /** Only those at least this risky. @default all */
  readonly minRisk?: number | undefined;
  /** Only those with this hazard. @default all */
  readonly hazard?: string | undefined;
  /** Only those that have come this far. @default all */
  readonly states?: readonly PatchState[] | undefined;
};

export type SelectPatchesOptions = PatchFilter & {
  /** @default 'sending' */
  readonly order?: 'sending' | 'risk' | undefined;
  /** Most patches. @default all */
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** What toPatchState says. */
const stateOf = `case when p.operation = 'not_expressible' then 'not_expressible' when p.left_out_because is not null then 'left_out'
             else coalesce(p.verdict, c.state, 'planned') end`;

const matches = `
      p.change_set_id = $1
        and ($2::text is null or p.account = $2)
        and ($3::text is null or p.operation = $3)
        and ($4::text is null or p.changes ? $4 or ($4 = 'account' and p.changes = '{}'))
        and ($5::integer is null or p.risk >= $5)
        and ($6::text is null or $6 = any (p.hazards))
        and ($7::text[] is null or (${stateOf}) = any ($7))`;

const orders = { sending: 'p.seq', risk: 'p.risk desc, p.seq' } as const;

/** Batches of patches. */
export function selectPatches(store: Store, options: SelectPatchesOptions): AsyncGenerator<readonly StoredPatch[]> {
  return streamRows<StoredPatch>(
    store,
    `select p.seq::text, p.account, p.operation, p.endpoint, p.changes, p.risk::int, p.hazards, p.causes,
            p.left_out_because as "leftOutBecause", c.state as "chunkState", p.verdict
       from sync.patches p
       left join sync.chunks c on c.change_set_id = p.change_set_id and c.seq = p.chunk_seq
      where ${matches}
      order by ${orders[options.order ?? 'sending']}
      limit $8::bigint`,
    [...toValues(options), options.limit ?? null],
    { signal: options.signal },
  );
}

export type PatchTotals = {
  readonly patches: number;
  readonly contacts: number;
  /** Rows of a listing: one per patch and field. */
  readonly changedFields: number;
};

/** How much of a change set a filter lets through. */
export async function countPatches(db: Queryable, filter: PatchFilter): Promise<PatchTotals> {
  const counted = await db.query<PatchTotals>(
    `select count(*)::int as "patches", count(distinct p.account)::int as "contacts",
            coalesce(sum(case when $4::text is null
                              then greatest(1, (select count(*) from jsonb_object_keys(p.changes))) else 1 end), 0)::int as "changedFields"
       from sync.patches p
       left join sync.chunks c on c.change_set_id = p.change_set_id and c.seq = p.chunk_seq
      where ${matches}`,
    toValues(filter),
  );
  return counted.rows[0]!;
}

function toValues({ changeSetId, account, operation, field, minRisk, hazard, states }: PatchFilter): unknown[] {
  return [changeSetId, account, operation, field, minRisk, hazard, states].map((value) => value ?? null);
}

/** One changed field of one patch, as `lvsync show` lists it. */
export type ChangedField = {
  readonly account: string;
  readonly operation: StoredPatch['operation'];
  readonly field: string;
  readonly from: CanonicalValue;
  readonly to: CanonicalValue;
  readonly state: PatchState;
  /** Of the whole patch. */
  readonly risk: number;
  /** Of the whole patch. */
  readonly hazards: readonly string[];
};

/** How far a patch has come: its verdict where there is one, else what became of its chunk, else why it has none. */
export const patchStates = [
  'planned',
  'claimed',
  'sent',
  'accepted',
  'refused',
  'in_doubt',
  'split',
  'left_out',
  'not_expressible',
  'confirmed',
  'not_taken',
  'altered',
  'overtaken',
] as const satisfies readonly (StoredPatch['verdict'] | StoredPatch['chunkState'] | 'left_out' | 'not_expressible')[];

export type PatchState = (typeof patchStates)[number];

type Progressed = Pick<StoredPatch, 'operation' | 'leftOutBecause' | 'verdict' | 'chunkState'>;

/** How far a patch has come. */
export function toPatchState(patch: Progressed): PatchState {
  if (patch.operation === 'not_expressible') return 'not_expressible';
  if (patch.leftOutBecause !== null) return 'left_out';
  return patch.verdict ?? patch.chunkState ?? 'planned';
}

/**
 * A patch's changed fields in the catalogue's order (jsonb keeps none), one row each. A patch that changes no field, such as a deletion, is a row
 * all the same: its account goes.
 */
export function toChangedFields(patch: StoredPatch): readonly ChangedField[] {
  const { account, operation, changes, risk, hazards } = patch;
  const state = toPatchState(patch);
  const entries = Object.entries(changes);
  if (entries.length === 0)
    return [{ account, operation, field: 'account', from: account, to: null, state, risk, hazards }];
  return entries
    .map(([field, [from, to]]) => ({ account, operation, field, from, to, state, risk, hazards }))
    .sort((one, other) => toPosition(one.field) - toPosition(other.field));
}

function toPosition(field: string): number {
  return findField(field)?.position ?? Number.MAX_SAFE_INTEGER;
}
