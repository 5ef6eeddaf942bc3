/** Rate limits: what is configured, and what LiveVox has taught by refusing. */
import type { LimitConfig } from '../../config.ts';
import { probeLearntLimits } from '../../probes.ts';
import { type Finding, ok, warn } from './finding.ts';
import { examineTenants, type Patient, withStore } from './patient.ts';

export function checkLimits(patient: Patient): Promise<readonly Finding[]> {
  return examineTenants(patient, (tenant) =>
    withStore(patient, async (store) =>
      judgeLimits(tenant.limits, await probeLearntLimits(tenant, patient.places, store)),
    ),
  );
}

type Configured = Readonly<Record<string, readonly LimitConfig[]>>;

export function judgeLimits(configured: Configured, learnt: Readonly<Record<string, LimitConfig>>): readonly Finding[] {
  const told = [
    ...Object.entries(configured).map(([method, windows]) => `${method} ${windows.map(formatLimit).join(', ')}`),
    ...Object.entries(learnt).map(([method, limit]) => `${method} ${formatLimit(limit)} (learnt)`),
  ];
  const first = told.length === 0 ? 'none configured, none learnt: the first refusal teaches one' : told.join('; ');
  const tooHigh = Object.entries(learnt).filter(([method, limit]) => isAbove(configured[method] ?? [], limit));
  return [
    ok(first),
    ...tooHigh.map(([method, limit]) =>
      warn(
        `The configured limit of ${method} is above what LiveVox allows (${formatLimit(limit)}).`,
        `Lower limits of "${method}" in the config; until then the learnt one holds.`,
      ),
    ),
  ];
}

function isAbove(windows: readonly LimitConfig[], { starts, perMs }: LimitConfig): boolean {
  return windows.length > 0 && windows.every((one) => one.starts / one.perMs > starts / perMs);
}

function formatLimit({ starts, perMs }: LimitConfig): string {
  return `${starts} per ${perMs / 1000} s`;
}
