/**
 * `lvsync dead`: the changes that LiveVox refuses, contact by contact; a person reads them, and says which are sent again and which stay as they
 * are. Nothing is sent here: a decision counts from the next plan on. Every decision is on record with its name.
 */
import { chooseTenant } from '../config.ts';
import { ConfigError } from '../errors.ts';
import {
  type DeadLetterDecision,
  type DeadLettersDecided,
  markDeadLetters,
  selectDeadLetters,
} from '../store/index.ts';
import type { Workplace } from '../wiring.ts';
import type { deadActions } from './commands/shared-options.ts';
import { formatDeadLetter, formatDeadLetters, type ShownLetter, toShownLetter } from './dead-text.ts';
import { exitCodes } from './exit-code.ts';
import { type CommonOptions, printAnswer } from './make-command.ts';
import { formatMany } from './print.ts';
import type { CommandShell } from './shell.ts';
import { assertUnmaskOptions, recordUnmasking, type UnmaskOptions } from './unmask.ts';
import { withWorkplace } from './with-workplace.ts';

export type DeadOptions = CommonOptions & UnmaskOptions & { readonly all?: boolean; readonly reason?: string };

export type DeadAction = (typeof deadActions)[number];

/** What was asked for, checked. */
type Request =
  | { readonly action: 'list' }
  | { readonly action: 'show'; readonly id: string }
  | ({ readonly action: 'decide' } & Omit<DeadLetterDecision, 'tenant'>);

export async function dead(
  shell: CommandShell,
  action: DeadAction,
  ids: readonly string[],
  options: DeadOptions,
): Promise<void> {
  const request = toRequest(action, ids, options);
  await withWorkplace(
    shell,
    options,
    { check: (config) => void chooseTenant(config, options.tenant) },
    async (place, config) => {
      const tenant = chooseTenant(config, options.tenant).name;
      if (request.action === 'decide') await decide(shell, options, place, { ...request, tenant });
      else await show(shell, options, place, { ...request, tenant });
    },
  );
  shell.end(exitCodes.proven);
}

/** @throws ConfigError for what the action does not take, or lacks */
function toRequest(action: DeadAction, ids: readonly string[], options: DeadOptions): Request {
  const wrong = ids.find((id) => !/^[1-9]\d{0,17}$/.test(id));
  if (wrong !== undefined)
    throw new ConfigError(`${wrong} is no number of a dead letter; lvsync dead list prints them.`);
  if (options.all === true && action !== 'list') throw new ConfigError('--all goes with lvsync dead list.');
  if (action === 'retry' || action === 'drop') return toDecision(action, ids, options);
  if (options.reason !== undefined) throw new ConfigError('--reason goes with lvsync dead retry and drop.');
  assertUnmaskOptions(options);
  const [id, ...more] = ids;
  if (action === 'list') {
    if (id !== undefined)
      throw new ConfigError(`lvsync dead list takes no number; lvsync dead show ${id} shows that one.`);
    return { action };
  }
  if (id === undefined || more.length > 0) throw new ConfigError('lvsync dead show takes one number of a dead letter.');
  return { action, id };
}

/** @throws ConfigError when nobody, nothing or no reason is named */
function toDecision(decision: 'retry' | 'drop', ids: readonly string[], options: DeadOptions): Request {
  const by = toOneSpelling(options.by);
  const reason = toOneSpelling(options.reason);
  if (ids.length === 0) throw new ConfigError(`lvsync dead ${decision} needs the numbers of dead letters.`);
  if (options.unmask === true) throw new ConfigError('--unmask goes with lvsync dead list and show.');
  if (by === undefined) throw new ConfigError(`lvsync dead ${decision} needs --by: who decides.`);
  if (decision === 'drop' && reason === undefined)
    throw new ConfigError('lvsync dead drop needs --reason: why it may stay as it is.');
  return { action: 'decide', decision, ids: [...new Set(ids)], by, reason };
}

function toOneSpelling(text: string | undefined): string | undefined {
  const spelt = text?.normalize('NFKC').trim().replace(/\s+/gu, ' ');
  return spelt === '' ? undefined : spelt;
}

type Showing = { readonly tenant: string } & Exclude<Request, { action: 'decide' }>;

async function show(shell: CommandShell, options: DeadOptions, { store }: Workplace, asked: Showing): Promise<void> {
  const { tenant, action } = asked;
  const ids = action === 'show' ? [asked.id] : undefined;
  const found = await selectDeadLetters(store.pool, { tenant, ids, withResolved: ids !== undefined || options.all });
  if (ids !== undefined && found.length === 0) throw sayUnknown(tenant, ids);
  const command = ['dead', action, ...(ids ?? [])].join(' ');
  const isMasked = !(await recordUnmasking(store, options, { tenant, command, options }));
  const letters = found.map((letter) => toShownLetter(letter, isMasked));
  const text = action === 'show' ? letters.map(formatDeadLetter).join('') : formatDeadLetters(letters, isMasked);
  await printAnswer(shell, options, { tenant, masked: isMasked, letters }, text);
}

async function decide(
  shell: CommandShell,
  options: DeadOptions,
  { store }: Workplace,
  decision: DeadLetterDecision,
): Promise<void> {
  const { tenant, ids } = decision;
  assertDecided(await markDeadLetters(store, decision), tenant);
  const found = await selectDeadLetters(store.pool, { tenant, ids });
  const letters = found.map((letter): ShownLetter => toShownLetter(letter, true));
  await printAnswer(shell, options, { tenant, masked: true, letters }, formatDecided(decision));
}

function formatDecided({ decision, ids, by }: DeadLetterDecision): string {
  const then =
    decision === 'retry' ? 'sent again with the next plan that has them' : 'not sent any more with these values';
  return `${formatMany(ids.length, 'dead letter')} ${then}: ${ids.join(' ')}; decided by ${by}\n`;
}

/** @throws ConfigError when nothing was marked, and why */
function assertDecided(decided: DeadLettersDecided, tenant: string): void {
  switch (decided.kind) {
    case 'marked':
      return;
    case 'unknown':
      throw sayUnknown(tenant, decided.ids);
    case 'resolved':
      throw new ConfigError(
        `${decided.ids.join(', ')}: resolved already, there is nothing to decide; nothing was changed.`,
      );
    case 'stops':
      throw new ConfigError(
        `${decided.ids.join(', ')}: a block or a withdrawn consent cannot be dropped, it is sent with every plan until LiveVox takes it; nothing was changed.`,
      );
  }
}

function sayUnknown(tenant: string, ids: readonly string[]): ConfigError {
  return new ConfigError(
    `Tenant ${tenant} has no dead letter ${ids.join(', ')}; lvsync dead list --all prints them all.`,
  );
}
