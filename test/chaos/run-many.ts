/** Many runs, some side by side, and the sum of what they found: the lines that a person reads. */
import type { Servers } from './place.ts';
import { type RunResult, runScenario } from './run-scenario.ts';
import { type Ground, makeScenario } from './scenario.ts';

export type ManyRuns = {
  readonly seeds: readonly number[];
  /** Runs side by side. */
  readonly jobs: number;
  readonly ground: Ground;
  /** Servers for the runs of one of the jobs, by its number from 0. */
  readonly servers: (job: number) => Servers;
  /** Told as each run ends. */
  readonly onEnd?: (result: RunResult) => void;
};

/** Every run is made; none ends the others. */
export async function runMany({ seeds, jobs, ground, servers, onEnd }: ManyRuns): Promise<readonly RunResult[]> {
  const results: RunResult[] = [];
  const left = [...seeds];
  const work = async (_: unknown, job: number): Promise<void> => {
    for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
      const result = await runScenario(servers(job), makeScenario(seed, ground));
      results.push(result);
      onEnd?.(result);
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return results.sort((one, other) => one.seed - other.seed);
}

/** One line for a run that went well, more for one that did not. */
export function sayRun({ seed, scenario, violations, blows, ends, ms, kept }: RunResult): string {
  const struck = sayCounts(blows);
  const head = `seed ${seed}: ${scenario.shell} on ${scenario.queue}, ${ends.join(', ')}${struck === '' ? '' : ` (${struck})`}, ${(ms / 1000).toFixed(1)} s`;
  if (violations.length === 0) return head;
  const shown = violations.slice(0, 12).map((text) => `  VIOLATION ${text}`);
  return [head, ...shown, `  ${violations.length} in all; kept: ${kept}`].join('\n');
}

/** Runs, faults injected, processes struck, violations, seeds. */
export function sayAll(results: readonly RunResult[]): string {
  const broken = results.filter(({ violations }) => violations.length > 0);
  const count = results.reduce((sum, { violations }) => sum + violations.length, 0);
  const seeds = results.map(({ seed }) => seed);
  return [
    `runs: ${results.length} (seeds ${seeds[0]} to ${seeds.at(-1)})`,
    `faults injected: ${sayCounts(addUp(results.map(({ faults }) => faults)))}`,
    `processes struck: ${sayCounts(addUp(results.map(({ blows }) => blows)))}`,
    `violations: ${count}${broken.length === 0 ? '' : `, of seeds ${broken.map(({ seed }) => seed).join(', ')}`}`,
  ].join('\n');
}

function addUp(all: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const sum: Record<string, number> = {};
  for (const counts of all) for (const [name, count] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

function sayCounts(counts: Readonly<Record<string, number>>): string {
  const sorted = Object.entries(counts).sort(([one], [other]) => one.localeCompare(other));
  return sorted.map(([name, count]) => `${name} ${count}`).join(', ');
}
