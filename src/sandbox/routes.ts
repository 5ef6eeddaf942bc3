/**
 * All routes of the sandbox, one line each. A new vendor method is a handler in its resource's file and a line here;
 * its name is what the log and the faults call it.
 */

import {
  putAgent,
  putAgentSkill,
  putCall,
  putService,
  readAgents,
  readCalls,
  readServices,
} from './resources/admin-agents.ts';
import {
  countContacts,
  listContacts,
  purgeContact,
  purgeSome,
  putContact,
  readContact,
} from './resources/admin-contacts.ts';
import {
  addFaults,
  clearFaults,
  clearLog,
  expireSessions,
  putDialect,
  readCreates,
  readDialect,
  readLog,
  readWrites,
  setClock,
} from './resources/admin-controls.ts';
import { pushEvents } from './resources/admin-events.ts';
import { putLimits, readLimitReport, readLimits } from './resources/admin-limits.ts';
import { listUsers, putUser } from './resources/admin-users.ts';
import { addAgentSkill, addService, removeAgentSkill, removeService } from './resources/agent-assignments.ts';
import {
  createAgentSkill,
  deleteAgentSkill,
  getAgentSkillListInfo,
  listAgentSkills,
  readAgentSkill,
  updateAgentSkill,
} from './resources/agent-skills.ts';
import {
  administering,
  createAgent,
  deleteAgent,
  findMatchingAgents,
  getAgentListInfo,
  getAgentRelatedObjects,
  listAgents,
  readAgent,
  updateAgent,
} from './resources/agents.ts';
import { createContacts } from './resources/bulk-create.ts';
import { downloadContacts } from './resources/bulk-download.ts';
import { updateContacts } from './resources/bulk-update.ts';
import { listAssociatedAccounts } from './resources/contact-accounts.ts';
import { updateContactDnd } from './resources/contact-dnd.ts';
import { createGroup, listGroups, putGroup, readGroup, updateGroup } from './resources/contact-groups.ts';
import { addNote, listNotes, readNote } from './resources/contact-notes.ts';
import { findMatchingContacts } from './resources/contact-search.ts';
import {
  createContact,
  deleteContact,
  listContacts as listVendorContacts,
  readContact as readVendorContact,
  updateContact,
} from './resources/contacts.ts';
import { listCustomFields, readCustomField, updateCustomFields } from './resources/custom-fields.ts';
import { updateDnd } from './resources/multi-dnd.ts';
import {
  getAgentAverages,
  getAgentStatistics,
  getAgentStatisticsEx,
  getAgentStatus,
} from './resources/realtime-agents.ts';
import { readInCallMetadata, readPostCallMetadata } from './resources/realtime-calls.ts';
import { campaignLevelStatistics } from './resources/realtime-campaigns.ts';
import { retrieveAgentEventFeed, retrieveInteractionEventFeed } from './resources/realtime-feeds.ts';
import { getHoldServiceDetails, getLiveConnects, getServiceStatistics } from './resources/realtime-services.ts';
import { retrieveEventFeedThroughSse } from './resources/realtime-sse.ts';
import { login, logout, validateSession } from './resources/sessions.ts';
import type { Body, Route } from './router.ts';
import type { Role } from './session-book.ts';

const administrators: readonly Role[] = ['Sysadmin', 'Superuser'];
/** Whoever may use the Contact API at all; the default of its page. */
const contactReaders: readonly Role[] = ['Sysadmin', 'Superuser', 'Manager'];
const customFieldWriters: readonly Role[] = ['Sysadmin', 'IT User'];
const customFieldReaders: readonly Role[] = ['Sysadmin', 'Superuser', 'Manager', 'IT User'];
/** The Configuration API's default, and the few methods an agent may call as well. */
const configurators: readonly Role[] = ['Sysadmin', 'IT User', 'Superuser', 'Manager'];
const agentReaders: readonly Role[] = [...configurators, 'Agent'];
/** Who may call which of the Real-Time Reporting API. */
const feedReaders: readonly Role[] = ['Sysadmin', 'Manager'];
const callReaders: readonly Role[] = ['Sysadmin', 'Superuser', 'Report Admin'];
const campaignReaders: readonly Role[] = ['Sysadmin', 'Superuser', 'IT User', 'Auditor', 'Manager'];
const serviceReaders: readonly Role[] = ['Sysadmin', 'Superuser', 'Manager'];
const agents = '/configuration/agents';
const skills = '/configuration/agents/skills';
const bulk = '/contact/contacts/bulk';
const contacts = '/contact/contacts';
const contact = '/contact/contacts/{account}';
const groups = '/contact/contactGroups';

const has =
  (key: string) =>
  (body: Body): boolean =>
    key in body;

/** The vendor's methods. */
// biome-ignore format: one route, one line
export const vendorRoutes: readonly Route[] = [
  { name: 'login', method: 'POST', path: '/session/login', roles: 'open', handle: login },
  { name: 'validate', method: 'GET', path: '/session/validate/{sessionId}', roles: 'open', handle: validateSession },
  { name: 'validate', method: 'GET', path: '/session/validate', roles: 'open', handle: validateSession },
  { name: 'logout', method: 'PUT', path: '/session/logout/{sessionId}', roles: 'open', body: 'optional', handle: logout },
  { name: 'bulk-download', method: 'POST', path: bulk, roles: administrators, takes: has('exportableFields'), handle: downloadContacts },
  { name: 'bulk-create', method: 'POST', path: bulk, roles: administrators, takes: has('createContactDetails'), handle: createContacts },
  { name: 'bulk-update', method: 'PUT', path: bulk, roles: administrators, handle: updateContacts },
  { name: 'multi-dnd', method: 'POST', path: '/contact/contacts/dnd', roles: administrators, handle: updateDnd },
  { name: 'list-custom-fields', method: 'GET', path: '/contact/contacts/customFields', roles: customFieldReaders, handle: listCustomFields },
  { name: 'read-custom-field', method: 'GET', path: '/contact/contacts/customFields/{field}', roles: customFieldReaders, handle: readCustomField },
  { name: 'update-custom-fields', method: 'PUT', path: '/contact/contacts/customFields', roles: customFieldWriters, handle: updateCustomFields },
  { name: 'find-contacts', method: 'POST', path: '/contact/contacts/search', roles: contactReaders, handle: findMatchingContacts },
  { name: 'create-contact', method: 'POST', path: contacts, roles: administrators, handle: createContact },
  { name: 'list-contacts', method: 'GET', path: contacts, roles: contactReaders, handle: listVendorContacts },
  { name: 'read-contact', method: 'GET', path: contact, roles: contactReaders, handle: readVendorContact },
  { name: 'update-contact', method: 'PUT', path: contact, roles: administrators, handle: updateContact },
  { name: 'delete-contact', method: 'DELETE', path: contact, roles: administrators, handle: deleteContact },
  { name: 'update-contact-dnd', method: 'PUT', path: `${contact}/dnd`, roles: administrators, handle: updateContactDnd },
  { name: 'list-contact-accounts', method: 'GET', path: `${contact}/accounts`, roles: contactReaders, handle: listAssociatedAccounts },
  { name: 'list-notes', method: 'GET', path: `${contact}/notes`, roles: contactReaders, handle: listNotes },
  { name: 'read-note', method: 'GET', path: `${contact}/notes/{id}`, roles: contactReaders, handle: readNote },
  { name: 'create-group', method: 'POST', path: groups, roles: administrators, handle: createGroup },
  { name: 'list-groups', method: 'GET', path: groups, roles: contactReaders, handle: listGroups },
  { name: 'read-group', method: 'GET', path: `${groups}/{id}`, roles: contactReaders, handle: readGroup },
  { name: 'update-group', method: 'PUT', path: `${groups}/{id}`, roles: administrators, handle: updateGroup },
  { name: 'create-agent', method: 'POST', path: agents, roles: configurators, handle: administering(createAgent) },
  { name: 'list-agents', method: 'GET', path: agents, roles: agentReaders, handle: administering(listAgents) },
  { name: 'find-agents', method: 'POST', path: `${agents}/search`, roles: agentReaders, handle: administering(findMatchingAgents) },
  { name: 'agent-list-info', method: 'GET', path: `${agents}/info`, roles: configurators, handle: administering(getAgentListInfo) },
  { name: 'read-agent', method: 'GET', path: `${agents}/{id}`, roles: agentReaders, handle: administering(readAgent) },
  { name: 'update-agent', method: 'PUT', path: `${agents}/{id}`, roles: configurators, handle: administering(updateAgent) },
  { name: 'delete-agent', method: 'DELETE', path: `${agents}/{id}`, roles: configurators, handle: administering(deleteAgent) },
  { name: 'related-objects', method: 'GET', path: `${agents}/{id}/related`, roles: agentReaders, handle: administering(getAgentRelatedObjects) },
  { name: 'add-agent-skill', method: 'PUT', path: `${agents}/{id}/skills/{skill}`, roles: configurators, body: 'optional', handle: administering(addAgentSkill) },
  { name: 'remove-agent-skill', method: 'DELETE', path: `${agents}/{id}/skills/{skill}`, roles: configurators, handle: administering(removeAgentSkill) },
  { name: 'add-service', method: 'PUT', path: `${agents}/{id}/services/{service}`, roles: configurators, body: 'optional', handle: administering(addService) },
  { name: 'remove-service', method: 'DELETE', path: `${agents}/{id}/services/{service}`, roles: configurators, handle: administering(removeService) },
  { name: 'create-skill', method: 'POST', path: skills, roles: configurators, handle: createAgentSkill },
  { name: 'list-skills', method: 'GET', path: skills, roles: configurators, handle: listAgentSkills },
  // The page spells it so where it names the method.
  { name: 'list-skills', method: 'GET', path: `${agents}/Skills`, roles: configurators, handle: listAgentSkills },
  { name: 'skill-list-info', method: 'GET', path: `${skills}/info`, roles: configurators, handle: getAgentSkillListInfo },
  { name: 'read-skill', method: 'GET', path: `${skills}/{id}`, roles: configurators, handle: readAgentSkill },
  { name: 'update-skill', method: 'PUT', path: `${skills}/{id}`, roles: configurators, handle: updateAgentSkill },
  { name: 'delete-skill', method: 'DELETE', path: `${skills}/{id}`, roles: configurators, handle: deleteAgentSkill },
  { name: 'agent-event-feed', method: 'POST', path: '/realtime/agentEvent/feed', roles: feedReaders, body: 'optional', handle: retrieveAgentEventFeed },
  { name: 'event-feed', method: 'POST', path: '/realtime/event/feed', roles: feedReaders, handle: retrieveInteractionEventFeed },
  { name: 'event-feed-sse', method: 'POST', path: '/realtime/event/feed/sse', roles: feedReaders, handle: retrieveEventFeedThroughSse },
  { name: 'in-call', method: 'GET', path: '/realtime/callData/inCall', roles: callReaders, handle: readInCallMetadata },
  { name: 'post-call', method: 'GET', path: '/realtime/callData/postCall', roles: callReaders, handle: readPostCallMetadata },
  { name: 'campaign-stats', method: 'POST', path: '/realtime/campaign/stats', roles: campaignReaders, handle: campaignLevelStatistics },
  { name: 'agent-averages', method: 'POST', path: '/realtime/service/agents/averages', roles: serviceReaders, handle: getAgentAverages },
  { name: 'agent-stats', method: 'POST', path: '/realtime/service/agent/stats', roles: serviceReaders, handle: getAgentStatistics },
  { name: 'agent-stats-ex', method: 'POST', path: '/realtime/service/agent/stats/ex', roles: serviceReaders, body: 'optional', handle: getAgentStatisticsEx },
  { name: 'agent-status', method: 'POST', path: '/realtime/service/agents/status', roles: serviceReaders, handle: getAgentStatus },
  { name: 'hold-details', method: 'POST', path: '/realtime/service/calls/status', roles: serviceReaders, handle: getHoldServiceDetails },
  { name: 'live-connects', method: 'POST', path: '/realtime/service/liveConnects', roles: serviceReaders, handle: getLiveConnects },
  { name: 'service-stats', method: 'POST', path: '/realtime/service/stats', roles: serviceReaders, handle: getServiceStatistics },
];

/** The sandbox's own: no session, no faults, no log, from this machine only. */
// biome-ignore format: one route, one line
export const adminRoutes: readonly Route[] = [
  { name: 'count', method: 'GET', path: '/sandbox/count', roles: 'open', handle: countContacts },
  { name: 'contacts', method: 'GET', path: '/sandbox/contacts', roles: 'open', handle: listContacts },
  { name: 'contact', method: 'GET', path: '/sandbox/contacts/{account}', roles: 'open', handle: readContact },
  { name: 'put-contact', method: 'PUT', path: '/sandbox/contacts/{account}', roles: 'open', handle: putContact },
  { name: 'purge-contact', method: 'DELETE', path: '/sandbox/contacts/{account}', roles: 'open', handle: purgeContact },
  { name: 'add-note', method: 'POST', path: '/sandbox/contacts/{account}/notes', roles: 'open', handle: addNote },
  { name: 'put-group', method: 'PUT', path: '/sandbox/groups/{id}', roles: 'open', handle: putGroup },
  { name: 'users', method: 'GET', path: '/sandbox/users', roles: 'open', handle: listUsers },
  { name: 'put-user', method: 'PUT', path: '/sandbox/users/{userName}', roles: 'open', handle: putUser },
  { name: 'agents', method: 'GET', path: '/sandbox/agents', roles: 'open', handle: readAgents },
  { name: 'put-agent', method: 'PUT', path: '/sandbox/agents/{id}', roles: 'open', handle: putAgent },
  { name: 'put-skill', method: 'PUT', path: '/sandbox/agent-skills/{id}', roles: 'open', handle: putAgentSkill },
  { name: 'services', method: 'GET', path: '/sandbox/services', roles: 'open', handle: readServices },
  { name: 'put-service', method: 'PUT', path: '/sandbox/services/{id}', roles: 'open', handle: putService },
  { name: 'calls', method: 'GET', path: '/sandbox/calls', roles: 'open', handle: readCalls },
  { name: 'put-call', method: 'POST', path: '/sandbox/calls', roles: 'open', handle: putCall },
  { name: 'push-events', method: 'POST', path: '/sandbox/events', roles: 'open', handle: pushEvents },
  { name: 'log', method: 'GET', path: '/sandbox/log', roles: 'open', handle: readLog },
  { name: 'writes', method: 'GET', path: '/sandbox/writes', roles: 'open', handle: readWrites },
  { name: 'clear-log', method: 'DELETE', path: '/sandbox/log', roles: 'open', handle: clearLog },
  { name: 'creates', method: 'GET', path: '/sandbox/creates', roles: 'open', handle: readCreates },
  { name: 'expire-sessions', method: 'POST', path: '/sandbox/sessions/expire', roles: 'open', handle: expireSessions },
  { name: 'dialect', method: 'GET', path: '/sandbox/dialect', roles: 'open', handle: readDialect },
  { name: 'put-dialect', method: 'PUT', path: '/sandbox/dialect', roles: 'open', handle: putDialect },
  { name: 'faults', method: 'POST', path: '/sandbox/faults', roles: 'open', handle: addFaults },
  { name: 'clear-faults', method: 'DELETE', path: '/sandbox/faults', roles: 'open', handle: clearFaults },
  { name: 'limits', method: 'GET', path: '/sandbox/limits', roles: 'open', handle: readLimits },
  { name: 'put-limits', method: 'PUT', path: '/sandbox/limits', roles: 'open', handle: putLimits },
  { name: 'limit-report', method: 'GET', path: '/sandbox/limits/report', roles: 'open', handle: readLimitReport },
  { name: 'purge', method: 'POST', path: '/sandbox/purge', roles: 'open', handle: purgeSome },
  { name: 'clock', method: 'POST', path: '/sandbox/clock', roles: 'open', handle: setClock },
];
