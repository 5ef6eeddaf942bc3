/**
 * The door of the livevox room: the client of the vendor's API and what its methods take and give.
 */
export type { ContactWrite } from './bulk-write.ts';
export { LiveVoxClient, type LiveVoxOptions } from './client.ts';
export type { CustomFieldDefinition } from './custom-fields.ts';
export type { WriteAnswer } from './write-answer.ts';
