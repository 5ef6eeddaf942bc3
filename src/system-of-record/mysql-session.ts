/**
 * One MySQL session that reads one query: connects, begins a read-only transaction, streams, and leaves nothing behind. Whatever
 * ends it early - an abort, a lost connection - ends the waiting, too, and the query on the server is killed from a second session,
 * because a server that is still computing does not notice that its client has gone.
 * What would surprise: mysql2 tells a lost connection to the connection alone, not to the query that streams from it.
 */
import { connect, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import mysql from 'mysql2';
import { FatalError } from '../errors.ts';
import type { MysqlAddress } from './mysql-address.ts';
import type { MysqlField } from './mysql-cells.ts';

type StreamedResult = {
  /** One array of bytes per row. */
  readonly rows: Readable;
  /** Its columns, once the first row is there or the stream has ended; empty when it has none. */
  readonly fields: () => readonly MysqlField[];
};

const connectTimeoutMs = 10_000;
const killTimeoutMs = 3_000;
/** Rows kept ready; their bytes are those of a few network packets. */
const rowsAhead = 256;

const severalResults = 'The query of the system of record gives several results. Write one select in the config.';

/** In this order. The server's own settings would decide the zone, the character set and how long a slow reader is waited for. */
const beginning = [
  'set names utf8mb4',
  `set session time_zone = '+00:00', session net_write_timeout = 600`,
  'set session transaction isolation level repeatable read',
  // Of the session as well, because some statements commit the transaction they stand in.
  'set session transaction read only',
  'start transaction with consistent snapshot, read only',
];

export class MysqlSession {
  readonly #address: MysqlAddress;
  readonly #socket: Socket;
  readonly #connection: mysql.Connection;
  /** Aborted with the reason when the caller stops or the connection is lost, and at the end. */
  readonly #over = new AbortController();
  #isServerAtWork = false;

  constructor(address: MysqlAddress, signal: AbortSignal | undefined) {
    this.#address = address;
    this.#socket = openSocket(address);
    this.#connection = openConnection(address, this.#socket);
    const { signal: over } = this.#over;
    this.#connection.on('error', (error) => this.#over.abort(error));
    signal?.addEventListener('abort', () => this.#over.abort(signal.reason), { once: true, signal: over });
  }

  /** Connects and begins the transaction. Throws what mysql2 throws, or the reason of the abort. */
  async begin(): Promise<void> {
    for (const statement of beginning) await this.#run(statement);
  }

  #run(statement: string): Promise<void> {
    const { signal } = this.#over;
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      this.#connection.query(statement, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** The rows of a query, read from the network as they are wanted. */
  stream(sql: string): StreamedResult {
    this.assertWhole();
    this.#isServerAtWork = true;
    const command = this.#connection.query({ sql, rowsAsArray: true, typeCast: false });
    command.once('end', () => {
      this.#isServerAtWork = false;
    });
    const rows = command.stream({ highWaterMark: rowsAhead });
    const { signal } = this.#over;
    // With an error in any case: mysql2 ends a stream that is destroyed without one as if all rows had come.
    signal.addEventListener('abort', () => rows.destroy(toError(signal.reason)), { once: true });
    let fields: readonly MysqlField[] = [];
    rows.on('fields', (found: readonly MysqlField[] | undefined) => {
      if (found === undefined) return;
      if (fields.length > 0) rows.destroy(new FatalError(severalResults));
      fields = found;
    });
    return { rows, fields: () => fields };
  }

  /** Throws the reason when the session ended before its time. */
  assertWhole(): void {
    this.#over.signal.throwIfAborted();
  }

  /** Drops the connection, and ends a query that the server may still be working at. Never throws. */
  async close(): Promise<void> {
    this.#over.abort(new Error('the session is closed'));
    this.#connection.destroy();
    this.#socket.destroy();
    if (this.#isServerAtWork) await killSession(this.#address, this.#connection.threadId);
  }
}

function openSocket({ host, port, socketPath }: MysqlAddress): Socket {
  const socket = socketPath === undefined ? connect(port, host) : connect(socketPath);
  return socket.setNoDelay(true).setKeepAlive(true, 60_000);
}

/** The socket is ours, because mysql2 can only ask it to end, and a server that is computing would not answer. */
function openConnection({ host, port, user, password, database, tls }: MysqlAddress, stream: Socket): mysql.Connection {
  return mysql.createConnection({
    stream,
    host,
    port,
    user,
    password: password.reveal(),
    database,
    connectTimeout: connectTimeoutMs,
    // A server that asks for a file of this machine gets none.
    flags: ['-LOCAL_FILES'],
    connectAttributes: { program_name: 'lvsync system of record' },
    ...(tls === undefined ? {} : { ssl: { ...tls, ...(tls.ca === undefined ? {} : { ca: tls.ca }) } }),
  });
}

/** Ends another session of the same user, with its query; waits some seconds at most. */
function killSession(address: MysqlAddress, threadId: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = openSocket(address);
    const connection = openConnection(address, socket);
    const finish = (): void => {
      connection.destroy();
      socket.destroy();
      resolve();
    };
    socket.setTimeout(killTimeoutMs, finish);
    // Best effort: the session may be gone by itself.
    connection.on('error', finish);
    connection.query(`kill ${Number(threadId)}`, finish);
  });
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('stopped');
}
