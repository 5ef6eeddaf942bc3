/** One notice over real HTTP: what is in it, how often it is tried, and what its errors do not say. */
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Clock } from '../../src/clock.ts';
import { makeSecret, type NotifyConfig } from '../../src/config.ts';
import { FatalError, RetriableError } from '../../src/errors.ts';
import { type NoticeMessage, sendNotice } from '../../src/notify/index.ts';
import { setupReceiver } from './receiver.ts';

const at = new Date('2026-11-21T07:31:12Z');
const notice: NoticeMessage = {
  id: '17',
  tenant: 'acme',
  event: 'held',
  message: 'held: 3 > 2 & more',
  runId: 'r1',
  at,
};
const slept: number[] = [];
const clock: Clock = { now: () => at, sleep: async (ms) => void slept.push(ms) };

function makeConfig(url: string, kind: NotifyConfig['kind'] = 'generic'): NotifyConfig {
  return { kind, url: makeSecret(url), secret: kind === 'generic' ? makeSecret('key') : undefined, on: ['held'] };
}

describe('sendNotice', () => {
  test('a generic one is a document, signed over its time and its bytes', async () => {
    const { url, received } = await setupReceiver();
    await sendNotice(makeConfig(url), notice, { clock });
    expect(received).toHaveLength(1);
    const [{ headers, body } = { headers: {}, body: '' }] = received;
    expect(JSON.parse(body)).toEqual({ ...notice, at: at.toISOString() });
    const seconds = at.getTime() / 1000;
    const expected = createHmac('sha256', 'key').update(`${seconds}.${body}`).digest('hex');
    expect([headers['lvsync-notice'], headers['lvsync-signature']]).toEqual(['17', `t=${seconds},v1=${expected}`]);
  });

  test('one for Slack is a text with its three characters escaped, unsigned', async () => {
    const { url, received } = await setupReceiver();
    await sendNotice(makeConfig(url, 'slack'), notice, { clock });
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({
      text: '*livevox-sync, acme: held* (run r1)\nheld: 3 &gt; 2 &amp; more',
    });
    expect(received[0]?.headers['lvsync-signature']).toBeUndefined();
  });

  test('is tried three times, with pauses, and then given up', async () => {
    slept.length = 0;
    const { url, received } = await setupReceiver(500, 429, 503);
    const sending = sendNotice(makeConfig(url), notice, { clock });
    await expect(sending).rejects.toThrow(new RetriableError('The webhook took no notice in 3 attempts: status 503.'));
    expect([received.length, slept]).toEqual([3, [500, 1_500]]);
  });

  test('is taken by the second attempt', async () => {
    const { url, received } = await setupReceiver(502);
    await sendNotice(makeConfig(url), notice, { clock });
    expect(received).toHaveLength(2);
  });

  test.each([400, 404, 410, 302])('a receiver that answers %i is asked once, and followed nowhere', async (status) => {
    const { url, received } = await setupReceiver(status);
    const sending = sendNotice(makeConfig(url), notice, { clock });
    await expect(sending).rejects.toThrow(FatalError);
    await expect(sending).rejects.toThrow(`status ${status}`);
    expect(received).toHaveLength(1);
  });

  test('errors name neither the address nor the words of the receiver', async () => {
    const { url } = await setupReceiver('hang', 'hang', 'hang');
    const errors = await Promise.all(
      [url, 'http://127.0.0.1:1/?key=hidden'].map((one) =>
        sendNotice(makeConfig(one), notice, { clock, timeoutMs: 100 }).catch((error: unknown) => String(error)),
      ),
    );
    expect(errors).toEqual([
      expect.stringContaining('no answer within 0.1 s'),
      expect.stringContaining('in 3 attempts'),
    ]);
    expect(errors.join()).not.toMatch(/hidden|secret|127/);
  });
});
