/** What the reading of reference data takes and gives. */
import type { Clock } from '../clock.ts';
import type { ReferencesConfig } from '../config.ts';
import type {
  AgentEntry,
  AgentSkill,
  AgentSkillEntry,
  AssociatedAccount,
  ContactGroup,
  ContactNote,
  ContactNoteSummary,
} from '../livevox/index.ts';
import type { Log } from '../log.ts';
import type { Progress } from '../progress.ts';
import type { Store } from '../store/index.ts';

/** What of the client is needed. */
export type ReferenceReader = {
  readonly listContactGroups: (signal?: AbortSignal) => AsyncIterable<ContactGroup>;
  readonly listAgents: (signal?: AbortSignal) => AsyncIterable<AgentEntry>;
  readonly listAgentSkills: (signal?: AbortSignal) => AsyncIterable<AgentSkillEntry>;
  readonly readAgentSkill: (skillId: string, signal?: AbortSignal) => Promise<AgentSkill | undefined>;
  readonly listContactNotes: (account: string, signal?: AbortSignal) => Promise<readonly ContactNoteSummary[]>;
  readonly readContactNote: (account: string, id: string, signal?: AbortSignal) => Promise<ContactNote | undefined>;
  readonly listAssociatedAccounts: (account: string, signal?: AbortSignal) => AsyncIterable<AssociatedAccount>;
};

export type ReferencesDeps = {
  readonly livevox: ReferenceReader;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly progress: Progress;
};

export type ReferencesInput = {
  readonly tenant: string;
  /** The run that merged contacts. */
  readonly runId: string;
  /** IANA zone of the client. */
  readonly timeZone: string;
  readonly references: ReferencesConfig;
  /** Whether contacts were added or changed. */
  readonly hasChanges: boolean;
  readonly signal?: AbortSignal;
};

/** What was done besides contacts; what did not happen is not counted. */
export type ReferenceCounts = {
  /** Lists of reference data that were read. */
  referenceLists?: number;
  /** Contacts whose notes or associated accounts were read. */
  contactsRead?: number;
  /** Contacts that LiveVox did not show any more, or showed nothing readable of. */
  contactsUnreadable?: number;
  /** Things that could not be done, each with a line in the log; they are tried again. */
  referencesFailed?: number;
};
