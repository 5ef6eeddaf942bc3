/**
 * The proof of the push's pace: `npm run bench:push -- [--rows 100000] [--chunk-rows 500] [--only kept,overhead,processes,unknown] [--json]
 * [--server URL]`. Stored plans (60 % updates, 20 % creates, 20 % blocks) go through the push, the client and the shared lanes to a sandbox in
 * a process of its own. Both sides of every ratio come from one run. Exit code 0: every limit is reached; 1: not every one; 2: something
 * could not be measured. Takes some four minutes.
 */
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { openPlace, type Place } from './pull/place.ts';
import { openWorkshop, type Workshop } from './pull/processes.ts';
import { type Line, printTable } from './pull/table.ts';
import { toFoundLine, toKeptLines, toOverheadLines, toProcessesLine, toRequestsLine } from './push/lines.ts';
import { type Bench, type Ran, type RunInput, runPushes } from './push/run.ts';

const parts = ['kept', 'overhead', 'processes', 'unknown'] as const;

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    'chunk-rows': { type: 'string', default: '500' },
    only: { type: 'string', default: parts.join() },
    json: { type: 'boolean', default: false },
    server: { type: 'string' },
  },
});
const asked = new Set(values.only.split(','));

/** For each bulk method. */
const knownLimit = { starts: 20, perMs: 3_000 };
/** LiveVox counts in minutes, and so does what is learnt. */
const unknownLimit = { starts: 60, perMs: 60_000 };
const processes = 4;

const alone: Omit<RunInput, 'name'> = { tenants: 1, processes: 1, limit: undefined, isKnown: true, inFlight: 1 };

async function measureKept(bench: Bench): Promise<readonly Line[]> {
  const ran = await runPushes(bench, { ...alone, name: 'a known limit', limit: knownLimit });
  return [...toKeptLines('known limit', ran, knownLimit), toRequestsLine('known limit', ran)];
}

async function measureOverhead(bench: Bench): Promise<readonly Line[]> {
  const ran = await runPushes(bench, { ...alone, name: 'no limit' });
  return [...toOverheadLines(ran, bench.rows), toRequestsLine('no limit', ran)];
}

async function measureProcesses(bench: Bench): Promise<readonly Line[]> {
  const both = async (name: string, changes: Partial<RunInput>): Promise<{ one: Ran; several: Ran }> => {
    const input = { ...alone, ...changes, tenants: processes };
    return {
      one: await runPushes(bench, { ...input, name: `${name}, ${processes} tenants in one process` }),
      several: await runPushes(bench, { ...input, processes, name: `${name}, in ${processes} processes` }),
    };
  };
  const limited = await both('a known limit', { limit: knownLimit });
  const unlimited = await both('no limit', {});
  return [
    ...toKeptLines(`known limit, ${processes} tenants in one process`, limited.one, knownLimit),
    ...toKeptLines(`known limit, ${processes} processes`, limited.several, knownLimit),
    toRequestsLine(`known limit, ${processes} processes`, limited.several),
    toProcessesLine('known limit', limited.one, limited.several, bench.rows),
    toProcessesLine('no limit', unlimited.one, unlimited.several, bench.rows),
  ];
}

async function measureUnknown(bench: Bench): Promise<readonly Line[]> {
  const name = 'a limit that nobody has configured';
  const input = { ...alone, name, tenants: processes, processes, limit: unknownLimit, isKnown: false };
  return [toFoundLine(await runPushes(bench, input), unknownLimit)];
}

const measures = {
  ...{ kept: measureKept, overhead: measureOverhead, processes: measureProcesses, unknown: measureUnknown },
};

let workshop: Workshop | undefined;
let place: Place | undefined;
async function close(): Promise<void> {
  workshop?.close();
  workshop = undefined;
  const closing = place;
  place = undefined;
  await closing?.close();
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => void close().finally(() => process.exit(130)));
}

try {
  const unknownParts = [...asked].filter((name) => !parts.some((part) => part === name));
  if (unknownParts.length > 0) throw new Error(`--only takes ${parts.join(', ')}; not ${unknownParts.join(', ')}`);
  const rows = Number(values.rows);
  if (rows % (5 * processes) !== 0) throw new Error(`--rows must be a multiple of ${5 * processes}`);
  workshop = await openWorkshop('push-worker');
  place = await openPlace(values.server);
  const sandboxUrl = await workshop.serve({ kind: 'serve', contacts: rows });
  const bench: Bench = { place, workshop, sandboxUrl, rows, chunkRows: Number(values['chunk-rows']) };
  const [first] = cpus();
  const machine = `${cpus().length} × ${first?.model.trim()}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}`;
  const lines: Line[] = [];
  for (const part of parts.filter((name) => asked.has(name))) lines.push(...(await measures[part](bench)));
  if (values.json) {
    const facts = { machine, postgres: await place.describe(), rows, chunkRows: bench.chunkRows, lines };
    process.stdout.write(`${JSON.stringify(facts, null, 2)}\n`);
  } else {
    process.stdout.write(`${machine}\n${await place.describe()}\n`);
    printTable(lines);
  }
  const verdicts = lines.map(({ verdict }) => verdict);
  process.exitCode = verdicts.includes('NOT REACHED') ? 1 : verdicts.includes('not measured') ? 2 : 0;
} finally {
  await close();
}
