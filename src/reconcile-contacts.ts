/** Binds the verb reconcile to a tenant's parts; what it pulls again is widened as a sweep widens it. */
import type { Clock } from './clock.ts';
import type { TenantConfig } from './config.ts';
import type { LiveVoxClient } from './livevox/index.ts';
import type { Log } from './log.ts';
import { toContactReader } from './narrow-client.ts';
import type { Progress } from './progress.ts';
import { type ReconcileCounts, reconcile } from './reconcile/reconcile.ts';
import type { Store } from './store/index.ts';
import { widenWindow } from './sweep/sweep.ts';

type Deps = {
  readonly tenant: TenantConfig;
  readonly store: Store;
  readonly livevox: () => LiveVoxClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly progress: Progress;
};

type Chosen = { readonly runId: string; readonly accounts: readonly string[]; readonly signal: AbortSignal };

/** Looks at the chosen contacts. @throws what the verb throws */
export function reconcileContacts(
  { tenant, store, livevox, clock, log, progress }: Deps,
  chosen: Chosen,
  pullWindow: (window: { readonly startsAt?: Date; readonly endsAt?: Date }) => Promise<unknown>,
): Promise<ReconcileCounts> {
  const { name, timeZone, pull } = tenant;
  const on = { wholeDays: pull.windows === 'days', timeZone };
  const reader = toContactReader(livevox(), timeZone);
  const pullWidened = (stretch: { readonly startsAt: Date; readonly endsAt: Date }): Promise<unknown> =>
    pullWindow(widenWindow(stretch, on));
  return reconcile(
    { livevox: reader, store, log, progress, pullWindow: pullWidened },
    { ...chosen, tenant: name, timeZone, now: clock.now(), overlapMs: pull.overlapMinutes * 60_000 },
  );
}
