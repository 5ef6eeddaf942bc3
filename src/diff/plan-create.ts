/**
 * Plans a contact that LiveVox lacks: one row with everything, its blocks included, so that it is blocked from its first instant.
 * There is nothing in LiveVox to weigh against, so the system of record's values count whoever owns the field; only what LiveVox owns stays out.
 */
import { chooseBlockVerb, type Owner, type Patch } from '../contact/index.ts';
import { type DesiredContact, switchKeys, toText, toWish } from './contact-state.ts';
import type { Draft } from './drafts.ts';
import type { PhoneRule, PlanRules } from './plan-rules.ts';

/** The patch that creates a contact. */
export function planCreate(rules: PlanRules, desired: DesiredContact): Patch {
  const draft: Draft = { operation: 'create', endpoint: 'bulk_create', changes: {}, sends: {} };
  for (const { name, owner } of rules.plain) {
    const value = desired.fields[name];
    if (owner !== 'livevox' && value != null) put(draft, name, value);
  }
  put(draft, 'active', toText(toOwnedWish(desired, 'active', rules.active) ?? rules.createActive));
  const email = toOwnedWish(desired, 'primaryEmailConsent', rules.primaryEmailConsent);
  if (email !== undefined) put(draft, 'primaryEmailConsent', toText(email));
  putBlock(draft, { permanent: 'accountBlock', daily: 'accountBlockDaily' }, (bit) =>
    toOwnedWish(desired, bit === 'permanent' ? 'accountBlock' : 'accountBlockDaily', rules.account[bit]),
  );
  for (const rule of rules.phones) putPhone(draft, rule, desired);
  return { account: desired.account, ...draft };
}

/** A number with its switches. */
function putPhone(draft: Draft, { number, numberOwner, fields, owners }: PhoneRule, desired: DesiredContact): void {
  const value = desired.fields[number] ?? null;
  if (value === null || numberOwner === 'livevox') return;
  put(draft, number, value);
  putBlock(draft, fields, (bit) => toOwnedWish(desired, fields[bit], owners[bit]));
  for (const key of switchKeys) {
    if (key === 'permanent' || key === 'daily') continue;
    const wish = toOwnedWish(desired, fields[key], owners[key]);
    if (wish !== undefined) put(draft, fields[key], toText(wish));
  }
}

function putBlock(
  draft: Draft,
  fields: { readonly permanent: string; readonly daily: string },
  read: (bit: 'permanent' | 'daily') => boolean | undefined,
): void {
  const wanted = { permanent: read('permanent'), daily: read('daily') };
  const verb = chooseBlockVerb(wanted, 'NONE');
  if (verb === undefined) return;
  draft.sends[fields.permanent] = verb;
  if (wanted.permanent === true) draft.changes[fields.permanent] = [null, 'true'];
  if (wanted.daily === true) draft.changes[fields.daily] = [null, 'true'];
}

function put(draft: Draft, field: string, value: string): void {
  draft.sends[field] = value;
  draft.changes[field] = [null, value];
}

function toOwnedWish(desired: DesiredContact, field: string, owner: Owner): boolean | undefined {
  return owner === 'livevox' ? undefined : toWish(desired, field);
}
