/**
 * What is under test as a process: `program.mjs BUILD lvsync ARGS…` is the executable, `program.mjs BUILD worker` a worker with shorter waits (a second
 * and a half instead of 15 until the jobs of a dead worker come back). BUILD is the folder of the compiled sources: thousands of short processes start twice as fast with them.
 */
const [build, what, ...args] = process.argv.slice(2);
const load = (file) => import(`${build}/${file}`);

if (what === 'lvsync') {
  const { main } = await load('src/cli/main.js');
  process.exitCode = await main(args);
} else {
  const { runWorker } = await load('jobs/worker.js');
  const { loadConfig } = await load('src/config.js');
  const { makeLog } = await load('src/log.js');
  const stop = new AbortController();
  process.once('SIGTERM', () => stop.abort());
  await runWorker(await loadConfig(), { log: makeLog('info'), signal: stop.signal, lockMs: 1_500, graceMs: 1_000 });
}
