/**
 * One push while it runs: what it was given, and what its senders share - counts, sizes of requests, the chunks that wait for a slot. Lives in
 * memory only; everything that must outlast the process is in the database before a request leaves.
 */
import type { Clock } from '../clock.ts';
import type { PushConfig } from '../config.ts';
import type { Endpoint } from '../contact/index.ts';
import type { BeforeSend, ContactRows, ContactWrite, WriteAnswer } from '../livevox/index.ts';
import type { Log } from '../log.ts';
import type { Progress } from '../progress.ts';
import type { ChunkKey, ClaimedChunk, Fence, Store } from '../store/index.ts';
import type { ChunkSize } from './choose-size.ts';
import type { SingleContactWriter } from './send-singly.ts';
import type { StopWatch } from './stop-time.ts';
import { makeTurns, type Turns } from './turns.ts';

/** The three bulk methods and the one that deletes, as the push needs them. */
type ContactWriter = {
  readonly sendBulkCreate: (rows: ContactRows, signal?: AbortSignal) => Promise<WriteAnswer>;
  readonly sendBulkUpdate: (rows: ContactRows, signal?: AbortSignal) => Promise<WriteAnswer>;
  readonly sendMultipleContactsDnd: (rows: ContactRows, signal?: AbortSignal) => Promise<WriteAnswer>;
  readonly sendDeleteContact: (account: string, signal?: AbortSignal, beforeSend?: BeforeSend) => Promise<WriteAnswer>;
} & SingleContactWriter;

/** One keyed read: whether LiveVox has the contact; `unknown` where nobody can ask for such an account. */
type LookUp = (account: string, signal?: AbortSignal) => Promise<{ readonly kind: 'absent' | 'found' | 'unknown' }>;

export type PushDeps = {
  readonly livevox: ContactWriter;
  readonly lookUp: LookUp;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly progress: Progress;
};

export type PushInput = {
  readonly tenant: string;
  /** @default none: only urgent plans that wait */
  readonly changeSetId?: string | undefined;
  /** Who sends, for the record. */
  readonly actor: string;
  readonly push: PushConfig;
  /** Requests in flight per bulk method. @default 1 */
  readonly inFlight: (endpoint: Endpoint) => number;
  /** From then on no request leaves, but for urgent plans; what is left stays planned. */
  readonly until?: Date | undefined;
  readonly signal?: AbortSignal;
};

export type PushCounts = {
  /** Requests sent. */
  chunks: number;
  /** Contacts in them, by outcome; those of a request that was sent again in parts count with the parts. */
  accepted: number;
  refused: number;
  in_doubt: number;
  /** Of these, patches of urgent plans that came in meanwhile. */
  urgent: number;
  /** Patches left out, because their contact has moved since the plan, or a newer stop came in. */
  leftOut: number;
};

/** A claimed chunk on its way. */
export type Leaving = {
  readonly chunk: ClaimedChunk;
  readonly key: ChunkKey;
  readonly isUrgent: boolean;
  /** Its own time to stop, whichever call carries it. */
  readonly watch: StopWatch;
  /** What its request carries; may shrink until its slot has come. */
  rows: readonly ContactWrite[];
  /** Its answer has been settled, or there will be none. */
  readonly over: Promise<void>;
};

export type PushRun = {
  readonly deps: PushDeps;
  readonly input: PushInput;
  readonly fence: Fence;
  readonly counts: PushCounts;
  /** What LiveVox has taught, by endpoint; an endpoint that is missing takes what is configured. */
  readonly sizes: Map<Endpoint, ChunkSize>;
  readonly turns: Turns<Leaving, WriteAnswer>;
  /** Aborted when one sender fails: the others take no further chunk. */
  readonly failed: AbortController;
  /** Whether the plan itself may be sending: until then nothing of it can contradict a stop. */
  isOpen: boolean;
  /** Chunks that have left and have no answer yet. */
  readonly underWay: Set<Leaving>;
  /** When the answer to a contact's lift was lost, by account. */
  readonly doubtedLifts: Map<string, Date>;
  /** Contacts to send, of all plans. */
  total: number;
  /** Requests without an answer since the last with one. */
  unknownInARow: number;
  /** Contacts refused for good since the last request that was accepted. */
  refusedInARow: number;
};

export function makePushRun(
  deps: PushDeps,
  input: PushInput,
  fence: Fence,
  sizes: ReadonlyMap<Endpoint, ChunkSize>,
): PushRun {
  return {
    deps,
    input,
    fence,
    counts: { chunks: 0, accepted: 0, refused: 0, in_doubt: 0, urgent: 0, leftOut: 0 },
    sizes: new Map(sizes),
    turns: makeTurns(),
    failed: new AbortController(),
    isOpen: false,
    underWay: new Set(),
    doubtedLifts: new Map(),
    total: 0,
    unknownInARow: 0,
    refusedInARow: 0,
  };
}
