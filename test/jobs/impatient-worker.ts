/**
 * A worker process like `lvsync worker`, with shorter waits: 4 seconds instead of 15 until the jobs of a dead worker come
 * back, 2 instead of 20 until steps that go on too long are broken off. The folder it runs in has the config.
 */
import { runWorker } from '../../jobs/worker.ts';
import { loadConfig } from '../../src/config.ts';
import { makeLog } from '../../src/log.ts';

const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
await runWorker(await loadConfig(), { log: makeLog('info'), signal: stop.signal, lockMs: 4_000, graceMs: 2_000 });
