/**
 * Plans one contact: mirror row and desired row in, patches out, in the order in which they have to leave. Pure.
 * plan(x, x) is empty. A contact that LiveVox lacks is created with its blocks in the same row. Blocks, withdrawn consents and
 * deactivation come first, lifts, grants and activation last (docs/order-of-blocks.md). Every bulk row says `active`,
 * because LiveVox takes a missing `active` for false (Bulk Update Contact).
 */
import {
  type ContactField,
  chooseBlockVerb,
  chooseLiftVerb,
  type DndVerb,
  findField,
  type Patch,
  phoneOrdinals,
  toDndState,
} from '../contact/index.ts';
import { type DesiredContact, isSet, type MirrorContact, toPhoneWish, toText, toWish } from './contact-state.ts';
import { type Draft, type Drafts, makeDrafts, noteBits, noteSwitch } from './drafts.ts';
import { planPhones } from './plan-phones.ts';

export type PlanPolicy = {
  /** `active` of a contact we create, where the system of record does not say. */
  readonly createActive: boolean;
};

/** What should change on one contact, step by step; empty when nothing should. */
export function planContact(
  mirror: MirrorContact | undefined,
  desired: DesiredContact,
  policy: PlanPolicy,
): readonly Patch[] {
  if (mirror === undefined) return [planCreate(desired, policy)];
  const drafts = makeDrafts();
  planPlainFields(drafts, mirror, desired);
  planAccountBlock(drafts, mirror, desired);
  planSwitch(drafts, mirror, desired, 'active');
  planSwitch(drafts, mirror, desired, 'primaryEmailConsent');
  planPhones(drafts, mirror, desired);
  return toPatches(drafts, mirror, desired);
}

function planCreate(desired: DesiredContact, policy: PlanPolicy): Patch {
  const draft: Draft = { operation: 'create', endpoint: 'bulk_create', changes: {}, sends: {} };
  const put = (field: string, value: string | null): void => {
    draft.sends[field] = value;
    draft.changes[field] = [null, value];
  };
  for (const [name, value] of Object.entries(desired.fields)) {
    if (value !== null && isPlain(name)) put(name, value);
  }
  put('active', toText(toWish(desired, 'active') ?? policy.createActive));
  const email = toWish(desired, 'primaryEmailConsent');
  if (email !== undefined) put('primaryEmailConsent', toText(email));
  putBlock(
    draft,
    'accountBlock',
    'accountBlockDaily',
    toWish(desired, 'accountBlock'),
    toWish(desired, 'accountBlockDaily'),
  );
  for (const ordinal of phoneOrdinals) putPhone(draft, desired, ordinal);
  return { account: desired.account, ...draft };
}

/** A number with its switches, in the one row that creates the contact. */
function putPhone(draft: Draft, desired: DesiredContact, ordinal: number): void {
  const number = desired.fields[`phone${ordinal}`] ?? null;
  if (number === null) return;
  const wish = toPhoneWish(desired, ordinal);
  draft.sends[`phone${ordinal}`] = number;
  draft.changes[`phone${ordinal}`] = [null, number];
  putBlock(draft, `phone${ordinal}Block`, `phone${ordinal}BlockDaily`, wish.permanent, wish.daily);
  for (const [field, value] of [
    [`phone${ordinal}CellConsent`, wish.cellConsent],
    [`phone${ordinal}SmsConsent`, wish.smsConsent],
  ] as const) {
    if (value === undefined) continue;
    draft.sends[field] = toText(value);
    draft.changes[field] = [null, toText(value)];
  }
}

function putBlock(draft: Draft, field: string, dailyField: string, permanent?: boolean, daily?: boolean): void {
  const verb = chooseBlockVerb({ permanent, daily }, 'NONE');
  if (verb === undefined) return;
  draft.sends[field] = verb;
  if (permanent === true) draft.changes[field] = [null, 'true'];
  if (daily === true) draft.changes[dailyField] = [null, 'true'];
}

/** Plain: a value like a name or a balance, neither a switch nor a part of a phone. */
function isPlain(name: string): boolean {
  const field = findField(name);
  return field?.writable === true && field.type !== 'boolean' && field.ordinal === undefined && name !== 'account';
}

function planPlainFields(drafts: Drafts, mirror: MirrorContact, desired: DesiredContact): void {
  for (const [name, to] of Object.entries(desired.fields)) {
    if (!isPlain(name)) continue;
    const from = mirror.values[name] ?? null;
    if (from === to) continue;
    if (to === null && !isClearable(findField(name)!)) {
      drafts.notExpressible[name] = [from, to];
      continue;
    }
    drafts.update.changes[name] = [from, to];
    drafts.update.sends[name] = to;
  }
}

/** An empty string clears a text; how to clear a number or a date the vendor does not say. */
function isClearable(field: ContactField): boolean {
  return field.type === 'text';
}

function planAccountBlock(drafts: Drafts, mirror: MirrorContact, desired: DesiredContact): void {
  const fields = { permanent: 'accountBlock', daily: 'accountBlockDaily' };
  const wish = { permanent: toWish(desired, fields.permanent), daily: toWish(desired, fields.daily) };
  const has = { permanent: isSet(mirror, fields.permanent), daily: isSet(mirror, fields.daily) };
  const note = (draft: Draft, verb: DndVerb | undefined): void => {
    if (verb === undefined) return;
    draft.sends['accountBlock'] = verb;
    noteBits(draft, verb, fields, has);
  };
  note(drafts.blockDnd, chooseBlockVerb(wish, toDndState(has)));
  note(drafts.liftDnd, chooseLiftVerb(wish, toDndState(has)));
}

/** A switch that only a bulk update can turn: off with the blocks, on with the lifts. */
function planSwitch(drafts: Drafts, mirror: MirrorContact, desired: DesiredContact, field: string): void {
  const wanted = toWish(desired, field);
  if (wanted === undefined || wanted === isSet(mirror, field)) return;
  const draft = wanted ? drafts.liftUpdate : drafts.blockUpdate;
  draft.sends[field] = toText(wanted);
  noteSwitch(draft, field, wanted);
}

function toPatches(drafts: Drafts, mirror: MirrorContact, desired: DesiredContact): readonly Patch[] {
  const { account, lvAccountId } = mirror;
  const isActive = isSet(mirror, 'active');
  const wantsActive = toWish(desired, 'active') ?? isActive;
  // Until the lifts, a contact is active only if it is now and shall stay so.
  const activeBefore = toText(isActive && wantsActive);
  for (const draft of [drafts.blockUpdate, drafts.update]) draft.sends['active'] = activeBefore;
  drafts.liftUpdate.sends['active'] = toText(wantsActive);
  const ordered = [drafts.blockDnd, drafts.blockUpdate, drafts.update, drafts.liftUpdate, drafts.liftDnd];
  const patches: Patch[] = ordered
    .filter((draft) => Object.keys(draft.changes).length > 0)
    .map((draft) => ({ account, lvAccountId, ...draft }));
  if (Object.keys(drafts.notExpressible).length > 0) {
    patches.push({ account, lvAccountId, operation: 'not_expressible', changes: drafts.notExpressible });
  }
  return patches;
}
