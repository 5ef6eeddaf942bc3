/**
 * The proof of the pull's speed: `npm run bench:pull -- [--rows 1000000] [--large [--large-rows 5000000]] [--pairs 3] [--only 1,4] [--seed 1] [--server URL]`.
 * Both sides of every ratio come from one run, in turn, on one server. Exit code 0: every limit is reached; 1: not every one; 2: something
 * could not be measured. --server must be a superuser's address; without it the bench starts a server of its own.
 */
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { toDataFolder } from './pull/data-files.ts';
import { measureGrowth, measureMemory } from './pull/growth-lines.ts';
import { measureDialect, measureLanding } from './pull/landing-lines.ts';
import { type Bench, tell } from './pull/measure.ts';
import { measureChanged, measureFirstLoad, measureMostlyUnchanged, measureUnchanged } from './pull/merge-lines.ts';
import { openPlace, type Place } from './pull/place.ts';
import { openWorkshop, type Workshop } from './pull/processes.ts';
import { isOnPath } from './pull/psql.ts';
import { type Line, printTable } from './pull/table.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    large: { type: 'boolean', default: false },
    'large-rows': { type: 'string', default: '5000000' },
    pairs: { type: 'string', default: '3' },
    only: { type: 'string', default: '1,2,3,4,5,6,7,8' },
    seed: { type: 'string', default: '1' },
    server: { type: 'string' },
  },
});

type Measure = (bench: Bench) => Promise<readonly Line[]>;

const measures: Readonly<Record<string, Measure>> = {
  1: measureLanding,
  2: measureFirstLoad,
  3: measureChanged,
  4: measureMostlyUnchanged,
  5: measureUnchanged,
  6: measureGrowth,
  7: measureMemory,
  8: measureDialect,
};

const chosen = values.only.split(',');
if (!chosen.every((only) => only in measures) || !(Number(values.rows) >= 1000) || !(Number(values.pairs) >= 1)) {
  throw new Error('--only takes numbers from 1 to 8, --rows at least 1000, --pairs at least 1.');
}

const startedAt = performance.now();
const lines: Line[] = [];
let workshop: Workshop | undefined;
let place: Place | undefined;
let isClosing = false;

async function close(): Promise<void> {
  if (isClosing) return;
  isClosing = true;
  workshop?.close();
  await place?.close();
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => void close().finally(() => process.exit(130)));
}

function describeMachine(): string {
  const [first] = cpus();
  return `${cpus().length} × ${first?.model.trim()}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}`;
}

try {
  workshop = await openWorkshop();
  place = await openPlace(values.server);
  const seed = Number(values.seed);
  const bench: Bench = {
    ...{ place, workshop, seed, filesUrl: await workshop.serve({ kind: 'serve', folder: toDataFolder(seed) }) },
    ...{ rows: Number(values.rows), pairs: Number(values.pairs) },
    largeRows: values.large ? Number(values['large-rows']) : undefined,
    ...{ hasPsql: isOnPath('psql'), hasPgloader: isOnPath('pgloader') },
  };
  process.stdout.write(`${describeMachine()}\n${await place.describe()}\n`);
  for (const only of chosen) lines.push(...((await measures[only]?.(bench)) ?? []));
  printTable(lines);
  tell(`took ${((performance.now() - startedAt) / 60_000).toFixed(1)} minutes`);
  const verdicts = new Set(lines.map(({ verdict }) => verdict));
  if (verdicts.has('not measured')) process.exitCode = 2;
  else if (verdicts.has('NOT REACHED')) process.exitCode = 1;
} catch (error) {
  // What a signal has cut short is no failure to tell about.
  if (!isClosing) throw error;
} finally {
  await close();
}
