/**
 * What no run's end tells: a nightly that did not begin, a stop that comes to be at risk while nothing runs, a run whose process died. A worker looks
 * once a minute; with several workers each looks, and the record of notices sees to it that one of them tells.
 */
import type { Clock } from '../src/clock.ts';
import type { TenantConfig } from '../src/config.ts';
import { toLogReason } from '../src/errors.ts';
import type { Log } from '../src/log.ts';
import { type NoticeDeps, tellNotices } from '../src/notices.ts';
import type { NewNotice, Store } from '../src/store/index.ts';
import { judgeNight } from './due-night.ts';

export type NoticeWatchParts = {
  readonly tenants: readonly TenantConfig[];
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
};

const everyMs = 60_000;

/** Looks until `signal` is aborted, and resolves when the last look is over. Throws nothing. */
export async function watchNotices(parts: NoticeWatchParts, signal: AbortSignal): Promise<void> {
  const tenants = parts.tenants.filter(({ notify }) => notify !== undefined);
  if (tenants.length === 0) return;
  const watchedSince = parts.clock.now();
  while (!signal.aborted) {
    for (const tenant of tenants) await lookAtTenant(parts, tenant, watchedSince);
    await parts.clock.sleep(everyMs, signal).catch(() => {});
  }
}

/** One look. The database may be away for a moment: the next look is in a minute. */
export async function lookAtTenant(
  { store, clock, log }: NoticeWatchParts,
  tenant: TenantConfig,
  watchedSince: Date,
): Promise<void> {
  const deps: NoticeDeps = { store, clock, log, tenant };
  try {
    const night = await judgeNight(store.pool, tenant, { now: clock.now(), watchedSince });
    await tellNotices(deps, night?.isMissed && night.dueAt !== undefined ? [makeMissed(tenant.name, night.dueAt)] : []);
  } catch (error) {
    log.warn('notice.failed', { tenant: tenant.name, reason: toLogReason(error) });
  }
}

function makeMissed(tenant: string, dueAt: Date): NewNotice {
  const due = dueAt.toISOString();
  const sentence = `The nightly that was due at ${due} has not begun an hour later; see lvsync status, and whether lvsync schedule was run.`;
  return { tenant, event: 'missed', subject: due, sentence };
}
