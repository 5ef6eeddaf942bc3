/**
 * Plans a contact that a complete system of record no longer has: nothing, a deactivation or a deletion, as the policy says.
 * `active` that LiveVox owns is not touched here either. A deletion changes no field, it ends the contact, so its `changes` are empty; no
 * block goes before it, because what is deleted cannot be dialled, and a deletion that gets lost leaves the contact as it was.
 */
import type { Patch } from '../contact/index.ts';
import { isSet, type MirrorContact } from './contact-state.ts';
import type { PlanRules } from './plan-rules.ts';

/** The patches of an absent contact. */
export function planAbsence(rules: PlanRules, mirror: MirrorContact): readonly Patch[] {
  const { account, lvAccountId } = mirror;
  if (rules.onAbsence === 'delete') {
    return [{ account, lvAccountId, operation: 'delete', endpoint: 'delete_contact', changes: {}, sends: {} }];
  }
  if (rules.onAbsence === 'nothing' || rules.active === 'livevox' || !isSet(mirror, 'active')) return [];
  const changes = { active: ['true', 'false'] } as const;
  const sends = { active: 'false' };
  return [{ account, lvAccountId, operation: 'deactivate', endpoint: 'bulk_update', changes, sends }];
}
