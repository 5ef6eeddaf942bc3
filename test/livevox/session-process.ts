/**
 * A worker as a process of its own, for tests of the shared session: `session-process.ts PLACE_URL LIVEVOX_URL`. Says `ready`, then makes one
 * call for each line on stdin and answers each with how many logins it has needed so far, or with the error. Its log goes to stderr.
 */
import { createInterface } from 'node:readline';
import { makeSecret } from '../../src/config.ts';
import { LiveVoxClient } from '../../src/livevox/index.ts';
import { makeLog } from '../../src/log.ts';
import { openSharedPlace } from '../support/shared-lanes.ts';

const [placeUrl = '', baseUrl = '', userName = '', password = '', accessToken = ''] = process.argv.slice(2);

const place = await openSharedPlace(placeUrl);
const client = new LiveVoxClient({
  baseUrl,
  credentials: { clientName: 'DEMO', userName, password: makeSecret(password), accessToken: makeSecret(accessToken) },
  timeZone: 'America/New_York',
  sharedSlots: place.slots,
  sharedSessions: place.sessions,
  log: makeLog('debug'),
});

process.stdout.write('ready\n');
for await (const _ of createInterface({ input: process.stdin })) {
  try {
    await client.customFields.listCustomFields();
    process.stdout.write(`${client.requestCounts['Login'] ?? 0}\n`);
  } catch (error) {
    process.stdout.write(`${String(error)}\n`);
  }
}
await client.close();
await place.close();
