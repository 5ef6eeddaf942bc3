/** One run while it goes on: its world, what was done to it, what was found; and what runs of commands and of workers do to it alike. */
import { setTimeout } from 'node:timers/promises';
import type { PlainContact } from '../../src/sandbox/index.ts';
import { addFaults, fetchLog } from '../support/sandbox-admin.ts';
import type { Dice } from './dice.ts';
import { selectDeadLetters } from './findings.ts';
import type { Place, Running } from './place.ts';
import { changeRecord, findLifted, type RecordRow, writeRecord } from './record.ts';
import type { Attempt, Moment, Scenario } from './scenario.ts';
import type { RecordVersion } from './stops.ts';

export type Run = {
  readonly scenario: Scenario;
  readonly place: Place;
  readonly dice: Dice;
  readonly initial: ReadonlyMap<string, PlainContact['fields']>;
  readonly versions: RecordVersion[];
  readonly violations: string[];
  readonly blows: Record<string, number>;
  readonly ends: string[];
  readonly excepted: Set<string>;
  /** A process that is stopped, until it is continued in the midst of the next. */
  zombie: Running | undefined;
};

/** Longest a command may take under faults, and after them, ms. */
export const patienceMs = 25_000;
export const lastPatienceMs = 90_000;

/** The faults begin. */
export async function letLoose(run: Run): Promise<void> {
  const { scenario, place } = run;
  await addFaults(place.sandbox, ...scenario.faults);
  await poison(run);
}

/** From now on LiveVox refuses the account that the scenario says, if it says one. */
export async function poison({ scenario, place, excepted, versions }: Run): Promise<void> {
  const account = versions[0]?.rows[scenario.poison?.place ?? -1]?.account;
  if (account === undefined) return;
  excepted.add(account);
  await addFaults(place.sandbox, { route: '*', kind: 'poison-row', account });
}

/** Disturbs what runs; a process that becomes a zombie is kept for the next to meet. */
export async function strike(run: Run, running: Running, blow: Attempt['blow']): Promise<void> {
  run.blows[blow] = (run.blows[blow] ?? 0) + 1;
  if (blow === 'kill') running.child.kill('SIGKILL');
  if (blow === 'zombie') running.child.kill('SIGSTOP');
  if (blow === 'zombie' || blow === 'cut') await run.place.cutConnections();
  if (blow === 'lose_queue') await run.place.loseQueue();
  if (blow === 'zombie') run.zombie = running;
}

/** The system of record has its next version. */
export async function changeTheRecord(run: Run): Promise<void> {
  const rows = run.versions.at(-1)?.rows ?? [];
  const next: readonly RecordRow[] = changeRecord(run.dice, rows, findLifted(rows, run.initial));
  await writeRecord(run.place.record, next);
  run.versions.push({ since: Date.now(), rows: next });
}

/** Waits for the moment, or until the process has ended. */
export async function untilMoment({ place }: Run, running: Running, { route, nth, afterMs }: Moment): Promise<void> {
  const since = Date.now();
  const isOver = (): boolean => running.child.exitCode !== null || Date.now() > since + patienceMs;
  while (route !== undefined && !isOver() && (await fetchLog(place.sandbox, route, since)).length < nth)
    await setTimeout(25);
  await Promise.race([setTimeout(afterMs), running.finished]);
}

/** Accounts whose change LiveVox refuses to the end, or which stand in the dead letters until somebody says retry. */
export async function findRefused({ place, scenario, excepted }: Run): Promise<ReadonlySet<string>> {
  if (scenario.poison?.stays === true) return excepted;
  const letters = await selectDeadLetters(place);
  return new Set([...excepted].filter((account) => letters.has(account)));
}
