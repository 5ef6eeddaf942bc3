/**
 * The door of the contact room: what a contact is. Pure; imports nothing of ours, does no I/O.
 */
export { toCanonical, toMirrorCanonical } from './canonical.ts';
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
export type {
  CanonicalValue,
  Changes,
  Endpoint,
  Operation,
  Patch,
  Sends,
} from './patch.ts';
export { toRestrictions } from './restrictions.ts';
export { isTimeZone, startOfDay, toInstant, toLocalDate } from './zone.ts';
