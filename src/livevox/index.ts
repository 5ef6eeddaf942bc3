/**
 * The door of the livevox room: the client of the vendor's API and what its methods take and give.
 */

export { isAddressable } from './account-path.ts';
export type {
  Agent,
  AgentEntry,
  AgentRelatedObjects,
  AgentSearch,
  ListFilter,
  ListInfo,
} from './agent-reads.ts';
export type { AgentSkill, AgentSkillEntry, NewAgentSkill } from './agent-skills.ts';
export type {
  AgentAverages,
  AgentStatistics,
  AgentStatisticsEx,
  AgentStatus,
  AgentStatusQuery,
} from './agent-statistics.ts';
export type { AgentChanges, NewAgent } from './agent-writes.ts';
export type { AssociatedAccount } from './associated-accounts.ts';
export type { BulkDownload, BulkDownloadRequest } from './bulk-download.ts';
export type { ContactRows, ContactWrite } from './bulk-write.ts';
export type { CallKey, InCallMetadata, PostCallMetadata } from './call-metadata.ts';
export type { RequestWatch } from './calls.ts';
export { LiveVoxClient, type LiveVoxOptions } from './client.ts';
export type { ContactGroup } from './contact-groups.ts';
export type { ContactNote, ContactNoteSummary } from './contact-notes.ts';
export type { ContactPhone, ContactRecord } from './contact-record.ts';
export type { ContactSearch, SearchCondition, SearchRule, SearchSort } from './contact-search.ts';
export type { CustomFieldDefinition } from './custom-fields.ts';
export type { FeedOptions, InteractionFeedOptions } from './event-feed.ts';
export type { StreamStep } from './event-stream.ts';
export type { FeedStep, UnreadableEvent } from './feed-step.ts';
export type { LiveVoxId } from './livevox-id.ts';
export type { AgentEvent, InteractionEvent } from './realtime-events.ts';
export type { CampaignFilter, InteractionFilter, ServiceFilter } from './realtime-filter.ts';
export type { CampaignStatistics, HeldCalls, LiveConnects, ServiceStatistics } from './service-statistics.ts';
export type { SharedSessions } from './shared-session.ts';
export type { SharedSlots, SlotWindow } from './shared-slots.ts';
export { isShownByKey, toShownValues } from './shown-values.ts';
export type { BeforeSend, SingleContactWrite } from './single-contact.ts';
export { fitsContactDnd, fitsCreateContact, fitsUpdateContact } from './single-fit.ts';
export { toLaneName, toLanesName } from './slot-book.ts';
export { vendorMethods } from './vendor-methods.ts';
export type { WriteAnswer } from './write-answer.ts';
