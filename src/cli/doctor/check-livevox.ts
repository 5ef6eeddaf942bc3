/** LiveVox: a real login and real reads. Says who may not do what, and how far the clocks are apart. */
import { type ProbedLiveVox, probeLiveVox } from '../../probes.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import { examineTenants, type Patient } from './patient.ts';

const warnSkewMs = 2_000;
const failSkewMs = 60_000;

export function checkLiveVox(patient: Patient): Promise<readonly Finding[]> {
  return examineTenants(patient, async (tenant) => judgeLiveVox(await probeLiveVox(tenant, patient.signal)));
}

/** @returns the login, the clock, then every method that the role lacks */
export function judgeLiveVox({ skewMs, methods }: ProbedLiveVox): readonly Finding[] {
  const allowed = methods.filter(({ outcome }) => outcome === 'allowed').map(({ method }) => method);
  const refused = methods.filter(({ outcome }) => outcome !== 'allowed');
  return [
    ok(`logged in; may call ${allowed.join(', ') || 'none of the lists'}; what it may write shows only when it writes`),
    judgeSkew(skewMs),
    ...refused.map(({ outcome, method, message = '' }) =>
      outcome === 'forbidden'
        ? warn(`The user's role does not allow ${method} (HTTP 403).`, 'Give the API user the role in LiveVox.')
        : fail(message || `${method} failed.`),
    ),
  ];
}

function judgeSkew(skewMs: number): Finding {
  const apart = Math.abs(skewMs);
  const told = `our clock is ${(apart / 1000).toFixed(1)} s ${skewMs > 0 ? 'behind' : 'ahead of'} LiveVox's`;
  const todo = "Let this machine's clock be set by NTP.";
  if (apart > failSkewMs) return fail(`${told}: times in reports and the clock of stops are wrong.`, todo);
  return apart > warnSkewMs ? warn(`${told}.`, todo) : ok(told);
}
