/**
 * The family of errors. The type says what the caller should do, the message is one sentence that ends in what to do,
 * the facts are fields. Facts never hold a contact's data or a secret: they reach logs.
 */

/** Facts an error carries for logs and reports: identifiers and counts, never a contact's data. */
export type ErrorFacts = Readonly<Record<string, string | number | boolean | undefined>>;

export type ErrorOptions = { readonly cause?: unknown; readonly facts?: ErrorFacts };

/** Base of the family; not thrown itself. */
export abstract class LvsyncError extends Error {
  readonly facts: ErrorFacts;

  constructor(message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.facts = options.facts ?? {};
  }
}

/** Wrong usage or configuration: stop before starting. `problems` lists every problem found, one sentence each. Exit code 2. */
export class ConfigError extends LvsyncError {
  readonly problems: readonly string[];

  constructor(problems: string | readonly string[], options: ErrorOptions = {}) {
    const list = typeof problems === 'string' ? [problems] : problems;
    super(list.join('\n'), options);
    this.problems = list;
  }
}

/** Nothing a retry would mend (refused credentials, 403, a header that does not match): stop the run and tell a person. */
export class FatalError extends LvsyncError {}

/** A person has to decide (a guard tripped, an approval is missing). Exit code 3. */
export class HeldError extends FatalError {}

/** Network, 5xx, time-out, a body cut short: back off and try again. */
export class RetriableError extends LvsyncError {}

/** 429, or 503 with `Retry-After`: wait `retryAfterMs` (milliseconds; undefined when LiveVox did not say), then try again. */
export class RateLimitedError extends RetriableError {
  readonly retryAfterMs: number | undefined;

  constructor(message: string, retryAfterMs: number | undefined, options: ErrorOptions = {}) {
    super(message, options);
    this.retryAfterMs = retryAfterMs;
  }
}

/** One row, event or patch cannot be used: quarantine or dead-letter it, count it, go on. */
export class SkippableError extends LvsyncError {}

/**
 * The one-sentence message of anything thrown; for a family error its own, for others the innermost cause's message. What Postgres says of
 * values it refuses is left out, because it quotes them.
 */
export function toMessage(error: unknown): string {
  if (error instanceof LvsyncError) return error.message;
  if (error instanceof AggregateError && error.errors.length > 0) return toMessage(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return toMessage(error.cause);
  const state = toSqlState(error);
  if (state === undefined || wordySqlStates.test(state)) return error.message;
  return `The database refused a value or broke off (SQLSTATE ${state}); its words may quote a contact and stand in its own log`;
}

/** Classes of SQLSTATE that are about the server, the connection, the user or the statement, and never quote a row. */
const wordySqlStates = /^(?:08|0A|25|26|28|3D|3F|40|42|53|54|55|57|58)/;

/** The SQLSTATE of an error that Postgres sent; undefined for all others, those of the network included. */
function toSqlState(error: Error): string | undefined {
  const { code, severity } = error as { readonly code?: unknown; readonly severity?: unknown };
  return typeof code === 'string' && typeof severity === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** Where something was thrown, below its name and `toMessage`; the error's own stack would begin with its own words. */
export function toTrace(error: Error): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [`${error.name}: ${toMessage(error)}`, ...frames].join('\n');
}

/**
 * What a log may say of anything thrown: the sentence of a family error; of others, whose words may quote a contact, only what they are and their
 * code, as in `DatabaseError 22P02`. What `toMessage` leaves of the words is in the answer of the command, and in the run's record.
 */
export function toLogReason(error: unknown): string {
  if (error instanceof LvsyncError) return error.message;
  if (error instanceof AggregateError && error.errors.length > 0) return toLogReason(error.errors[0]);
  if (!(error instanceof Error)) return typeof error;
  if (error.cause instanceof Error) return toLogReason(error.cause);
  return 'code' in error ? `${error.constructor.name} ${String(error.code)}` : error.constructor.name;
}
