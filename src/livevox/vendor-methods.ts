/**
 * All methods of the vendor's API that the client speaks. A new one is a file of its own, a line here and in client.ts, and a row in
 * docs/livevox-api.md, which a test holds against this list.
 */
import {
  findMatchingAgentsMethod,
  getAgentListInfoMethod,
  getAgentRelatedObjectsMethod,
  listAgentsMethod,
  readAgentMethod,
} from './agent-reads.ts';
import {
  createAgentSkillMethod,
  deleteAgentSkillMethod,
  getAgentSkillListInfoMethod,
  listAgentSkillsMethod,
  readAgentSkillMethod,
  updateAgentSkillMethod,
} from './agent-skills.ts';
import {
  getAgentAveragesMethod,
  getAgentStatisticsExMethod,
  getAgentStatisticsMethod,
  getAgentStatusMethod,
} from './agent-statistics.ts';
import {
  addAgentSkillMethod,
  addServiceMethod,
  createAgentMethod,
  deleteAgentMethod,
  removeAgentSkillMethod,
  removeServiceMethod,
  updateAgentMethod,
} from './agent-writes.ts';
import { listAssociatedAccountsMethod } from './associated-accounts.ts';
import { bulkContactDownloadMethod } from './bulk-download.ts';
import { bulkCreateMethod, bulkUpdateMethod } from './bulk-write.ts';
import { readInCallMetadataMethod, readPostCallMetadataMethod } from './call-metadata.ts';
import {
  createContactGroupMethod,
  listContactGroupMethod,
  readContactGroupMethod,
  updateContactGroupMethod,
} from './contact-groups.ts';
import { findMatchingContactMethod, listContactMethod } from './contact-lists.ts';
import { listContactNotesMethod, readContactNoteMethod } from './contact-notes.ts';
import { listCustomFieldMethod, readCustomFieldMethod, updateCustomFieldMethod } from './custom-fields.ts';
import { multipleContactsDndMethod } from './dnd.ts';
import { agentEventFeedMethod, interactionEventFeedMethod } from './event-feed.ts';
import { eventStreamMethod } from './event-stream.ts';
import {
  campaignLevelStatisticsMethod,
  getHoldServiceDetailsMethod,
  getLiveConnectsMethod,
  getServiceStatisticsMethod,
} from './service-statistics.ts';
import { isSessionValidMethod, loginMethod, logoutMethod } from './session.ts';
import {
  createContactMethod,
  deleteContactMethod,
  readContactMethod,
  updateContactDndMethod,
  updateContactMethod,
} from './single-contact.ts';
import type { VendorMethod } from './vendor-method.ts';

export const vendorMethods: readonly VendorMethod[] = [
  loginMethod,
  isSessionValidMethod,
  logoutMethod,
  bulkContactDownloadMethod,
  createContactMethod,
  bulkCreateMethod,
  deleteContactMethod,
  findMatchingContactMethod,
  listContactMethod,
  readContactMethod,
  updateContactMethod,
  bulkUpdateMethod,
  updateContactDndMethod,
  multipleContactsDndMethod,
  listAssociatedAccountsMethod,
  createContactGroupMethod,
  listContactGroupMethod,
  readContactGroupMethod,
  updateContactGroupMethod,
  listContactNotesMethod,
  readContactNoteMethod,
  listCustomFieldMethod,
  readCustomFieldMethod,
  updateCustomFieldMethod,
  createAgentMethod,
  deleteAgentMethod,
  findMatchingAgentsMethod,
  getAgentListInfoMethod,
  getAgentRelatedObjectsMethod,
  listAgentsMethod,
  readAgentMethod,
  updateAgentMethod,
  addAgentSkillMethod,
  removeAgentSkillMethod,
  addServiceMethod,
  removeServiceMethod,
  createAgentSkillMethod,
  deleteAgentSkillMethod,
  getAgentSkillListInfoMethod,
  listAgentSkillsMethod,
  readAgentSkillMethod,
  updateAgentSkillMethod,
  agentEventFeedMethod,
  readInCallMetadataMethod,
  readPostCallMetadataMethod,
  interactionEventFeedMethod,
  eventStreamMethod,
  campaignLevelStatisticsMethod,
  getAgentAveragesMethod,
  getAgentStatisticsMethod,
  getAgentStatisticsExMethod,
  getAgentStatusMethod,
  getHoldServiceDetailsMethod,
  getLiveConnectsMethod,
  getServiceStatisticsMethod,
];
