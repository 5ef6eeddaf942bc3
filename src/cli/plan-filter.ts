/** The options that choose rows of a plan, checked before a database is opened: a filter with a slip in it would show nothing, which reads like "nothing to see". */
import type { Command } from 'commander';
import { findField } from '../contact/index.ts';
import { ConfigError } from '../errors.ts';
import { type PatchFilter, type PatchState, patchStates } from '../store/index.ts';

export type FilterOptions = {
  readonly account?: string;
  readonly field?: string;
  readonly operation?: string;
  readonly risk?: string;
  readonly hazard?: string;
  readonly state?: string;
  readonly limit?: string;
};

export type PlanFilter = Omit<PatchFilter, 'changeSetId'> & {
  readonly order: 'sending' | 'risk';
  /** Most rows. */
  readonly limit: number | undefined;
};

const operations = ['block', 'create', 'update', 'deactivate', 'delete', 'lift', 'not_expressible'] as const;

/** Adds the options to a command. */
export function addFilterOptions(command: Command): Command {
  return command
    .option('--account <account>', 'only this contact')
    .option('--field <field>', "only this field, by LiveVox's name")
    .option('--operation <operation>', `only ${operations.join(', ')}`)
    .option('--risk <n>', 'only patches at least this risky, 0 to 100; the riskiest first')
    .option('--hazard <hazard>', 'only patches with this hazard')
    .option('--state <states>', 'only what has come this far: not_taken, altered, left_out and so on, with commas')
    .option('--limit <n>', 'at most so many rows');
}

/** The checked filter. @throws ConfigError naming every option that is wrong */
export function toPlanFilter(options: FilterOptions): PlanFilter {
  const problems: string[] = [];
  const operation = operations.find((one) => one === options.operation);
  if (options.operation !== undefined && operation === undefined)
    problems.push(`--operation ${options.operation} must be one of ${operations.join(', ')}.`);
  if (options.field !== undefined && findField(options.field) === undefined)
    problems.push(`--field ${options.field}: LiveVox has no such field.`);
  const minRisk = toNumber('--risk', options.risk, 0, 100, problems);
  const states = toStates(options.state, problems);
  const limit = toNumber('--limit', options.limit, 1, Number.MAX_SAFE_INTEGER, problems);
  if (problems.length > 0) throw new ConfigError(problems);
  const { account, field, hazard } = options;
  return {
    account,
    field,
    operation,
    hazard,
    states,
    minRisk,
    limit,
    order: minRisk === undefined ? 'sending' : 'risk',
  };
}

function toStates(text: string | undefined, problems: string[]): readonly PatchState[] | undefined {
  if (text === undefined) return undefined;
  const words = text.split(',').map((word) => word.trim());
  const states = patchStates.filter((state) => words.includes(state));
  if (states.length < new Set(words).size)
    problems.push(`--state ${text} must be some of ${patchStates.join(', ')}, with commas.`);
  return states;
}

function toNumber(
  name: string,
  text: string | undefined,
  min: number,
  max: number,
  problems: string[],
): number | undefined {
  if (text === undefined) return undefined;
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return number;
  problems.push(`${name} must be a whole number ${max === 100 ? `from ${min} to ${max}` : `from ${min}`}.`);
  return undefined;
}
