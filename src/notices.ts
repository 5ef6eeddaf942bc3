/**
 * Tells a tenant's webhook what somebody has to look at. What is to be told is put on record first and then sent, so each event is told once whichever
 * process sees it, and one that could not be sent is sent later. Promises: never fails what it is called after, and never waits for long: while the
 * receiver does not answer, one notice is tried and the others wait for the next time.
 */
import type { Clock } from './clock.ts';
import type { NotifyConfig } from './config.ts';
import { toStopCutoffs } from './contact/index.ts';
import { toLogReason } from './errors.ts';
import type { Log } from './log.ts';
import { type NoticeMessage, sendNotice } from './notify/index.ts';
import {
  claimNotice,
  insertNotice,
  insertRunNotices,
  markNoticeTold,
  type NewNotice,
  type Notice,
  type Store,
  selectOldestOpenStop,
} from './store/index.ts';
import { readSuppressionClock, type SuppressionTenant } from './suppression-clock.ts';

export type NoticeDeps = {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly tenant: SuppressionTenant & { readonly notify?: NotifyConfig | undefined };
};

/** Most notices that are sent in one go. */
const mostAtOnce = 20;

/** Delivers what is to be told, after a run or in between. Throws nothing: what it could not do is a line in the log. */
export async function tellNotices(deps: NoticeDeps, besides: readonly NewNotice[] = []): Promise<void> {
  try {
    await deliverNotices(deps, besides);
  } catch (error) {
    deps.log.warn('notice.failed', { tenant: deps.tenant.name, reason: toLogReason(error) });
  }
}

/**
 * Puts on record what is new - runs that ended badly, stops at risk, and `besides` - and sends what is not told yet. Nothing happens where no
 * webhook is configured. Returns how many were told. @throws what the database or the sending throws
 */
export async function deliverNotices(deps: NoticeDeps, besides: readonly NewNotice[] = []): Promise<number> {
  const { store, tenant } = deps;
  const { notify } = tenant;
  if (notify === undefined) return 0;
  await insertRunNotices(store.pool, tenant.name, notify.on);
  const found = [...(notify.on.includes('clock_at_risk') ? await findStopsAtRisk(deps) : []), ...besides];
  for (const notice of found.filter(({ event }) => notify.on.includes(event))) await insertNotice(store.pool, notice);
  return sendWaiting(deps, notify);
}

/** Sends a notice that means nothing, to see whether the webhook works. @throws what sending it throws */
export async function tellTest({ clock, tenant }: NoticeDeps, notify: NotifyConfig): Promise<void> {
  const message = 'This is a test of livevox-sync; nothing has to be done.';
  const notice: NoticeMessage = {
    id: 'test',
    tenant: tenant.name,
    event: 'test',
    message,
    runId: null,
    at: clock.now(),
  };
  await sendNotice(notify, notice, { clock });
}

async function sendWaiting(deps: NoticeDeps, notify: NotifyConfig): Promise<number> {
  for (let told = 0; told < mostAtOnce; told += 1) {
    const notice = await claimNotice(deps.store.pool, deps.tenant.name, notify.on);
    if (notice === undefined) return told;
    await send(deps, notify, notice);
  }
  return mostAtOnce;
}

async function send({ store, clock, log }: NoticeDeps, notify: NotifyConfig, notice: Notice): Promise<void> {
  const { id, tenant, event, sentence, runId, notedAt } = notice;
  await sendNotice(notify, { id, tenant, event, message: sentence, runId, at: notedAt }, { clock });
  await markNoticeTold(store.pool, id);
  log.info('notice.told', { tenant, notice: id, about: event, runId });
}

/**
 * One notice for each limit, as long as the same stop has waited longest: it comes again when that one has arrived and another is at risk.
 */
async function findStopsAtRisk(deps: NoticeDeps): Promise<readonly NewNotice[]> {
  const { store, clock, tenant } = deps;
  const now = clock.now();
  const { targetAtRisk, legalAtRisk } = toStopCutoffs(now, { ...tenant.suppressions, timeZone: tenant.timeZone });
  const limits = { target: targetAtRisk, legal: legalAtRisk };
  const notices: NewNotice[] = [];
  for (const [limit, cutoff] of Object.entries(limits)) {
    const oldest = await selectOldestOpenStop(store.pool, tenant.name, cutoff);
    if (oldest === undefined) continue;
    const sentence = await sayStops(deps, now, limit === 'legal' ? 'the legal limit' : 'your target');
    notices.push({ tenant: tenant.name, event: 'clock_at_risk', subject: `${limit}-${oldest}`, sentence });
  }
  return notices;
}

async function sayStops({ store, tenant }: NoticeDeps, now: Date, limit: string): Promise<string> {
  const { open, late, legalLate, atRisk, legalAtRisk } = await readSuppressionClock(store, tenant, now);
  const counts = `${open} open, ${atRisk} at risk, ${late} late; by law ${legalAtRisk} at risk, ${legalLate} late`;
  return `Stops near ${limit} or past it: ${counts}. lvsync stops lists them.`;
}
