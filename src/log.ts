/**
 * Structured log lines: one line per event, an event name from the glossary (`pull.merged`), facts as fields.
 * Lines go to stderr, because stdout belongs to the answer of a command. The types admit only scalars, so that no
 * contact can be logged by handing over a row.
 */
import { pino } from 'pino';

/** Facts of one log line: identifiers, counts and durations, never a contact's data. */
export type LogFacts = Readonly<Record<string, string | number | boolean | null | undefined>>;

export type Log = {
  readonly debug: (event: string, facts?: LogFacts) => void;
  readonly info: (event: string, facts?: LogFacts) => void;
  readonly warn: (event: string, facts?: LogFacts) => void;
  readonly error: (event: string, facts?: LogFacts) => void;
  /** A log whose every line also carries these facts. */
  readonly with: (facts: LogFacts) => Log;
};

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Facts that no line may have. None is meant to; should one slip in, its value is `[Redacted]`. */
const neverTold = [
  ...['account', 'firstName', 'lastName', 'phone', 'email', 'ssn', 'dateOfBirth', 'raw', 'row'],
  ...['password', 'accessToken', 'sessionId', 'secret', 'authorization', 'body', 'headers'],
] as const;

/** Makes the process's log; JSON lines on stderr, written synchronously so that a crash loses none. */
export function makeLog(level: LogLevel): Log {
  const base = pino(
    { level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime, redact: { paths: [...neverTold] } },
    pino.destination({ fd: 2, sync: true }),
  );
  const wrap = (logger: pino.Logger): Log => ({
    debug: (event, facts = {}) => logger.debug(facts, event),
    info: (event, facts = {}) => logger.info(facts, event),
    warn: (event, facts = {}) => logger.warn(facts, event),
    error: (event, facts = {}) => logger.error(facts, event),
    with: (facts) => wrap(logger.child(facts)),
  });
  return wrap(base);
}

/** A log that keeps nothing; for library users and tests. */
export const silentLog: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  with: () => silentLog,
};
