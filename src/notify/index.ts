/** The door of the room: a tenant's webhook. */
export { type NoticeMessage, sendNotice } from './send-notice.ts';
