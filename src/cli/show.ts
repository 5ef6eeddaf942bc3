/**
 * `lvsync show PLAN`: every field that a plan would change, from what to what, and what became of it. Shows personal data, on the operator's own terminal
 * and by request. Streams: a plan of any size is shown in constant memory.
 */
import type { Command } from 'commander';
import { type ChangedField, type ChangeSet, type Store, selectPatches, toChangedFields } from '../store/index.ts';
import { exitCodes } from './exit-code.ts';
import { assertPlanId, findPlan } from './find-plan.ts';
import { type CommonOptions, makeCommand } from './make-command.ts';
import { formatInstant, formatValue, formatVisible } from './print.ts';
import type { CommandShell } from './shell.ts';
import { withWorkplace } from './with-workplace.ts';

type ShowOptions = CommonOptions & { readonly account?: string };

export function makeShowCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'show',
    summary: "show a plan's rows: account, operation, field, from, to",
    example: 'lvsync show 0b8f7e5c-4c2f-4a7e-9a51-3f1f0e6c2d11 --account 4711',
  })
    .argument('<plan>', 'id of the plan')
    .option('--account <account>', 'only this contact')
    .action((planId: string, options: ShowOptions) => show(shell, planId, options));
}

async function show(shell: CommandShell, planId: string, options: ShowOptions): Promise<void> {
  assertPlanId(planId);
  await withWorkplace(shell, options, {}, async ({ store }, config) => {
    const plan = await findPlan(store, config, planId, options.tenant);
    const rows = selectRows(store, plan, options.account, shell.signal);
    await (options.json === true ? printJson(shell, plan, rows) : printText(shell, plan, rows));
  });
  shell.end(exitCodes.proven);
}

async function* selectRows(
  store: Store,
  plan: ChangeSet,
  account: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<ChangedField> {
  for await (const patches of selectPatches(store, { changeSetId: plan.id, account, signal })) {
    yield* patches.flatMap(toChangedFields);
  }
}

async function printText(shell: CommandShell, plan: ChangeSet, rows: AsyncIterable<ChangedField>): Promise<void> {
  await shell.print(formatHead(plan));
  let shown = 0;
  for await (const row of rows) {
    if (shown === 0) await shell.print(formatLine('account', 'operation', 'state', 'field', 'from → to'));
    await shell.print(
      formatLine(
        formatVisible(row.account),
        row.operation,
        row.state,
        row.field,
        `${formatValue(row.from)} → ${formatValue(row.to)}`,
      ),
    );
    shown += 1;
  }
  if (shown === 0) await shell.print('It changes nothing here.\n');
}

function formatHead(plan: ChangeSet): string {
  const held = plan.heldBecause.map((reason) => `held: ${reason}\n`).join('');
  return `plan ${plan.id} of tenant ${plan.tenant}, ${plan.state}, from ${plan.systemOfRecord}, ${formatInstant(plan.createdAt)}\n${held}`;
}

/** Fixed widths, because the rows to come are not known yet. */
function formatLine(account: string, operation: string, state: string, field: string, change: string): string {
  return `${account.padEnd(16)}  ${operation.padEnd(8)}  ${state.padEnd(9)}  ${field.padEnd(20)}  ${change}\n`;
}

async function printJson(shell: CommandShell, plan: ChangeSet, rows: AsyncIterable<ChangedField>): Promise<void> {
  await shell.print(`{"plan":${JSON.stringify(plan)},"rows":[`);
  let separator = '\n';
  for await (const row of rows) {
    await shell.print(separator + JSON.stringify(row));
    separator = ',\n';
  }
  await shell.print(']}\n');
}
