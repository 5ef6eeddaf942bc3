/**
 * Opens the embedded Postgres of a home: joins the server that runs, starts one that does not, recovers one that was
 * killed. All processes of one home share one server; the last to close stops it. Starting, joining and stopping happen
 * under the home's lock, and each process holds one connection from before it lets go of the lock, so nobody's server
 * is stopped between joining and connecting.
 */
import { resolve } from 'node:path';
import { systemClock } from '../clock.ts';
import { FatalError, LvsyncError, toMessage } from '../errors.ts';
import type { Log } from '../log.ts';
import { type KeepAlive, openKeepAlive } from '../store/index.ts';
import { type Area, ensureArea, ensureHome, findArea, findForgottenAreas, removeArea } from './area.ts';
import { withHomeLock } from './home-lock.ts';
import { findServer, serverUserName, startServer, stopServer } from './server.ts';
import type { ServerSettings } from './settings.ts';

export type EmbeddedOptions = {
  /** LVSYNC_HOME; made (0700) where missing. */
  readonly home: string;
  readonly log: Log;
  /** Settings of the server beyond the usual ones; only the process that starts it decides. */
  readonly settings?: ServerSettings;
};

export type EmbeddedPostgres = {
  /** Connection string of the working database. */
  readonly url: string;
  /** Folder of the unix socket. */
  readonly socketFolder: string;
  /** Leaves the server, and stops it when nobody else is connected. Close every pool first. */
  readonly close: () => Promise<void>;
};

const databaseName = 'lvsync';
/** Recovery after a crash may replay all the WAL there is (max_wal_size 2 GB). */
const openPatienceMs = 120_000;
/** A server that runs but cannot be reached this long has lost its socket and is started again. */
const unreachablePatienceMs = 10_000;
/** How long connections of this very process may take to disappear from the server's list. */
const leavingPatienceMs = 1_000;
const pollMs = 20;

/**
 * Joins or starts the server of a home.
 * @throws FatalError when there is no server for this platform, the home is not ours, or it does not start.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  try {
    const home = ensureHome(resolve(options.home));
    return await withHomeLock(home, async () => {
      const area = ensureArea(home);
      const { keepAlive, socketFolder } = await join(home, area, options);
      await keepAlive.ensureDatabase(databaseName);
      return { url: toUrl(socketFolder), socketFolder, close: makeClose(home, area, keepAlive, options.log) };
    });
  } catch (error) {
    if (error instanceof LvsyncError) throw error;
    throw new FatalError(
      `The embedded Postgres in ${options.home} cannot be used: ${toMessage(error)}. Mend that, or set DATABASE_URL to another server.`,
      { cause: error },
    );
  }
}

/** Stops the server of a home, whoever is connected, and removes all of its files. The rest of home stays. */
export async function removeEmbedded(options: { readonly home: string; readonly log: Log }): Promise<void> {
  const home = ensureHome(resolve(options.home));
  await withHomeLock(home, async () => {
    const area = findArea(home);
    if (area === undefined) return;
    if (findServer(area) !== undefined) await stopServer(area);
    removeArea(home, area);
    options.log.debug('embedded.removed', { folder: area.folder });
  });
}

type Joined = { readonly keepAlive: KeepAlive; readonly socketFolder: string };

/** Connects; starts the server where none runs, waits for one that starts or stops, restarts one without a socket. */
async function join(home: string, area: Area, options: EmbeddedOptions): Promise<Joined> {
  const startedAt = systemClock.now().getTime();
  let unreachableSince: number | undefined;
  let isStarted = false;
  for (;;) {
    const now = systemClock.now().getTime();
    if (now - startedAt > openPatienceMs) throw makeTimeout(area);
    const server = findServer(area);
    if (server === undefined) {
      await startServer(area, options.settings ?? {}, options.log);
      isStarted = true;
      continue;
    }
    const attempt = await openKeepAlive(server.socketFolder, serverUserName);
    if (attempt.kind === 'connected') {
      reportJoined(home, area, options.log, isStarted ? now - startedAt : undefined);
      return { keepAlive: attempt.keepAlive, socketFolder: server.socketFolder };
    }
    unreachableSince = attempt.kind === 'absent' ? (unreachableSince ?? now) : undefined;
    if (unreachableSince !== undefined && now - unreachableSince > unreachablePatienceMs) {
      options.log.warn('embedded.unreachable', { pid: server.pid });
      await stopServer(area);
      unreachableSince = undefined;
    }
    await systemClock.sleep(pollMs);
  }
}

function reportJoined(home: string, area: Area, log: Log, startMs: number | undefined): void {
  if (startMs === undefined) {
    log.debug('embedded.joined', { folder: area.folder });
    return;
  }
  log.debug('embedded.started', { folder: area.folder, startMs });
  for (const folder of findForgottenAreas(home, area)) log.warn('embedded.forgotten_folder', { folder });
}

function makeClose(home: string, area: Area, keepAlive: KeepAlive, log: Log): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () => {
    closing ??= withHomeLock(home, () => leave(area, keepAlive, log));
    return closing;
  };
}

async function leave(area: Area, keepAlive: KeepAlive, log: Log): Promise<void> {
  // A server that died meanwhile can be asked nothing and needs no stopping.
  const isLast = await isAlone(keepAlive).catch(() => false);
  await keepAlive.end().catch(() => {});
  if (!isLast || findServer(area) === undefined) return;
  await stopServer(area);
  log.debug('embedded.stopped', { folder: area.folder });
}

async function isAlone(keepAlive: KeepAlive): Promise<boolean> {
  const giveUpAt = systemClock.now().getTime() + leavingPatienceMs;
  for (;;) {
    const { keepAlives, clients } = await keepAlive.countOthers();
    if (clients === 0) return true;
    if (keepAlives > 0 || systemClock.now().getTime() > giveUpAt) return false;
    await systemClock.sleep(pollMs);
  }
}

function makeTimeout(area: Area): FatalError {
  return new FatalError(
    `The embedded Postgres in ${area.folder} has not become ready within ${openPatienceMs / 60_000} minutes; it may still be recovering: try again, or see run/server.log there.`,
  );
}

function toUrl(socketFolder: string): string {
  return `postgresql://${serverUserName}@localhost:5432/${databaseName}?host=${encodeURIComponent(socketFolder)}&sslmode=disable`;
}
