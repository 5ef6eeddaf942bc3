/** Runs commands one after the other while the faults are on, strikes them, and looks at once whether a `proven` was one. */
import { setTimeout } from 'node:timers/promises';
import { findDifferences, findFalselyConfirmed } from './findings.ts';
import type { Place, Running } from './place.ts';
import { changeTheRecord, letLoose, patienceMs, type Run, strike, untilMoment } from './run.ts';
import type { Attempt } from './scenario.ts';

const workerZombieMs = 2_500;

type Report = { readonly state: string; readonly changeSetId?: string };

/** Until all attempts of the scenario are over. */
export async function runCommands(run: Run): Promise<void> {
  const { scenario, place } = run;
  const plan = scenario.shell === 'apply' ? await makePlan(place) : undefined;
  await letLoose(run);
  for (const [index, attempt] of scenario.attempts.entries()) {
    const args = plan === undefined || run.versions.length > 1 ? ['sync'] : ['apply', plan];
    await runCommand(run, args, attempt);
    if (index === scenario.recordChangesAfter) await changeTheRecord(run);
  }
}

async function makePlan(place: Place): Promise<string> {
  const { stdout, stderr } = await place.lvsync('sync', '--dry-run', '--json').finished;
  const id = stdout === '' ? undefined : (JSON.parse(stdout) as Report).changeSetId;
  if (id === undefined) throw new Error(`no plan was made: ${stderr}`);
  return id;
}

async function runCommand(run: Run, args: readonly string[], { blow, moment }: Attempt): Promise<void> {
  const { place } = run;
  const running = place.lvsync(...args, '--json');
  const continued = continueZombie(run);
  await untilMoment(run, running, moment);
  if (running.child.exitCode === null && blow !== 'none') await strike(run, running, blow);
  if (run.zombie !== running) await endCommand(run, args[0] ?? '', running, patienceMs);
  await continued;
}

/** Waits for the end, kills what does not come to one, and looks at once whether a `proven` was one. */
export async function endCommand(run: Run, name: string, running: Running, limitMs: number): Promise<number | null> {
  const timer = AbortSignal.timeout(limitMs);
  timer.onabort = () => running.child.kill('SIGKILL');
  const { code, signal, stdout } = await running.finished;
  timer.onabort = null;
  run.ends.push(`${name} ${code ?? signal} after ${saySeconds(running.startedAt)}`);
  if (code === 0 && stdout !== '') await checkProven(run, name, JSON.parse(stdout) as Report);
  return code;
}

/** Nothing green that was not proven. */
async function checkProven(run: Run, name: string, { state, changeSetId }: Report): Promise<void> {
  const { place, violations } = run;
  if (state !== 'proven') return;
  if (changeSetId !== undefined) violations.push(...(await findFalselyConfirmed(place, changeSetId)));
  if (name === 'apply') return;
  const differences = await findDifferences(place, run.excepted);
  violations.push(...differences.map((text) => `${name} said proven, and it ${text}`));
}

/** Lets the process that was stopped go on while the next one works; resolves when it has ended. */
export async function continueZombie(run: Run): Promise<void> {
  const { zombie } = run;
  if (zombie === undefined) return;
  run.zombie = undefined;
  await setTimeout(run.dice.int(800, 4_000));
  zombie.child.kill('SIGCONT');
  if (run.scenario.shell === 'worker') {
    // A worker does not end by itself: it gets some time to do harm, and is then told to stop.
    await setTimeout(workerZombieMs);
    zombie.child.kill('SIGTERM');
  }
  const timer = AbortSignal.timeout(patienceMs);
  timer.onabort = () => zombie.child.kill('SIGKILL');
  const { code, signal } = await zombie.finished;
  timer.onabort = null;
  run.ends.push(`zombie ${code ?? signal} after ${saySeconds(zombie.startedAt)}`);
}

function saySeconds(since: number): string {
  return `${((Date.now() - since) / 1_000).toFixed(1)} s`;
}
