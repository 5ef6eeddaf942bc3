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

/** The one-sentence message of anything thrown; for a family error its own, for others the innermost cause's message. */
export function toMessage(error: unknown): string {
  if (error instanceof LvsyncError) return error.message;
  if (error instanceof AggregateError && error.errors.length > 0) return toMessage(error.errors[0]);
  if (error instanceof Error) return error.cause instanceof Error ? toMessage(error.cause) : error.message;
  return String(error);
}
