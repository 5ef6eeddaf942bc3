/**
 * A MySQL connection string → where to connect and how. Only the parameters named here are taken, because mysql2 would take any
 * setting of its own from the string, multiple statements and logging among them. No message quotes the string.
 */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { Secret } from '../config.ts';
import { ConfigError } from '../errors.ts';

export type MysqlAddress = {
  readonly host: string;
  readonly port: number;
  /** Instead of host and port. */
  readonly socketPath: string | undefined;
  readonly user: string;
  readonly password: Secret;
  readonly database: string;
  /** undefined: not encrypted. */
  readonly tls: MysqlTls | undefined;
  /** `host:port/database` or the socket, for messages: without user and password. */
  readonly place: string;
};

type MysqlTls = {
  /** Whether the certificate must come from an authority we know. */
  readonly rejectUnauthorized: boolean;
  /** Whether it must be that host's. */
  readonly verifyIdentity: boolean;
  /** PEM of the authority; undefined: those that Node knows. */
  readonly ca: string | undefined;
};

const usualPort = 3306;
const parameters = ['ssl', 'ssl-ca', 'socketPath'];
const tlsModes: Readonly<Record<string, Omit<MysqlTls, 'ca'> | undefined>> = {
  true: { rejectUnauthorized: true, verifyIdentity: true },
  'verify-ca': { rejectUnauthorized: true, verifyIdentity: false },
  'no-verify': { rejectUnauthorized: false, verifyIdentity: false },
  false: undefined,
};

/** @throws ConfigError naming the variable, when its text is no connection string or says what we do not know. */
export function parseMysqlAddress(urlVariable: string, secret: Secret): MysqlAddress {
  const url = parseUrl(urlVariable, secret.reveal());
  const unknown = [...url.searchParams.keys()].filter((name) => !parameters.includes(name));
  if (unknown.length > 0) {
    throw new ConfigError(
      `${urlVariable} has the unknown parameter ${unknown.join(', ')}; use ${parameters.join(', ')}.`,
    );
  }
  const password = decode(urlVariable, url.password);
  const host = decode(urlVariable, url.hostname.replace(/^\[|\]$/g, '')) || 'localhost';
  const socketPath = url.searchParams.get('socketPath') ?? undefined;
  return {
    host,
    port: Number(url.port || usualPort),
    socketPath,
    user: decode(urlVariable, url.username),
    password: { reveal: () => password },
    database: decode(urlVariable, url.pathname.slice(1)),
    tls: parseTls(urlVariable, host, url.searchParams),
    place: socketPath ?? `${url.host || host}${url.pathname}`,
  };
}

function parseUrl(urlVariable: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^(mysql|mariadb):$/.test(url.protocol)) throw noConnectionString(urlVariable);
  return url;
}

function decode(urlVariable: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw noConnectionString(urlVariable);
  }
}

/** Without a cause: it would quote the string. */
function noConnectionString(urlVariable: string): ConfigError {
  return new ConfigError(
    `${urlVariable} is no MySQL connection string (mysql://user:password@host/database, with %23 for a # and the like).`,
  );
}

function parseTls(urlVariable: string, host: string, search: URLSearchParams): MysqlTls | undefined {
  const caPath = search.get('ssl-ca');
  const mode = search.get('ssl') ?? (caPath === null ? 'false' : 'true');
  if (!Object.hasOwn(tlsModes, mode)) {
    throw new ConfigError(`ssl of ${urlVariable} must be ${Object.keys(tlsModes).join(', ')}.`);
  }
  const verification = tlsModes[mode];
  // mysql2 would look for a certificate of localhost.
  if (verification?.verifyIdentity && isIP(host) !== 0) {
    throw new ConfigError(`ssl of ${urlVariable} needs the name of the host, not its address; or say ssl=verify-ca.`);
  }
  return verification && { ...verification, ca: caPath === null ? undefined : readAuthority(urlVariable, caPath) };
}

function readAuthority(urlVariable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new ConfigError(`The file that ssl-ca of ${urlVariable} names cannot be read: ${path}.`);
  }
}
