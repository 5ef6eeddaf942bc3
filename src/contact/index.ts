/**
 * The door of the contact room: what a contact is. Pure; imports nothing of ours, does no I/O.
 */
export { canonicalVersion, toCanonical, toMirrorCanonical } from './canonical.ts';
export {
  type ComparedFields,
  type Digest,
  digestContact,
  toComparedFields,
  toComparisonKey,
} from './compared.ts';
export { type CustomDataType, customDataTypes } from './custom-value.ts';
export {
  chooseBlockVerb,
  chooseLiftVerb,
  type DndVerb,
  dndVerbs,
  isDailyInForce,
  toDndState,
} from './dnd.ts';
export {
  type ContactField,
  contactFields,
  type FieldType,
  findField,
  phoneOrdinals,
} from './fields.ts';
export { type Moment, parseMoment } from './moment.ts';
export { isBlockOrConsent, type Owner, owners, toDefaultOwner } from './owner.ts';
export type {
  CanonicalValue,
  Changes,
  Endpoint,
  Operation,
  Patch,
  Sends,
} from './patch.ts';
export { isRestricting, toRestrictions } from './restrictions.ts';
export { Seal, type SealedRow } from './seal.ts';
export {
  type StopCutoffs,
  type StopRule,
  type StopStanding,
  toStopCutoffs,
  toStopLimits,
  toStopStanding,
} from './stop-limits.ts';
export { type StopKind, stopFields } from './stops.ts';
export { isTimeOfDay, toNextTimeOfDay } from './time-of-day.ts';
export { isTimeZone, startOfDay, toInstant, toLocalDate, toLocalMinute } from './zone.ts';
