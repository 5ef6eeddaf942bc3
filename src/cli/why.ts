/** `lvsync why ACCOUNT`: from stored facts, why a contact was or was not changed. Calls nobody; personal data is masked unless asked for. */
import { systemClock } from '../clock.ts';
import { chooseSource, chooseTenant } from '../config.ts';
import { selectContactPlans, selectMirrorFacts, selectQuarantinedOf, selectReading } from '../store/index.ts';
import { exitCodes } from './exit-code.ts';
import { type CommonOptions, printAnswer } from './make-command.ts';
import type { CommandShell } from './shell.ts';
import { assertUnmaskOptions, recordUnmasking, type UnmaskOptions } from './unmask.ts';
import { answerWhy } from './why-answer.ts';
import { formatWhy } from './why-text.ts';
import { withWorkplace } from './with-workplace.ts';

export type WhyOptions = CommonOptions & UnmaskOptions & { readonly source?: string };

/** Rows in quarantine and plans that are told; older ones stay in the database. */
const told = 10;

export async function why(shell: CommandShell, asked: string, options: WhyOptions): Promise<void> {
  assertUnmaskOptions(options);
  // As accounts are kept on both sides.
  const account = asked.normalize('NFC').trim();
  const check: NonNullable<Parameters<typeof withWorkplace>[2]['check']> = (config) =>
    void chooseSource(chooseTenant(config, options.tenant), options.source);
  const answer = await withWorkplace(shell, options, { check }, async ({ store }, config) => {
    const { name: tenant, timeZone } = chooseTenant(config, options.tenant);
    const { name: systemOfRecord } = chooseSource(chooseTenant(config, options.tenant), options.source);
    const isMasked = !(await recordUnmasking(store, options, { tenant, command: 'why ACCOUNT', options }));
    const of = { tenant, systemOfRecord, account, limit: told };
    const facts = {
      tenant,
      account,
      systemOfRecord,
      mirror: await selectMirrorFacts(store, { tenant, account, timeZone, now: systemClock.now() }),
      reading: await selectReading(store.pool, of),
      quarantined: await selectQuarantinedOf(store.pool, of),
      plans: await selectContactPlans(store.pool, of),
    };
    return answerWhy(facts, isMasked);
  });
  await printAnswer(shell, options, answer, formatWhy(answer));
  shell.end(exitCodes.proven);
}
