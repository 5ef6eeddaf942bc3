/** `lvsync apply --until`, as a process of its own: it stops by the tenant's clock, proves what it sent, and goes on when asked. */
import { describe, expect, it } from 'vitest';
import { toLocalMinute } from '../../src/contact/index.ts';
import { setupDatabase } from '../support/database.ts';
import { setupWorkplace, startLvsync } from '../support/lvsync.ts';
import { fetchAllContacts, fetchLog, putContact, setupSandbox } from '../support/sandbox-admin.ts';

type Answer = {
  readonly state: string;
  readonly message: string;
  readonly changeSetId: string;
  readonly tally: Record<string, number>;
  readonly fact: { readonly calls: number; readonly minutes: number };
};

const timeZone = 'Asia/Kathmandu';
const clock = new URL('../support/shifted-clock.mjs', import.meta.url).href;
const accounts = Array.from({ length: 15 }, (_, index) => `X${index + 1}`);
/** How long the first process has before it is to stop, from its start to the end of the minute. */
const headStartMs = 20_000;

async function setup() {
  const sandbox = await setupSandbox({ contacts: 0 });
  const { url } = await setupDatabase();
  const mapping = { account: 'id', firstName: 'first' };
  const tenant = {
    timeZone,
    systemsOfRecord: { crm: { kind: 'csv', path: 'record.csv', mapping } },
    push: { chunkRows: 1 },
  };
  const place = await setupWorkplace({ sandbox, databaseUrl: url, tenant });
  const setLimits = (limits: object): Promise<string> =>
    place.write('lvsync.config.json', JSON.stringify({ tenants: { main: { ...tenant, limits } } }));
  for (const account of accounts) await putContact(sandbox, account, { firstName: 'Old' });
  await place.write('record.csv', `id,first\n${accounts.map((account) => `${account},New`).join('\n')}\n`);
  return { sandbox, place, setLimits };
}

describe('lvsync apply --until', () => {
  it('stops at that time, exits 4 with what is left, and the same plan goes on afterwards', async () => {
    const { sandbox, place, setLimits } = await setup();
    await setLimits({ 'Bulk Update Contact': { starts: 1, perSeconds: 2 } });
    await place.run('pull');
    const { changeSetId } = (await place.json<Answer>('plan')).answer;

    const minuteMs = 60_000;
    const end = new Date(Math.ceil((Date.now() + headStartMs) / minuteMs) * minuteMs);
    const until = toLocalMinute(end, timeZone).slice(-5);
    const startsAt = new Date(end.getTime() - headStartMs).toISOString();
    const stopping = startLvsync(['apply', changeSetId, '--until', until, '--json'], {
      cwd: place.folder,
      env: { ...place.env, NODE_OPTIONS: `--import ${clock}`, TEST_CLOCK_STARTS_AT: startsAt },
    });
    const { code, stdout, stderr } = await stopping.finished;
    expect(stderr).not.toContain('contacts sent');
    const answer = JSON.parse(stdout) as Answer;
    const sent = (await fetchLog(sandbox)).filter(({ route }) => route === 'bulk-update').length;
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(accounts.length);
    expect([code, answer.state, answer.message]).toEqual([
      4,
      'not_proven',
      `stopped at ${until} as asked: ${accounts.length - sent} of 15 patches not sent; lvsync apply ${changeSetId} goes on`,
    ]);
    expect(answer.tally).toMatchObject({ confirmed: sent, unsent: accounts.length - sent, unread: 0 });
    // A call that missed its slot on a busy machine counts as well.
    expect(answer.fact.calls).toBeGreaterThanOrEqual(sent);

    await setLimits({});
    const rest = await place.run('apply', changeSetId);
    expect(rest.stdout).toMatch(/^proven: 0 differences left$/m);
    expect(rest.stdout).toMatch(/^forecast 15 calls in 28 s; it took \d+ calls in (\d+ s|less than a second)$/m);
    expect(rest.stderr).toMatch(
      new RegExp(`^push: ${accounts.length - sent} calls?, (about|how long) .*; reading back comes on top$`, 'm'),
    );
    expect(rest.code).toBe(0);
    expect((await fetchLog(sandbox)).filter(({ route }) => route === 'bulk-update')).toHaveLength(accounts.length);
    const names = [...(await fetchAllContacts(sandbox)).values()].map(({ firstName }) => firstName);
    expect(names).toEqual(accounts.map(() => 'New'));
  });
});
