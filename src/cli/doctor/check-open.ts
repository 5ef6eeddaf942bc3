/** What waits for a person: held plans, and stops that are late or soon will be. */
import { systemClock } from '../../clock.ts';
import { selectOpenPlans } from '../../store/index.ts';
import { readSuppressionClock } from '../../suppression-clock.ts';
import { formatMany } from '../print.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import { examineTenants, type Patient, withStore } from './patient.ts';

export function checkOpen(patient: Patient): Promise<readonly Finding[]> {
  return examineTenants(patient, (tenant) =>
    withStore(patient, async (store) => {
      const plans = await selectOpenPlans(store.pool, tenant.name);
      const stops = await readSuppressionClock(store, tenant, systemClock.now());
      const found = [...judgePlans(plans), ...judgeStops(stops)];
      return found.length > 0 ? found : [ok('no held plan, no stop that is late')];
    }),
  );
}

type PlanFacts = { readonly id: string; readonly state: string; readonly heldBecause: readonly string[] };

export function judgePlans(plans: readonly PlanFacts[]): readonly Finding[] {
  return plans
    .filter(({ state }) => state === 'held')
    .map(({ id, heldBecause }) =>
      warn(
        `Plan ${id} is held: ${heldBecause.join(' ')}`,
        `lvsync show ${id}, then lvsync approve, or correct the source.`,
      ),
    );
}

type StopCounts = {
  readonly late: number;
  readonly legalLate: number;
  readonly atRisk: number;
  readonly legalAtRisk: number;
};

export function judgeStops({ late, legalLate, atRisk, legalAtRisk }: StopCounts): readonly Finding[] {
  const findings: Finding[] = [];
  if (late > 0)
    findings.push(
      fail(
        `${formatMany(late, 'stop')} past the target, ${legalLate} past the legal limit.`,
        'lvsync stops --late; block by hand in LiveVox who must not be called.',
      ),
    );
  if (atRisk + legalAtRisk > 0)
    findings.push(warn(`${formatMany(atRisk + legalAtRisk, 'stop')} will be late soon.`, 'Run lvsync sync now.'));
  return findings;
}
