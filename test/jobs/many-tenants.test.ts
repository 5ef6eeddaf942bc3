/** A night of thirty tenants through two workers, one of them broken: it is named, and the others do not notice. */
import { expect, test } from 'vitest';
import { enqueueNightly } from '../../jobs/nightly.ts';
import { compareWithRecord } from '../support/record-differences.ts';
import { setupQueue } from './installation.ts';
import { setupNightly, setupWorker, waitForEndedRuns } from './nightly-setup.ts';

const broken = 'tenant17';

test('of thirty tenants one is broken: 29 are proven, and it is failed and named', async () => {
  const setups = Array.from({ length: 30 }, (_, index) => {
    const name = `tenant${index + 1}`;
    return { name, ...(name === broken ? { password: 'wrong' } : {}) };
  });
  const place = await setupNightly('postgres', setups, { contacts: 12 });
  const queue = await setupQueue(place);
  await Promise.all(setups.map(({ name }) => enqueueNightly(queue, name)));
  await setupWorker(place);
  await setupWorker(place);
  const runs = await waitForEndedRuns(place, setups.length, 280_000);
  expect(runs).toHaveLength(setups.length);
  expect(runs.filter(({ state }) => state === 'proven')).toHaveLength(29);
  const [failed] = runs.filter(({ state }) => state !== 'proven');
  expect(failed).toMatchObject({ tenant: broken, state: 'failed', message: expect.stringContaining('LiveVox') });
  for (const { name, sandbox, record } of place.tenants) {
    const { differences } = await compareWithRecord(sandbox, record);
    expect([name, differences.length > 0]).toEqual([name, name === broken]);
  }
}, 300_000);
