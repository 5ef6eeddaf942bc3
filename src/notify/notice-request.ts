/**
 * A notice → the request that carries it. Pure. Generic receivers get a JSON document with a signature over its time and its bytes, so that they
 * can tell that it comes from here and is not an old one; Slack gets a line of text.
 */
import { createHmac } from 'node:crypto';
import type { NotifyConfig } from '../config.ts';

export type NoticeMessage = {
  /** The same whenever the same notice is sent again. */
  readonly id: string;
  readonly tenant: string;
  readonly event: string;
  /** Our own sentence: ids and counts, never a contact's data. */
  readonly message: string;
  readonly runId: string | null;
  /** When it was noted. */
  readonly at: Date;
};

export type NoticeRequest = { readonly body: string; readonly headers: Readonly<Record<string, string>> };

export function makeNoticeRequest(
  { kind, secret }: Pick<NotifyConfig, 'kind' | 'secret'>,
  notice: NoticeMessage,
  now: Date,
): NoticeRequest {
  const common: NoticeRequest['headers'] = { 'content-type': 'application/json', 'lvsync-notice': notice.id };
  if (kind === 'slack') return { body: JSON.stringify({ text: formatSlack(notice) }), headers: common };
  const { id, event, tenant, runId, at, message } = notice;
  const body = JSON.stringify({ id, event, tenant, runId, at: at.toISOString(), message });
  if (secret === undefined) return { body, headers: common };
  return { body, headers: { ...common, 'lvsync-signature': sign(secret.reveal(), body, now) } };
}

/** `t=1763740800,v1=<hex>`: HMAC-SHA256 over the seconds, a dot and the body. */
function sign(secret: string, body: string, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000);
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

function formatSlack({ tenant, event, message, runId }: NoticeMessage): string {
  const run = runId === null ? '' : ` (run ${runId})`;
  return `*livevox-sync, ${escapeSlack(tenant)}: ${event}*${run}\n${escapeSlack(message)}`;
}

/** The three characters that mean something to Slack. */
function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
