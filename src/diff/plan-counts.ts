/** What a plan counts: numbers alone, so that they can be stored, printed and judged by guards. Pure. */
import type { Loaded } from './load-desired.ts';
import { type Hazard, hazards, type PlannedPatch } from './planned.ts';

/** Patches with a hazard, by hazard: `h_drops_phone`. */
type HazardCounts = { [K in `h_${Hazard}`]: number };

/** What every plan counts, whatever it was made from. */
export type PatchCounts = HazardCounts & {
  /** Contacts that are already as they should be. */
  same: number;
  /** Contacts that were looked at closer, because hash or bits of the two sides differ. */
  candidates: number;
  /** Patches by operation. */
  blocks: number;
  creates: number;
  updates: number;
  lifts: number;
  deactivations: number;
  deletions: number;
  notExpressible: number;
  /** Contacts the plan makes more diallable. */
  moreDiallable: number;
  /** Mirror contacts that a complete system of record lacks. */
  absent: number;
  mirrorContacts: number;
};

export type DiffCounts = Loaded & PatchCounts;

const counters = {
  block: 'blocks',
  create: 'creates',
  update: 'updates',
  lift: 'lifts',
  deactivate: 'deactivations',
  delete: 'deletions',
  not_expressible: 'notExpressible',
} as const;

type Known = Pick<PatchCounts, 'candidates' | 'absent' | 'mirrorContacts'>;

export function makeCounts(loaded: Loaded, known: Known): DiffCounts {
  return { ...loaded, ...makePatchCounts(known) };
}

export function makePatchCounts(known: Known): PatchCounts {
  return {
    same: 0,
    candidates: known.candidates,
    blocks: 0,
    creates: 0,
    updates: 0,
    lifts: 0,
    deactivations: 0,
    deletions: 0,
    notExpressible: 0,
    moreDiallable: 0,
    absent: known.absent,
    mirrorContacts: known.mirrorContacts,
    ...(Object.fromEntries(hazards.map((hazard) => [`h_${hazard}`, 0])) as HazardCounts),
  };
}

/** Counts the patches of one contact. */
export function countPatches(counts: PatchCounts, patches: readonly PlannedPatch[]): void {
  for (const patch of patches) {
    counts[counters[patch.operation]] += 1;
    for (const hazard of patch.hazards) counts[`h_${hazard}`] += 1;
  }
  if (patches.some((patch) => patch.operation === 'lift')) counts.moreDiallable += 1;
}

export function toHazardTotals(counts: PatchCounts): Readonly<Record<Hazard, number>> {
  return Object.fromEntries(hazards.map((hazard) => [hazard, counts[`h_${hazard}`]])) as Record<Hazard, number>;
}
