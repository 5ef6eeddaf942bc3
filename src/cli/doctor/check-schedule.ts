/** The schedules: whether the queue has what the config says, when they come next, and whether a worker takes them. */
import { type ScheduleState, selectScheduleStates } from '../../../jobs/schedule-state.ts';
import { systemClock } from '../../clock.ts';
import { formatInstant } from '../print.ts';
import { type Finding, fail, ok, skipped, warn } from './finding.ts';
import { type Patient, withStore } from './patient.ts';

/** A worker takes a job that is due within seconds. */
const patienceMs = 120_000;

export async function checkSchedule(patient: Patient): Promise<readonly Finding[]> {
  const { config, log } = patient;
  if (config === undefined) return [skipped('not looked at: the configuration has problems')];
  return withStore(patient, async (_, { url }) => {
    const now = systemClock.now();
    return judgeSchedules(await selectScheduleStates(config, url, { log, now }), now);
  });
}

export function judgeSchedules(states: readonly ScheduleState[], now: Date): readonly Finding[] {
  if (states.length === 0) return [ok('none is configured')];
  return states.map((one) => judgeSchedule(one, now));
}

function judgeSchedule({ name, state, nextAt }: ScheduleState, now: Date): Finding {
  switch (state) {
    case 'missing':
      return fail(`${name} is configured and not in the queue.`, 'Run lvsync schedule.');
    case 'different':
      return fail(`${name} is in the queue with another time than configured.`, 'Run lvsync schedule.');
    case 'extra':
      return warn(`${name} is in the queue and not configured any more.`, 'Run lvsync schedule.');
    case 'as_configured':
      if (nextAt === undefined) return fail(`${name} has lost its next run.`, 'Run lvsync schedule.');
      if (now.getTime() - nextAt.getTime() > patienceMs)
        return fail(`${name} was due ${formatInstant(nextAt)} and no worker has taken it.`, 'Start lvsync worker.');
      return ok(`${name}: next ${formatInstant(nextAt)}`);
  }
}
