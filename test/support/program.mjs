/**
 * What is under test as a process, from bundled sources (build-program.ts):
 * `program.mjs BUILD lvsync ARGS…` is the executable, `program.mjs BUILD worker LOCK_MS GRACE_MS` is `lvsync worker` with
 * shorter waits: until the jobs of a dead worker come back, and until steps that go on too long are broken off. BUILD is
 * the folder of the bundle.
 */
const [build, what, ...args] = process.argv.slice(2);
const load = (file) => import(`${build}/${file}`);

if (what === 'lvsync') {
  const { main } = await load('src/cli/main.js');
  process.exitCode = await main(args);
} else {
  const [lockMs, graceMs] = args.map(Number);
  const { runWorker } = await load('jobs/worker.js');
  const { loadConfig } = await load('src/config.js');
  const { makeLog } = await load('src/log.js');
  const stop = new AbortController();
  process.once('SIGTERM', () => stop.abort());
  const ended = await runWorker(await loadConfig(), { log: makeLog('info'), signal: stop.signal, lockMs, graceMs });
  if (ended === 'abandoned') process.exit(1);
}
