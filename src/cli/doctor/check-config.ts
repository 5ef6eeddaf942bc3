/** Whether the configuration is whole: every problem at once, missing credentials too. */
import { type Finding, fail, ok } from './finding.ts';
import type { Patient } from './patient.ts';

export function checkConfig({ config, problems }: Patient): readonly Finding[] {
  if (problems.length > 0) return problems.map((problem) => fail(problem));
  const names = config?.tenants.map(({ name }) => name) ?? [];
  return [ok(`no problem found; tenants: ${names.join(', ')}`)];
}
