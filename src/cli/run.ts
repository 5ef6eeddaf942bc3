/**
 * `lvsync run ID`: one run with its steps and times, counts that add up, what it asked LiveVox for, its plan, and what to do. Log lines are not kept;
 * it names what to search them for. Of requests, those are known that leave a record: downloads, and the chunks of the plan.
 */
import { systemClock } from '../clock.ts';
import { chooseTenant } from '../config.ts';
import { ConfigError } from '../errors.ts';
import { selectRunDetail } from '../store/index.ts';
import { exitCodes } from './exit-code.ts';
import { assertRunId } from './find-plan.ts';
import { type CommonOptions, printAnswer } from './make-command.ts';
import { toAdvice } from './run-advice.ts';
import { formatRun } from './run-text.ts';
import type { CommandShell } from './shell.ts';
import { withWorkplace } from './with-workplace.ts';

export async function run(shell: CommandShell, id: string, options: CommonOptions): Promise<void> {
  assertRunId(id);
  const found = await withWorkplace(shell, options, {}, async ({ store }, config) => {
    const asked = options.tenant === undefined ? config.tenants : [chooseTenant(config, options.tenant)];
    const names = asked.map(({ name }) => name);
    const detail = await selectRunDetail(store.pool, names, id);
    if (detail !== undefined) return detail;
    throw new ConfigError(`There is no run ${id} of tenant ${names.join(', ')}; lvsync runs lists them.`);
  });
  const advice = toAdvice(found.state, found.plan?.id);
  await printAnswer(shell, options, { ...found, advice }, formatRun(found, advice, systemClock.now(), shell));
  shell.end(exitCodes.proven);
}
