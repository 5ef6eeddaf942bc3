/** Options that several commands have, and the values that both a command's help and its action must know. Light: the help is built from it. */
import type { Command } from 'commander';

/** What `lvsync show --operation` may name. */
export const planOperations = ['block', 'create', 'update', 'deactivate', 'delete', 'lift', 'not_expressible'] as const;

/** What `lvsync dead` does. */
export const deadActions = ['list', 'show', 'retry', 'drop'] as const;

/** Shells that `lvsync completion` writes for. */
export const completionShells = ['bash', 'zsh', 'fish'] as const;

/** Stops of a tenant that `lvsync stops` lists unless told. */
export const defaultStops = 100;

/** Runs that `lvsync runs` lists unless told. */
export const defaultRuns = 20;

/** What the names of the database's roles begin with unless told. */
export const defaultRolePrefix = 'lvsync';

/** Most rows that `lvsync map` shows. */
export const maxSampleRows = 50;

/** Adds --unmask and --by. */
export function addUnmaskOptions(command: Command): Command {
  return command
    .option('--unmask', 'show personal data whole; who did so is recorded')
    .option('--by <name>', 'with --unmask: who looks (default: the user of the operating system)');
}

/** Adds --until. */
export function addUntilOption(command: Command): Command {
  return command.option('--until <hh:mm>', "stop sending at this time in the tenant's zone; the rest stays planned");
}

/** Adds the options that choose rows of a plan. */
export function addFilterOptions(command: Command): Command {
  return command
    .option('--account <account>', 'only this contact')
    .option('--field <field>', "only this field, by LiveVox's name")
    .option('--operation <operation>', `only ${planOperations.join(', ')}`)
    .option('--risk <n>', 'only patches at least this risky, 0 to 100; the riskiest first')
    .option('--hazard <hazard>', 'only patches with this hazard')
    .option('--state <states>', 'only what has come this far: not_taken, altered, left_out and so on, with commas')
    .option('--limit <n>', 'at most so many rows');
}
