/** What of the client each verb may use, and no more: a plan cannot send, a pull cannot write. */
import {
  type ContactRecord,
  isAddressable,
  type LiveVoxClient,
  type SearchCondition,
  type SearchRule,
  toShownValues,
} from './livevox/index.ts';
import type { PullDeps } from './pull/pull.ts';
import type { PushDeps } from './push/push.ts';
import { accountsPerSearch, type ReconcileDeps, type ShownContact } from './reconcile/reconcile.ts';
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

/** What of the client a reconcile of chosen contacts may use. */
export function toContactReader({ contacts }: LiveVoxClient, timeZone: string): ReconcileDeps['livevox'] {
  const toShown = (record: ContactRecord): ShownContact => {
    const { account, modifyDate } = record;
    return { account, modifyDate, values: toShownValues(record, timeZone) };
  };
  return {
    isAddressable,
    fetchContacts: async function* (kind, accounts, signal) {
      switch (kind) {
        case 'list':
          for await (const record of contacts.listContacts(signal)) yield toShown(record);
          return;
        case 'search':
          for (let at = 0; at < accounts.length; at += accountsPerSearch) {
            const search = toAnyOf(accounts.slice(at, at + accountsPerSearch));
            for await (const record of contacts.findMatchingContacts({ search }, signal)) yield toShown(record);
          }
          return;
        case 'keyed':
          for (const account of accounts) {
            const record = await contacts.readContact(account, signal);
            if (record !== undefined) yield toShown(record);
          }
      }
    },
  };
}

/** A search for any of the accounts, as a tree that is as flat as rules of two sides can be. */
function toAnyOf(accounts: readonly string[]): SearchRule | SearchCondition {
  const [first = ''] = accounts;
  if (accounts.length === 1) return { field: 'account', criteria: first, condition: 'EQUALS' };
  const half = Math.ceil(accounts.length / 2);
  return { rule: 'OR', left: toAnyOf(accounts.slice(0, half)), right: toAnyOf(accounts.slice(half)) };
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
