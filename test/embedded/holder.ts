/**
 * A process that uses the embedded Postgres of a home, as a command would: `holder.ts HOME`. Prints one JSON line when
 * it is connected (or has failed), leaves when its standard input ends.
 */
import { once } from 'node:events';
import { openEmbedded } from '../../src/embedded/index.ts';
import { toMessage } from '../../src/errors.ts';
import { silentLog } from '../../src/log.ts';

const home = process.argv[2] ?? '';
try {
  const { url, close } = await openEmbedded({ home, log: silentLog });
  process.stdout.write(`${JSON.stringify({ url })}\n`);
  process.stdin.resume();
  await once(process.stdin, 'end');
  await close();
} catch (error) {
  process.stdout.write(`${JSON.stringify({ error: toMessage(error) })}\n`);
}
