/**
 * The patches of one contact while they are being written: one draft per request that the contact may need.
 * Their order is the order of sending, and it is the promise of docs/order-of-blocks.md: what makes a person less
 * diallable is in the first two, what makes them more diallable in the last two.
 */
import type { CanonicalValue, DndVerb, Endpoint, Operation } from '../contact/index.ts';

export type Draft = {
  readonly operation: Operation;
  readonly endpoint: Endpoint;
  readonly changes: Record<string, readonly [CanonicalValue, CanonicalValue]>;
  readonly sends: Record<string, CanonicalValue>;
};

export type Drafts = {
  /** Blocks and withdrawn phone consents. */
  readonly blockDnd: Draft;
  /** Deactivation and withdrawn e-mail consent, which only a bulk update can carry. */
  readonly blockUpdate: Draft;
  readonly update: Draft;
  /** Activation and granted e-mail consent. */
  readonly liftUpdate: Draft;
  /** Lifted blocks and granted phone consents. */
  readonly liftDnd: Draft;
  /** Differences that no request can carry. */
  readonly notExpressible: Record<string, readonly [CanonicalValue, CanonicalValue]>;
};

function makeDraft(operation: Operation, endpoint: Endpoint): Draft {
  return { operation, endpoint, changes: {}, sends: {} };
}

export function makeDrafts(): Drafts {
  return {
    blockDnd: makeDraft('block', 'multi_dnd'),
    blockUpdate: makeDraft('block', 'bulk_update'),
    update: makeDraft('update', 'bulk_update'),
    liftUpdate: makeDraft('lift', 'bulk_update'),
    liftDnd: makeDraft('lift', 'multi_dnd'),
    notExpressible: {},
  };
}

/**
 * Notes what a DND verb turns, given the blocks the contact has. A block that is there already and is said again, because a
 * lift of the other one follows, is noted as [true, true], so that the read-back has to show it before the lift leaves.
 */
export function noteBits(
  draft: Draft,
  verb: DndVerb,
  fields: { readonly permanent: string; readonly daily: string },
  has: { readonly permanent: boolean; readonly daily: boolean },
): void {
  const sets = verb === 'BOTH' || verb === 'PERMANENT' || verb === 'DAILY';
  const touched = {
    permanent: verb === 'BOTH' || verb === 'NONE' || verb.startsWith('PERMANENT'),
    daily: verb === 'BOTH' || verb === 'NONE' || verb.startsWith('DAILY'),
  };
  for (const bit of ['permanent', 'daily'] as const) {
    if (!touched[bit]) continue;
    if (has[bit] !== sets) noteSwitch(draft, fields[bit], sets);
    else if (sets) draft.changes[fields[bit]] = ['true', 'true'];
  }
}

/** Notes that a draft turns a boolean field on or off. */
export function noteSwitch(draft: Draft, field: string, to: boolean): void {
  draft.changes[field] = [to ? 'false' : 'true', to ? 'true' : 'false'];
}

/** Whether anything has been noted. */
export function hasChanges(changes: Draft['changes']): boolean {
  return Object.keys(changes).length > 0;
}
