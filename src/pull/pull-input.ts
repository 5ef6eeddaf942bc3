/** What a pull is given and what it gives back: the types its parts share. */
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Progress } from '../progress.ts';
import type { CustomField, Store } from '../store/index.ts';
import type { ExtractDeps } from './extract.ts';
import type { Bounds, WindowChoice } from './window.ts';

/** What a download is loaded with, wherever its bytes come from. */
export type LoadDeps = {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly progress: Progress;
};

export type PullDeps = LoadDeps & {
  readonly livevox: ExtractDeps['livevox'] & {
    /** LiveVox's clock, in whole seconds. */
    readonly fetchServerNow: (signal?: AbortSignal) => Promise<Date>;
    readonly fetchCustomFields: (signal?: AbortSignal) => Promise<readonly CustomField[]>;
  };
};

export type LoadInput = {
  readonly tenant: string;
  /** A run that is running (sync.runs). */
  readonly runId: string;
  /** IANA zone of the client: zone-less times are in it. */
  readonly timeZone: string;
  /** Where downloads are kept until they are merged; made (0700) where missing. */
  readonly spoolFolder: string;
  /** How long a download is kept after the merge, milliseconds; 0: not at all. */
  readonly keepDownloadsMs: number;
  readonly signal?: AbortSignal;
};

export type PullInput = LoadInput & {
  /** How far a window reaches back behind the time it is for, milliseconds. */
  readonly overlapMs: number;
  /** Times a download is tried before it is split, or the pull fails. */
  readonly attempts: number;
  /** A download that is larger, bytes as received, or takes longer, milliseconds, is asked for again in two halves. */
  readonly maxWindowBytes: number;
  readonly maxWindowMs: number;
  /** How bounds are sent: as instants, or as whole days of the client. */
  readonly windows: Bounds['kind'];
  /** How long former versions of contacts are kept, whole months; 0: for ever. */
  readonly keepHistoryMonths: number;
  readonly window: WindowChoice;
};

/** rows = added + changed + unchanged + quarantined, over all windows. */
export type PullCounts = {
  /** Downloads that were merged. */
  readonly windows: number;
  /** Data rows of the downloads. */
  readonly rows: number;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly quarantined: number;
  /** Bytes of the downloads as received. */
  readonly bytes: number;
  /** First instant of modifyDate that was asked for; null: everything. */
  readonly startsAt: string | null;
  /** Last instant that is covered now, by LiveVox's clock; null: nothing is. */
  readonly endsAt: string | null;
};
