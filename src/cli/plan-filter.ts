/** The options that choose rows of a plan, checked before a database is opened: a filter with a slip in it would show nothing, which reads like "nothing to see". */
import { formatNearest } from '../config.ts';
import { contactFields, findField } from '../contact/index.ts';
import { ConfigError } from '../errors.ts';
import { type PatchFilter, type PatchState, patchStates } from '../store/index.ts';
import { planOperations } from './commands/shared-options.ts';

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

/** The checked filter. @throws ConfigError naming every option that is wrong */
export function toPlanFilter(options: FilterOptions): PlanFilter {
  const problems: string[] = [];
  const operation = planOperations.find((one) => one === options.operation);
  if (options.operation !== undefined && operation === undefined)
    problems.push(
      `--operation ${options.operation} must be one of ${planOperations.join(', ')}${formatNearest(options.operation, planOperations)}`,
    );
  if (options.field !== undefined && findField(options.field) === undefined)
    problems.push(
      `--field ${options.field}: LiveVox has no such field${formatNearest(
        options.field,
        contactFields.map(({ name }) => name),
      )}`,
    );
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
  const wrong = words.find((word) => !patchStates.some((state) => state === word));
  if (wrong !== undefined)
    problems.push(
      `--state ${text} must be some of ${patchStates.join(', ')}, with commas${formatNearest(wrong, patchStates)}`,
    );
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
