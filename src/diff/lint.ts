/**
 * The linter: what a patch would do besides what it is for. Pure, and apart from the planner on purpose: it reads only what a request
 * carries and what the mirror shows, so that a mistake of the planner, or a patch that did not come from it, is seen all the same.
 * What would surprise: a deactivation that is meant (operation `block` or `deactivate`) is no hazard, one by a missing `active` is.
 */
import type { Patch } from '../contact/index.ts';
import { isSet, type MirrorContact } from './contact-state.ts';
import { lintPhones } from './lint-phones.ts';
import { type Hazard, hazards, type PatchCauses, type PlannedPatch, type SendingPatch } from './planned.ts';

/**
 * How much harm a patch could do, 0..100: the highest that applies. Making people diallable is worst, then losing what cannot be
 * brought back; making them less diallable is least, because nobody is called by mistake.
 */
const risks = {
  operation: { lift: 90, delete: 85, deactivate: 70, update: 20, create: 10, block: 5 },
  hazard: { downgrades_permanent: 100, deactivates: 95, drops_phone: 60, shifts_ordinals: 50, clears_field: 40 },
} as const satisfies {
  readonly operation: Readonly<Record<SendingPatch['operation'], number>>;
  readonly hazard: Readonly<Record<Hazard, number>>;
};

const noHazards: readonly Hazard[] = [];

/** The patches of one contact, in the order of sending, with what the linter says of each. */
export function lintPlan(
  patches: readonly Patch[],
  mirror: MirrorContact | undefined,
  causes?: PatchCauses,
): readonly PlannedPatch[] {
  let isActive = mirror === undefined ? undefined : isSet(mirror, 'active');
  return patches.map((patch, index) => {
    const alone = lintPatch(patch, mirror, isActive);
    const found = leavesDaily(patch, mirror, patches.slice(0, index))
      ? toSorted([...alone, 'downgrades_permanent'])
      : alone;
    const active = patch.changes['active'];
    if (active !== undefined) isActive = active[1] === 'true';
    const own = causes === undefined ? undefined : toOwnCauses(patch, causes);
    return { ...patch, hazards: found, risk: toRisk(patch, found), ...(own === undefined ? {} : { causes: own }) };
  });
}

/**
 * The hazards of one patch. `mirror` is the contact as LiveVox shows it: undefined when it has none or nobody looked, and then whatever
 * could be a hazard is one. `isActive` is whether the contact is active when the patch leaves, where an earlier patch turns it.
 */
export function lintPatch(
  patch: Patch,
  mirror: MirrorContact | undefined,
  isActive: boolean | undefined = mirror === undefined ? undefined : isSet(mirror, 'active'),
): readonly Hazard[] {
  if (patch.operation === 'not_expressible') return noHazards;
  const found = new Set<Hazard>();
  if (deactivates(patch, isActive)) found.add('deactivates');
  if (patch.endpoint === 'bulk_update') for (const hazard of lintPhones(patch, mirror)) found.add(hazard);
  for (const field in patch.changes) lintChange(patch, field, found);
  if (lowersByVerb(patch, mirror)) found.add('downgrades_permanent');
  return found.size === 0 ? noHazards : toSorted([...found]);
}

function toSorted(found: readonly Hazard[]): readonly Hazard[] {
  return hazards.filter((hazard) => found.includes(hazard));
}

/** A lasting block goes, and a daily one, there before or set by an earlier patch, is all that stays. */
function leavesDaily(patch: Patch, mirror: MirrorContact | undefined, before: readonly Patch[]): boolean {
  if (patch.operation !== 'lift' || patch.endpoint !== 'multi_dnd') return false;
  return Object.entries(patch.sends).some(([field, verb]) => {
    if (verb !== 'PERMANENT_OFF') return false;
    const daily = `${field}Daily`;
    return (
      (mirror !== undefined && isSet(mirror, daily)) || before.some(({ changes }) => changes[daily]?.[1] === 'true')
    );
  });
}

/** A bulk row without `active` switches the contact off; so does one that says false of an active contact without meaning it. */
function deactivates({ operation, endpoint, changes, sends }: SendingPatch, isActive: boolean | undefined): boolean {
  if (endpoint !== 'bulk_update' || sends['active'] === 'true') return false;
  if (sends['active'] !== 'false') return true;
  const isMeant = (operation === 'block' || operation === 'deactivate') && changes['active']?.[1] === 'false';
  return !isMeant && isActive !== false;
}

function lintChange({ changes }: SendingPatch, field: string, found: Set<Hazard>): void {
  const [from, to] = changes[field] ?? [null, null];
  if (from === to) return;
  if (from !== null && to === null && !/^phone\d+$/.test(field)) found.add('clears_field');
}

/** A verb that takes a lasting block away, though the patch is not for that: a lift that says so is the guard's of all lifts. */
function lowersByVerb({ sends, changes }: SendingPatch, mirror: MirrorContact | undefined): boolean {
  for (const field in sends) {
    if (!field.endsWith('Block')) continue;
    const verb = sends[field];
    if ((verb !== 'NONE' && verb !== 'PERMANENT_OFF') || changes[field]?.[1] === 'false') continue;
    if (mirror === undefined || isSet(mirror, field)) return true;
  }
  return false;
}

function toRisk(patch: Patch, found: readonly Hazard[]): number {
  if (patch.operation === 'not_expressible') return 0;
  return found.reduce<number>((most, hazard) => Math.max(most, risks.hazard[hazard]), risks.operation[patch.operation]);
}

/** The causes of the fields that this patch turns; undefined when it has none. */
function toOwnCauses(patch: Patch, causes: PatchCauses): PatchCauses | undefined {
  const own = Object.entries(causes).filter(([field]) => patch.changes[field] !== undefined);
  return own.length === 0 ? undefined : Object.fromEntries(own);
}
