/**
 * A push as a process of its own, for a test that holds it up: `push-process.ts DATABASE_URL CHANGE_SET SANDBOX`, SANDBOX in JSON (url and credentials).
 * Its bulk updates have a limit of one per two seconds, so that a claimed chunk waits. Prints the error that ends it, or `done`.
 */
import { writeSync } from 'node:fs';
import { toMessage } from '../../src/errors.ts';
import { openStore } from '../../src/store/index.ts';
import { runPush } from './push-setup.ts';
import { makeClient, toWriter } from './sandbox-client.ts';

const [url = '', changeSetId = '', sandbox = ''] = process.argv.slice(2);
const store = await openStore(url);
const client = makeClient(JSON.parse(sandbox), { limits: { 'Bulk Update Contact': [{ starts: 1, perMs: 2_000 }] } });
try {
  await runPush(store, changeSetId, { livevox: toWriter(client), push: { chunkRows: 1 } });
  writeSync(1, 'done\n');
} catch (error) {
  writeSync(1, `${toMessage(error)}\n`);
  process.exit(1);
}
process.exit(0);
