/** `--until` of apply and sync: a wrong time is one sentence, exit 2, before anything is opened. */
import { expect, test } from 'vitest';
import { toUntil } from '../../src/cli/until.ts';
import { setupFolder } from '../support/folder.ts';
import { runLvsync } from '../support/run-lvsync.ts';

const commands = [['apply', '0b8f7e5c-4c2f-4a7e-9a51-3f1f0e6c2d11'], ['sync']];

test.each(commands.flatMap((command) => ['6 am', '24:00', '6:00', ''].map((time) => [command, time] as const)))(
  'lvsync %j --until %j exits 2',
  async (command, time) => {
    const systemsOfRecord = { crm: { kind: 'csv', path: 'crm.csv', mapping: { account: 'id' } } };
    const config = JSON.stringify({ tenants: { main: { environment: 'NA4', systemsOfRecord } } });
    const cwd = await setupFolder({ 'lvsync.config.json': config });
    const env = {
      // Nothing answers there: to ask for it would be another error.
      DATABASE_URL: 'postgresql://127.0.0.1:1/none',
      LIVEVOX_CLIENT_NAME: 'ACME',
      LIVEVOX_USERNAME: 'sync',
      LIVEVOX_PASSWORD: 'secret',
      LIVEVOX_ACCESS_TOKEN: 'token',
    };
    const { code, stderr } = await runLvsync([...command, '--until', time], { cwd, env });
    expect([code, stderr]).toEqual([
      2,
      [`lvsync: --until ${time} must be a time of day from 00:00 to 23:59, such as 06:00.`],
    ]);
  },
);

test('it is a time of the tenant, and its next one', () => {
  const at = toUntil({ until: '06:00' }, new Date('2026-06-01T11:00:00Z'), 'America/New_York');
  expect(at?.toISOString()).toBe('2026-06-02T10:00:00.000Z');
  expect(toUntil({}, new Date(), 'UTC')).toBeUndefined();
});
