/**
 * A worker as a process of its own, for tests of the shared session: `session-process.mjs BUILD PLACE_URL LIVEVOX_URL USER PASSWORD TOKEN`.
 * Says `ready`, then makes one call for each line on stdin and answers each with how many logins it has needed so far, or
 * with the error. Its log goes to stderr. BUILD is the folder of the compiled sources: twenty of them start at once.
 */
import { createInterface } from 'node:readline';

const [build, placeUrl, baseUrl, userName, password, accessToken] = process.argv.slice(2);
const load = (file) => import(`${build}/src/${file}.js`);

const [{ makeSecret }, { LiveVoxClient }, { makeLog }] = await Promise.all(
  ['config', 'livevox/index', 'log'].map(load),
);
const place = await openPlace();
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
    process.stdout.write(`${client.requestCounts.Login ?? 0}\n`);
  } catch (error) {
    process.stdout.write(`${String(error)}\n`);
  }
}
await client.close();
await place.close();

async function openPlace() {
  if (placeUrl.startsWith('redis')) {
    const { makeRedisSessions, makeRedisSlots, openRedis } = await load('redis/index');
    const { systemClock } = await load('clock');
    const redis = openRedis(placeUrl);
    return { slots: makeRedisSlots(redis), sessions: makeRedisSessions(redis, systemClock), close: redis.close };
  }
  const { closeStore, makeStoredSessions, makeStoredSlots, openStore } = await load('store/index');
  const store = await openStore(placeUrl);
  return { slots: makeStoredSlots(store), sessions: makeStoredSessions(store), close: () => closeStore(store) };
}
