/**
 * What mysql2 throws → our errors. A connection that fails is worth another try; a refusal, a mistake in the query or in the way
 * TLS is asked for is a person's. Errors of the server are told in its words only where they speak of names and syntax; all others
 * by number, because they may quote a value.
 */
import { FatalError, LvsyncError, RetriableError, toMessage } from '../errors.ts';

type Place = { readonly place: string; readonly urlVariable: string };

/** What mysql2 sets on an error that the server sent. */
type ServerError = {
  readonly errno: number;
  readonly code: string;
  readonly sqlState: string;
  readonly message: string;
};

/** Access, database, host, account, password: 1045 has the SQLSTATE 28000, the others those of syntax or none. */
const refusals = new Set([1044, 1045, 1049, 1130, 1251, 1698, 1820, 1862, 3118, 3159, 4151]);
/** Too many connections, a limit of time or resources, a lock, a server that shuts down, a session that was killed. */
const passing = new Set([1040, 1053, 1129, 1203, 1205, 1213, 1226, 1317, 1927, 1969, 3024, 3169, 4031]);
/** TLS that is not offered or not trusted, and a way of logging in that mysql2 does not know. */
const handshakeProblems = /^(HANDSHAKE_NO_SSL_SUPPORT|HANDSHAKE_SSL_ERROR|AUTH_SWITCH_PLUGIN_ERROR)$/;

/** Errors of ours, and mistakes of this program, stay what they are. */
export function toMysqlError(error: unknown, { place, urlVariable }: Place): unknown {
  if (error instanceof LvsyncError || error instanceof TypeError || error instanceof RangeError) return error;
  const said = toMessage(error).replace(/\.$/, '');
  const refuse = (): FatalError =>
    new FatalError(`The system of record at ${place} refuses us: ${said}. Check ${urlVariable}.`);
  if (!isServerError(error)) {
    if (handshakeProblems.test(toCode(error))) return refuse();
    return new RetriableError(
      `The system of record at ${place} cannot be read: ${said}. Check ${urlVariable} and that the server runs.`,
    );
  }
  const { errno, sqlState } = error;
  if (refusals.has(errno) || sqlState.startsWith('28')) return refuse();
  if (passing.has(errno) || /^(08|40|70)/.test(sqlState)) {
    return new RetriableError(`The system of record at ${place} cannot be read now: ${toNumber(error)}. Run again.`);
  }
  const why = /^(25|42)/.test(sqlState) ? said : toNumber(error);
  return new FatalError(`The query of the system of record at ${place} fails: ${why}. Mend the query in the config.`);
}

/** The network's errors have negative numbers, or none. */
function isServerError(error: unknown): error is ServerError {
  return error instanceof Error && 'errno' in error && typeof error.errno === 'number' && error.errno > 0;
}

function toCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function toNumber({ errno, code }: ServerError): string {
  return code === undefined ? `error ${errno}` : `error ${errno} (${code})`;
}
