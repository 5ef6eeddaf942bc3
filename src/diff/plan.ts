/**
 * Plans one contact: mirror row and desired row in, patches out, in the order in which they have to leave. Pure.
 * plan(x, x) is empty. A contact that LiveVox lacks is created with its blocks in the same row. Blocks, withdrawn consents and
 * deactivation come first, lifts, grants and activation last (docs/order-of-blocks.md). Every bulk row says `active`,
 * because LiveVox takes a missing `active` for false (Bulk Update Contact).
 */
import { chooseBlockVerb, chooseLiftVerb, type DndVerb, type Patch, toDndState } from '../contact/index.ts';
import { type DesiredContact, isSet, type MirrorContact, toText, toWish } from './contact-state.ts';
import { type Draft, type Drafts, hasChanges, makeDrafts, noteBits, noteSwitch } from './drafts.ts';
import { lintPlan } from './lint.ts';
import { chooseActive, chooseSwitch, chooseValue, isRecordNewest, type Situation } from './owned-fields.ts';
import { planAbsence } from './plan-absence.ts';
import { planCreate } from './plan-create.ts';
import { planPhones } from './plan-phones.ts';
import { makeRules, type PlanRules } from './plan-rules.ts';
import type { PatchCauses, PlannedPatch, PlanPolicy } from './planned.ts';

/** What should change on one contact, step by step; empty when nothing should. */
export type Planner = (
  /** undefined: LiveVox has no such contact. */
  mirror: MirrorContact | undefined,
  /** undefined: a complete system of record has no such contact. */
  desired: DesiredContact | undefined,
) => readonly PlannedPatch[];

/**
 * The planner of a policy, for many contacts.
 * @throws ConfigError when a field that restricts nobody is to be `most-restrictive`.
 */
export function makePlanner(policy: PlanPolicy): Planner {
  const rules = makeRules(policy);
  const caused = new Map<string, PlanRules>();
  const toRules = (causes: PatchCauses): PlanRules => {
    const fields = Object.keys(causes);
    const key = fields.toSorted().join(' ');
    const known = caused.get(key) ?? makeRules({ ...policy, owners: toCausedOwners(policy, fields) });
    caused.set(key, known);
    return known;
  };
  return (mirror, desired) => {
    const patches = toPatches(desired?.causes === undefined ? rules : toRules(desired.causes), mirror, desired);
    return patches.length === 0 ? [] : lintPlan(patches, mirror, desired?.causes);
  };
}

/** What the policy itself brings in restricts, whoever owns the field; only what LiveVox owns it does not touch. */
function toCausedOwners({ owners }: PlanPolicy, fields: readonly string[]): PlanPolicy['owners'] {
  const restricting = fields.filter((field) => owners[field] !== 'livevox');
  return { ...owners, ...Object.fromEntries(restricting.map((field) => [field, 'most-restrictive' as const])) };
}

/** The same for a single contact. @throws ConfigError as makePlanner does. */
export function planContact(
  mirror: MirrorContact | undefined,
  desired: DesiredContact | undefined,
  policy: PlanPolicy,
): readonly PlannedPatch[] {
  return makePlanner(policy)(mirror, desired);
}

function toPatches(
  rules: PlanRules,
  mirror: MirrorContact | undefined,
  desired: DesiredContact | undefined,
): readonly Patch[] {
  if (mirror === undefined) return desired === undefined ? [] : [planCreate(rules, desired)];
  if (desired === undefined) return planAbsence(rules, mirror);
  const newest = rules.asksWhoIsNewest && isRecordNewest(mirror, desired);
  return planChanges(rules, { mirror, desired, isRecordNewest: newest });
}

function planChanges(rules: PlanRules, situation: Situation): readonly Patch[] {
  const drafts = makeDrafts();
  planPlainFields(drafts, rules, situation);
  planAccountBlock(drafts, rules, situation);
  planEmailConsent(drafts, rules, situation);
  planPhones(drafts, rules, situation);
  const isActive = isSet(situation.mirror, 'active');
  const wantsActive = chooseActiveOf(rules, situation) ?? isActive;
  if (wantsActive !== isActive) noteSwitch(wantsActive ? drafts.liftUpdate : drafts.blockUpdate, 'active', wantsActive);
  // Until the lifts, a contact is active only if it is now and shall stay so.
  drafts.blockUpdate.sends['active'] = toText(isActive && wantsActive);
  drafts.update.sends['active'] = toText(isActive && wantsActive);
  drafts.liftUpdate.sends['active'] = toText(wantsActive);
  return gather(drafts, situation.mirror);
}

function planPlainFields(drafts: Drafts, rules: PlanRules, { mirror, desired, isRecordNewest }: Situation): void {
  for (const { name, owner, isClearable } of rules.plain) {
    const wanted = desired.fields[name];
    if (wanted === undefined) continue;
    const from = mirror.values[name] ?? null;
    if (wanted === from) continue;
    const to = chooseValue(owner, from, wanted, isRecordNewest);
    if (to === undefined) continue;
    if (to === null && !isClearable) {
      drafts.notExpressible[name] = [from, to];
      continue;
    }
    drafts.update.changes[name] = [from, to];
    drafts.update.sends[name] = to;
  }
}

function planAccountBlock(drafts: Drafts, rules: PlanRules, situation: Situation): void {
  const { mirror, desired, isRecordNewest } = situation;
  const fields = { permanent: 'accountBlock', daily: 'accountBlockDaily' } as const;
  const has = { permanent: isSet(mirror, fields.permanent), daily: isSet(mirror, fields.daily) };
  const choose = (bit: 'permanent' | 'daily'): boolean | undefined => {
    const from = mirror.values[fields[bit]] ?? null;
    const to = toWish(desired, fields[bit]);
    return chooseSwitch({ owner: rules.account[bit], from, to, restrictive: true, isRecordNewest });
  };
  const wish = { permanent: choose('permanent'), daily: choose('daily') };
  const note = (draft: Draft, verb: DndVerb | undefined): void => {
    if (verb === undefined) return;
    draft.sends['accountBlock'] = verb;
    noteBits(draft, verb, fields, has);
  };
  note(drafts.blockDnd, chooseBlockVerb(wish, toDndState(has)));
  note(drafts.liftDnd, chooseLiftVerb(wish, toDndState(has)));
}

/** Only a bulk update can turn it: off with the blocks, on with the lifts. */
function planEmailConsent(drafts: Drafts, rules: PlanRules, { mirror, desired, isRecordNewest }: Situation): void {
  const field = 'primaryEmailConsent';
  const from = mirror.values[field] ?? null;
  const to = toWish(desired, field);
  const wanted = chooseSwitch({ owner: rules.primaryEmailConsent, from, to, restrictive: false, isRecordNewest });
  if (wanted === undefined || wanted === isSet(mirror, field)) return;
  const draft = wanted ? drafts.liftUpdate : drafts.blockUpdate;
  draft.sends[field] = toText(wanted);
  noteSwitch(draft, field, wanted);
}

function chooseActiveOf(rules: PlanRules, { mirror, desired, isRecordNewest }: Situation): boolean | undefined {
  const from = mirror.values['active'] ?? null;
  return chooseActive({ owner: rules.active, from, to: toWish(desired, 'active'), isRecordNewest });
}

function gather(drafts: Drafts, { account, lvAccountId }: MirrorContact): readonly Patch[] {
  const patches: Patch[] = [];
  const ordered = [drafts.blockDnd, drafts.blockUpdate, drafts.update, drafts.liftUpdate, drafts.liftDnd];
  for (const { operation, endpoint, changes, sends } of ordered) {
    if (hasChanges(changes)) patches.push({ account, lvAccountId, operation, endpoint, changes, sends });
  }
  if (hasChanges(drafts.notExpressible)) {
    patches.push({ account, lvAccountId, operation: 'not_expressible', changes: drafts.notExpressible });
  }
  return patches;
}
