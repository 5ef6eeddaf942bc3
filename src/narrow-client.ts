/** What of the client each verb may use, and no more: a plan cannot send, a pull cannot write. */
import type { LiveVoxClient } from './livevox/index.ts';
import type { PullDeps } from './pull/pull.ts';
import type { PushDeps } from './push/push.ts';
import type { ReferencesDeps } from './references/references.ts';
import type { SweepDeps } from './sweep/sweep.ts';

/** What of the client a pull may use. */
export function toPullReader(client: LiveVoxClient): PullDeps['livevox'] {
  return {
    fetchServerNow: (signal) => client.fetchServerNow(signal),
    fetchBulkContacts: client.contacts.bulkContactDownload,
    fetchCustomFields: client.customFields.listCustomFields,
  };
}

/** What of the client a sweep may use. */
export function toSweepReader(client: LiveVoxClient): SweepDeps['livevox'] {
  return {
    fetchServerNow: (signal) => client.fetchServerNow(signal),
    fetchBulkContacts: client.contacts.bulkContactDownload,
  };
}

/** What of the client reference data may use. */
export function toReferenceReader({
  contacts,
  contactGroups,
  contactNotes,
  agents,
  agentSkills,
}: LiveVoxClient): ReferencesDeps['livevox'] {
  return {
    listContactGroups: contactGroups.listContactGroup,
    listAgents: (signal) => agents.listAgents({}, signal),
    listAgentSkills: (signal) => agentSkills.listAgentSkills({}, signal),
    readAgentSkill: agentSkills.readAgentSkill,
    listContactNotes: contactNotes.listContactNotes,
    readContactNote: contactNotes.readContactNote,
    listAssociatedAccounts: contacts.listAssociatedAccounts,
  };
}

/** What of the client a push may use. */
export function toContactWriter({ contacts }: LiveVoxClient): PushDeps['livevox'] {
  return {
    sendBulkCreate: contacts.bulkCreateContact,
    sendBulkUpdate: contacts.bulkUpdateContact,
    sendMultipleContactsDnd: contacts.updateMultipleContactsDnd,
    sendDeleteContact: contacts.deleteContact,
    sendCreateContact: contacts.createContact,
    sendUpdateContact: contacts.updateContact,
    sendContactDnd: contacts.updateContactDnd,
  };
}
