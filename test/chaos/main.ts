/**
 * `npm run chaos -- --runs 1000 --seed 1 --jobs 2`: many runs against servers of its own. Ends with 1 when anything was violated. One seed
 * again: `--runs 1 --seed N`. LVSYNC_TEST_KEEP=1 leaves the Postgres running, with the databases of the runs that failed.
 */
import { parseArgs } from 'node:util';
import pg from 'pg';
import { closeStore, migrate, openStore } from '../../src/store/index.ts';
import { buildProgram } from '../support/build-program.ts';
import { startPostgres, startRedis } from '../support/servers.ts';
import { makeGround, toRedisOf } from './ground.ts';
import { runMany, sayAll, sayRun } from './run-many.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '2' },
  },
});
const [runs, seed, jobs] = [Number(values.runs), Number(values.seed), Number(values.jobs)];
const templateName = 'chaos_template';

const build = await buildProgram();
const postgres = await startPostgres();
const redis = await startRedis();
try {
  await makeTemplate(postgres.url);
  const results = await runMany({
    seeds: Array.from({ length: runs }, (_, index) => seed + index),
    jobs,
    ground: makeGround(redis?.url),
    servers: (job) => ({ build, databaseUrl: postgres.url, templateName, redisUrl: toRedisOf(redis?.url, job) }),
    onEnd: (result) => process.stdout.write(`${sayRun(result)}\n`),
  });
  process.stdout.write(`${sayAll(results)}\n`);
  process.exitCode = results.some(({ violations }) => violations.length > 0) ? 1 : 0;
} finally {
  await postgres.stop();
  await redis?.stop();
}

async function makeTemplate(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`create database ${templateName}`);
  await client.end();
  const url = new URL(databaseUrl);
  url.pathname = `/${templateName}`;
  const store = await openStore(url.href);
  await migrate(store);
  await closeStore(store);
}
