/**
 * Whether a change may be sent again: its answer was lost, and the read-back did not show it. Pure.
 * A create only when a keyed read found no such contact. A lift only when one shows every block that it clears as it was planned from: it must
 * not undo a block that came meanwhile. The rest carry values, not steps, and may leave again as long as they would overwrite nothing but what
 * was planned from.
 */
import { type CanonicalValue, findField, type Sends, toMirrorCanonical } from '../contact/index.ts';
import type { LostPatch } from '../store/index.ts';
import type { Shown } from './confirm.ts';
import type { LookedUp } from './look-up.ts';

/** Sent again; there after all, so that the next read-back judges it; or left as it is. */
export type Fate = 'repeat' | 'unread' | 'stay';

/** Whether a keyed read has to decide. */
export function needsLookUp({ operation }: LostPatch): boolean {
  return operation === 'create' || operation === 'lift';
}

/** What becomes of a create or a lift. */
export function chooseFateByKey(patch: LostPatch, found: LookedUp): Fate {
  if (found.kind === 'unknown') return 'stay';
  if (patch.operation === 'create') {
    if (found.kind === 'found') return 'unread';
    return patch.shown === undefined ? 'repeat' : 'stay';
  }
  if (found.kind === 'absent') return 'stay';
  const fields = Object.entries(patch.changes);
  if (fields.every(([field, [, to]]) => found.values[field] === to)) return 'unread';
  const isAsBefore = fields.every(([field, [from]]) => found.values[field] === (from ?? 'false'));
  return isAsBefore && !hasNewBlock(patch, found.values) && isAsPlanned(patch, patch.shown) ? 'repeat' : 'stay';
}

/** Whether a verb would clear more than was there when it was chosen: `NONE` clears both blocks, and is noted as a change of those that were on. */
function hasNewBlock({ changes, sends }: LostPatch, values: Readonly<Record<string, CanonicalValue>>): boolean {
  return Object.entries(sends)
    .filter(([field, verb]) => isBlock(field) && verb === 'NONE')
    .flatMap(([field]) => [field, `${field}Daily`])
    .some((field) => changes[field] === undefined && values[field] !== 'false');
}

/** What becomes of the others; a deletion was looked up before it got its verdict. */
export function chooseFateByMirror(patch: LostPatch): Fate {
  if (patch.operation === 'delete') return 'repeat';
  return isAsPlanned(patch, patch.shown) ? 'repeat' : 'stay';
}

/**
 * Whether the contact still shows, in every field that the request carries, what was planned from or what is wanted. Blocks that the request only
 * repeats restrict at most; all else that somebody changed meanwhile would be overwritten.
 */
function isAsPlanned({ changes, sends }: LostPatch, shown: Shown): boolean {
  if (shown === undefined) return false;
  const isPlanned = (field: string, value: CanonicalValue): boolean => {
    const held = toShown(field, shown);
    const change = changes[field];
    if (change === undefined) return held === value;
    return held === toComparable(field, change[0]) || held === toComparable(field, change[1]);
  };
  const changed = Object.keys(changes).map((field) => [field, null] as const);
  return [...toValues(sends, changes), ...changed].every(([field, value]) => isPlanned(field, value));
}

/** The plain values that go along unchanged; blocks travel as verbs, and their changes are told apart. */
function toValues(sends: Sends, changes: LostPatch['changes']): readonly (readonly [string, CanonicalValue])[] {
  return Object.entries(sends)
    .filter(([field]) => changes[field] === undefined && !isBlock(field))
    .map(([field, value]) => [field, toComparable(field, value)] as const);
}

/** Blocks travel as verbs. */
function isBlock(field: string): boolean {
  return /^(account|phone\d+)Block$/.test(field);
}

function toShown(field: string, shown: NonNullable<Shown>): CanonicalValue {
  return toComparable(field, shown[field] ?? null);
}

/** An empty switch is off; a phone is sent in the spelling that LiveVox has. */
function toComparable(field: string, value: CanonicalValue): CanonicalValue {
  const known = findField(field);
  if (known?.type === 'boolean') return value ?? 'false';
  return known?.ordinal === undefined ? value : toMirrorCanonical(known, value);
}
