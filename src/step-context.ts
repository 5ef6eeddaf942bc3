/**
 * What every step of a run is given: the tenant's parts, what the operator chose, and where in its run the step stands.
 */
import type { Clock } from './clock.ts';
import type { LimitConfig, TenantConfig } from './config.ts';
import type { BlockRequest } from './diff/diff.ts';
import type { LiveVoxClient } from './livevox/index.ts';
import type { Log } from './log.ts';
import type { Progress } from './progress.ts';
import type { PullInput } from './pull/pull.ts';
import type { Store } from './store/index.ts';

/** The parts that work for one tenant is done with; wiring.ts builds them. */
export type TenantDeps = {
  readonly tenant: TenantConfig;
  /** Folder for downloads on their way into the mirror; 0700. */
  readonly spoolFolder: string;
  readonly store: Store;
  /** Built when first used: commands that never call LiveVox need no credentials. */
  readonly livevox: () => LiveVoxClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly progress: Progress;
  /** The limit that LiveVox has taught for a method, as long as it holds; undefined as well where the tenant's credentials are not known here. */
  readonly learntLimit: (method: string) => Promise<LimitConfig | undefined>;
};

/** What the operator may choose for a run; steps that a choice does not concern ignore it. */
export type RunOptions = {
  readonly window?: PullInput['window'];
  /** Name of the system of record; needed when the tenant has several. */
  readonly source?: string;
  /** What a replay loads: path of a file, or the id of a run. */
  readonly replayed?: string;
  /** The plan to push; by default the one that the run itself made. */
  readonly changeSetId?: string;
  /** From then on a push sends nothing more; the rest of its plan stays planned. */
  readonly until?: Date;
  readonly sweep?: SweepOptions;
  /** Who is to be blocked. */
  readonly block?: BlockRequest;
  /** What a revert takes back. */
  readonly reverted?: RevertOptions;
  readonly reconcile?: ReconcileOptions;
};

export type ReconcileOptions = {
  /** Only these contacts. @default all */
  readonly accounts?: readonly string[] | undefined;
  /** Whether what differs from the system of record is sent. @default false */
  readonly apply?: boolean | undefined;
};

export type RevertOptions = {
  readonly changeSetId: string;
  /** Only these contacts. @default all */
  readonly accounts?: readonly string[] | undefined;
};

export type SweepOptions = {
  /** One part of the contacts, with all their fields, instead of all with the fewest. */
  readonly rolling?: boolean;
  /** Which part, from 0; by default the day decides. */
  readonly slice?: number;
  /** Instead of the configured guard. */
  readonly maxVanishedPercent?: number;
};

export type StepContext = {
  readonly deps: TenantDeps;
  readonly runId: string;
  readonly options: RunOptions;
  /** Whether the run pushes its plan once more after this step. @default false */
  readonly pushFollows?: boolean | undefined;
  /** Whether few contacts may be read back one by one. @default false */
  readonly readsByKey?: boolean | undefined;
  /** Whether a block has been sent and read back, and only whom it missed is looked for. @default false */
  readonly looksAgain?: boolean | undefined;
  /** Whether the caller holds the push lock. @default false */
  readonly holdsPush?: boolean | undefined;
  readonly signal: AbortSignal;
};
