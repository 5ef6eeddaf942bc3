/** Answers that got lost, rows that LiveVox altered, contacts that somebody else changed: one sync, through the real command and the sandbox. */
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { setupDatabase } from '../support/database.ts';
import { setupWorkplace, type Workplace } from '../support/lvsync.ts';
import {
  addFaults,
  clearFaults,
  fetchAllContacts,
  fetchCreates,
  fetchLog,
  putContact,
  setupSandbox,
  waitForRequest,
} from '../support/sandbox-admin.ts';

type Answer = {
  readonly state: string;
  readonly message: string;
  readonly changeSetId: string;
  readonly differencesLeft: number;
  readonly tally: Record<string, number>;
  readonly steps: readonly { step: string; state: string; counts: Record<string, number> }[];
};

const mapping = {
  account: 'id',
  firstName: 'first',
  phone1: 'phone',
  phone1Block: { column: 'stop', owner: 'record' },
};

async function setup(tenant: Record<string, unknown> = {}): Promise<{ sandbox: Sandbox; place: Workplace }> {
  const sandbox = await setupSandbox({ contacts: 5 });
  const { url } = await setupDatabase();
  const crm = { kind: 'csv', path: 'record.csv', mapping };
  const push = { settleSeconds: 0.2, chunkRows: 2 };
  const place = await setupWorkplace({
    sandbox,
    databaseUrl: url,
    tenant: { systemsOfRecord: { crm }, push, ...tenant },
  });
  return { sandbox, place };
}

function record(place: Workplace, ...rows: string[]): Promise<string> {
  return place.write('record.csv', `id,first,phone,stop\n${rows.join('\n')}\n`);
}

const old = { firstName: 'Old', phone1: '2025550101' };

describe('an answer that got lost', () => {
  it.each(['reset-before', 'reset-after'] as const)(
    '%s: one sync brings all of it, and creates nobody twice',
    async (kind) => {
      const { sandbox, place } = await setup();
      const rows = ['1', '2', '3', '4', '5'];
      for (const row of rows) await putContact(sandbox, `X${row}`, old);
      await record(
        place,
        ...rows.flatMap((row) => [`X${row},New${row},2025550101,no`, `N${row},Ann${row},2025550102,no`]),
      );
      await addFaults(sandbox, { route: 'bulk-create', kind, nth: 2 }, { route: 'bulk-update', kind, nth: 1 });
      const { code, answer } = await place.json<Answer>('sync');
      expect([code, answer.message]).toEqual([0, 'proven: 0 differences left']);
      const contacts = await fetchAllContacts(sandbox);
      for (const row of rows) {
        expect(contacts.get(`X${row}`)?.['firstName']).toBe(`New${row}`);
        expect(contacts.get(`N${row}`)?.['firstName']).toBe(`Ann${row}`);
      }
      for (const { created } of Object.values(await fetchCreates(sandbox, 1))) expect(created).toBe(1);
      const looked = (await fetchLog(sandbox, 'read-contact')).length;
      expect(looked).toBe(kind === 'reset-before' ? 2 : 0);
      // After a lost answer requests are half as large.
      expect((await fetchLog(sandbox, 'bulk-create')).length).toBe(kind === 'reset-before' ? 5 : 3);
    },
  );

  it('to an update is repeated although our own block has changed the contact meanwhile', async () => {
    const { sandbox, place } = await setup();
    await putContact(sandbox, 'X1', old);
    await record(place, 'X1,New,2025550101,yes');
    await addFaults(sandbox, { route: 'bulk-update', kind: 'reset-before', nth: 1 });
    const { code, answer } = await place.json<Answer>('sync');
    expect([code, answer.message]).toEqual([0, 'proven: 0 differences left']);
    expect((await fetchAllContacts(sandbox)).get('X1')).toMatchObject({ firstName: 'New', phone1Block: 'true' });
  });

  it('to a lift is repeated once a keyed read has shown the block', async () => {
    const { sandbox, place } = await setup();
    await putContact(sandbox, 'X1', { ...old, phone1Block: true });
    await record(place, 'X1,Old,2025550101,no');
    await addFaults(sandbox, { route: 'multi-dnd', kind: 'reset-before', nth: 1 });
    const { code, answer } = await place.json<Answer>('sync');
    expect([code, answer.message]).toEqual([0, 'proven: 0 differences left']);
    const routes = (await fetchLog(sandbox)).map(({ route }) => route);
    expect(routes.filter((route) => route === 'multi-dnd' || route === 'read-contact')).toEqual([
      'multi-dnd',
      'read-contact',
      'multi-dnd',
    ]);
  });

  it('is given up after so many repeats as the config allows', async () => {
    const { sandbox, place } = await setup({ push: { settleSeconds: 0, repeats: 1 } });
    await putContact(sandbox, 'X1', old);
    await record(place, 'X1,New,2025550101,no');
    await addFaults(sandbox, { route: 'bulk-update', kind: 'reset-before' });
    const { code, answer } = await place.json<Answer>('sync');
    expect([code, answer.tally['notTaken']]).toEqual([4, 1]);
    expect(answer.message).toContain(`lvsync show ${answer.changeSetId} --state not_taken lists them`);
    expect((await fetchLog(sandbox, 'bulk-update')).length).toBe(2);
  });
});

describe('the plan after one whose creates are in doubt', () => {
  it('asks for each of them before it creates anybody again', async () => {
    const { sandbox, place } = await setup({ push: { settleSeconds: 0, repeats: 0 } });
    await record(place, 'N1,Ann,2025550101,no', 'N2,Eve,2025550102,no');
    await addFaults(sandbox, { route: 'bulk-create', kind: 'reset-before', nth: 1 });
    expect((await place.json<Answer>('sync')).code).toBe(4);
    expect(await fetchLog(sandbox, 'read-contact')).toEqual([]);
    const { code, answer } = await place.json<Answer>('sync');
    expect([code, answer.message]).toEqual([0, 'proven: 0 differences left']);
    const routes = (await fetchLog(sandbox)).map(({ route }) => route ?? '');
    expect(routes.filter((route) => ['bulk-create', 'read-contact'].includes(route))).toEqual([
      'bulk-create',
      'read-contact',
      'read-contact',
      'bulk-create',
    ]);
  });

  it('is not made before the creates have been read back', async () => {
    const { sandbox, place } = await setup({ pull: { attempts: 1 } });
    await record(place, 'N1,Ann,2025550101,no', 'N2,Eve,2025550102,no');
    const { answer: planned } = await place.json<Answer>('sync', '--dry-run');
    await addFaults(sandbox, { route: 'bulk-download', kind: 'status', status: 400 });
    expect((await place.run('apply', planned.changeSetId)).code).toBe(1);
    await clearFaults(sandbox);
    const refused = await place.run('plan');
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining(
        `Plan ${planned.changeSetId} has sent changes that have not been read back yet; a new plan would send them again. Run lvsync pull, then plan again.`,
      ),
    ]);
    expect((await place.json<Answer>('pull')).code).toBe(0);
    expect((await place.json<Answer>('plan')).answer.differencesLeft).toBe(0);
    for (const { received } of Object.values(await fetchCreates(sandbox, 1))) expect(received).toBe(1);
  });
});

describe('a lift that waits for few contacts', () => {
  const crm = {
    kind: 'csv',
    path: 'record.csv',
    mapping: { account: 'id', accountBlock: 'stop', accountBlockDaily: { column: 'today', owner: 'record' } },
  };

  async function setupLift(push: Record<string, unknown> = {}) {
    const { sandbox, place } = await setup({ systemsOfRecord: { crm }, push });
    await putContact(sandbox, 'X1', { accountBlockDaily: true });
    await place.write('record.csv', 'id,stop,today\nX1,yes,no\n');
    return { sandbox, place };
  }

  it('is sent after keyed reads, and the plan after it finds nothing left', async () => {
    const { sandbox, place } = await setupLift();
    const { code, answer } = await place.json<Answer>('sync');
    expect([code, answer.message]).toEqual([0, 'proven: 0 differences left']);
    const routes = (await fetchLog(sandbox)).map(({ route }) => route ?? '');
    expect(routes.filter((route) => ['bulk-download', 'multi-dnd', 'read-contact'].includes(route))).toEqual([
      'bulk-download',
      'multi-dnd',
      'read-contact',
      'multi-dnd',
      'bulk-download',
    ]);
    expect((await place.json<Answer>('plan')).answer.differencesLeft).toBe(0);
  });

  it('is left out when neither the keyed read nor the pull shows the block, and the mirror is current then', async () => {
    const { sandbox, place } = await setupLift();
    await addFaults(sandbox, { route: 'multi-dnd', kind: 'drop-rows', every: 1 });
    const { code, answer } = await place.json<Answer>('sync');
    expect([code, answer.tally['notTaken'], answer.tally['leftOut']]).toEqual([4, 1, 1]);
    expect((await fetchLog(sandbox, 'multi-dnd')).length).toBe(1);
    expect((await fetchLog(sandbox, 'bulk-download')).length).toBe(2);
  });

  it('waits for a pull where no keyed reads are wanted', async () => {
    const { sandbox, place } = await setupLift({ keyedReads: 0 });
    expect((await place.json<Answer>('sync')).code).toBe(0);
    expect((await fetchLog(sandbox, 'read-contact')).length).toBe(0);
    expect((await fetchLog(sandbox, 'bulk-download')).length).toBe(3);
  });
});

describe('a contact that shows neither what was there nor what was sent', () => {
  /** Sync, with a change of the contact between the push and the read-back. */
  async function syncWhile(change: Record<string, string>, offsetMs: number) {
    const { sandbox, place } = await setup();
    await putContact(sandbox, 'X1', old);
    await record(place, 'X1,New,2025550101,no');
    await addFaults(sandbox, { route: 'bulk-download', kind: 'latency', ms: 4_000, nth: 2 });
    const running = place.start('sync');
    const { at } = await waitForRequest(sandbox, 'bulk-update', ({ status }) => status === 204);
    await fetch(`${sandbox.url}/sandbox/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ offsetMs }),
    });
    const time: Record<string, string> = offsetMs === 0 ? { modifyDate: new Date(at).toISOString() } : {};
    await putContact(sandbox, 'X1', { firstName: 'Zoe', ...time, ...change });
    return running.finished;
  }

  it('was overtaken when somebody else changed it after our answer', async () => {
    const { code, stdout } = await syncWhile({ modifyUser: 'agent7' }, 60_000);
    expect([code, stdout]).toEqual([0, expect.stringContaining('1 overtaken by changes in LiveVox')]);
  });

  it('was altered when its time is that of our own write, and the list names it without its values', async () => {
    const { code, stdout } = await syncWhile({}, 0);
    expect([code, stdout]).toEqual([4, expect.stringContaining('1 altered by LiveVox')]);
    expect(stdout).toMatch(/^ {2}X1 +update +firstName +LiveVox shows something else than was sent/m);
    expect(stdout).toMatch(/--state altered lists them/);
    expect(stdout).not.toContain('Zoe');
  });

  it('was altered when our own user is the last who changed it', async () => {
    const { code } = await syncWhile({ modifyUser: 'DEMO' }, 60_000);
    expect(code).toBe(4);
  });
});
