/** Redis, where one is configured: it must keep every key, and should keep them over a restart. */
import { probeRedis, type RedisFacts } from '../../probes.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import type { Patient } from './patient.ts';

export async function checkRedis({ places }: Patient): Promise<readonly Finding[]> {
  if (places.redisUrl === undefined) return [ok('none is configured; queue, sessions and limits live in PostgreSQL')];
  return judgeRedis(await probeRedis(places.redisUrl.reveal()));
}

/** BullMQ asks for Redis 6.2; with any policy but noeviction it loses jobs in silence. */
export function judgeRedis(facts: RedisFacts): readonly Finding[] {
  const { version, maxmemoryPolicy, maxmemory, usedMemory, isAofOn, isRdbOn } = facts;
  const findings: Finding[] = [ok(`Redis ${version}, maxmemory-policy ${maxmemoryPolicy || 'not told'}`)];
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < 6 || (major === 6 && minor < 2))
    findings.push(fail(`Redis ${version} is too old: 6.2 is needed.`, 'Upgrade it.'));
  if (maxmemoryPolicy !== '' && maxmemoryPolicy !== 'noeviction')
    findings.push(
      fail(
        `With maxmemory-policy ${maxmemoryPolicy}, Redis throws jobs away when its memory is full.`,
        'Set maxmemory-policy noeviction.',
      ),
    );
  if (maxmemory > 0 && usedMemory > 0.8 * maxmemory)
    findings.push(
      warn(
        `Redis uses ${Math.round((100 * usedMemory) / maxmemory)} % of maxmemory.`,
        'Raise maxmemory, or find out who fills it.',
      ),
    );
  if (!isAofOn && isRdbOn === false)
    findings.push(
      warn(
        'Redis keeps nothing over a restart: a nightly under way is then begun anew, and schedules are gone.',
        'Set appendonly yes; after a loss, run lvsync schedule.',
      ),
    );
  return findings;
}
