/** Holds the embedded Postgres to its promises with real processes: joined, killed, left, as root and as nobody special. */
import { mkdirSync, realpathSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { openEmbedded, removeEmbedded } from '../../src/embedded/index.ts';
import { findProcess } from '../../src/embedded/processes.ts';
import { isRoot } from '../../src/embedded/server-user.ts';
import { FatalError } from '../../src/errors.ts';
import { silentLog } from '../../src/log.ts';
import { chooseOrdinaryUser, findServerPid, makeHome, query, startHolder, toReadableProject } from './setup.ts';

const log = silentLog;
const isServerGone = (pid: number) => vi.waitFor(() => expect(findProcess(pid)).toBeUndefined(), { timeout: 15_000 });

describe('openEmbedded', () => {
  test('a first start makes a private home and a PostgreSQL 18 that listens on no network', async () => {
    const home = makeHome();
    const embedded = await openEmbedded({ home, log });
    const sql = `select current_database() as name, current_setting('server_version_num')::int / 10000 as version,
      current_setting('listen_addresses') as addresses, current_setting('server_encoding') as encoding`;
    const rows = await query(embedded.url, sql);
    await embedded.close();
    expect(rows).toEqual([{ name: 'lvsync', version: 18, addresses: '', encoding: 'UTF8' }]);
    expect(statSync(home).mode & 0o777).toBe(0o700);
    expect(statSync(embedded.socketFolder).mode & 0o777).toBe(0o700);
    expect(findServerPid(home)).toBeUndefined();
  });

  test('what was written is there after a stop and a new start', async () => {
    const home = makeHome();
    const first = await openEmbedded({ home, log });
    await query(first.url, 'create table kept as select 42 as answer');
    await first.close();
    const second = await openEmbedded({ home, log });
    expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await second.close();
  });

  test('a second process joins the server, and the last one out stops it', async () => {
    const home = makeHome();
    const embedded = await openEmbedded({ home, log });
    const pid = findServerPid(home)!;
    const holder = await startHolder(home);
    expect(holder.url).toBe(embedded.url);
    await embedded.close();
    expect(await query(holder.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(findServerPid(home)).toBe(pid);
    await holder.leave();
    expect(findServerPid(home)).toBeUndefined();
    await isServerGone(pid);
  });

  test('processes that start at once share one server', async () => {
    const home = makeHome();
    const holders = await Promise.all([startHolder(home), startHolder(home), startHolder(home)]);
    const sql = 'select pg_postmaster_start_time()::text as started';
    const answers = await Promise.all(holders.map((holder) => query<{ started: string }>(holder.url, sql)));
    expect(new Set(answers.map((rows) => rows[0]?.started)).size).toBe(1);
    await Promise.all(holders.map((holder) => holder.leave()));
    expect(findServerPid(home)).toBeUndefined();
  });

  test('the server outlives a killed process, and the next one joins it and stops it', async () => {
    const home = makeHome();
    const holder = await startHolder(home);
    const pid = findServerPid(home)!;
    await holder.kill();
    expect(findProcess(pid)).toBeDefined();
    const embedded = await openEmbedded({ home, log });
    expect(findServerPid(home)).toBe(pid);
    await embedded.close();
    expect(findServerPid(home)).toBeUndefined();
  });

  test('a killed server is recovered with everything that was committed', async () => {
    const home = makeHome();
    const holder = await startHolder(home);
    await query(holder.url, 'create table kept as select 42 as answer');
    const pid = findServerPid(home)!;
    process.kill(pid, 'SIGKILL');
    await holder.kill();
    const embedded = await openEmbedded({ home, log });
    expect(findServerPid(home)).not.toBe(pid);
    expect(await query(embedded.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await embedded.close();
  });

  test('a pid file that names some other living process does not keep the server from starting', async () => {
    const home = makeHome();
    await (await openEmbedded({ home, log })).close();
    const file = join(realpathSync(join(home, 'postgres')), 'data', 'postmaster.pid');
    writeFileSync(file, `${process.pid}\n/somewhere/else\n1700000000\n5432\n/nowhere\n\n`);
    const embedded = await openEmbedded({ home, log });
    expect(await query(embedded.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await embedded.close();
  });

  test('closing after the server has died is quiet', async () => {
    const home = makeHome();
    const embedded = await openEmbedded({ home, log });
    process.kill(findServerPid(home)!, 'SIGKILL');
    await embedded.close();
    await embedded.close();
  });

  test('a data folder of another major version is refused by name', async () => {
    const home = makeHome();
    await (await openEmbedded({ home, log })).close();
    writeFileSync(join(home, 'postgres', 'data', 'PG_VERSION'), '17\n');
    await expect(openEmbedded({ home, log })).rejects.toThrow(/was made by PostgreSQL 17, and this is 18/);
  });

  test('a home that cannot be made is refused in one sentence', async () => {
    const home = makeHome();
    mkdirSync(home);
    writeFileSync(join(home, 'file'), '');
    const failure = openEmbedded({ home: join(home, 'file', 'home'), log });
    await expect(failure).rejects.toThrow(FatalError);
    await expect(failure).rejects.toThrow(/cannot be used: .*Set LVSYNC_HOME to a folder of your own\.$/);
  });

  test('a link to a data folder that is gone is forgotten', async () => {
    const home = makeHome();
    mkdirSync(home);
    symlinkSync('/nonexistent/area', join(home, 'postgres'));
    const embedded = await openEmbedded({ home, log });
    expect(await query(embedded.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await embedded.close();
  });
});

describe('openEmbedded as an ordinary user', () => {
  test('everything lies in home, whatever its path looks like', async () => {
    const user = chooseOrdinaryUser();
    const home = makeHome(`it's a "home" & $more`, user);
    const holder = await startHolder(home, user, toReadableProject(user));
    expect(holder.error).toBe('');
    expect(statSync(home).mode & 0o777).toBe(0o700);
    expect(realpathSync(join(home, 'postgres'))).toBe(join(realpathSync(home), 'postgres'));
    expect(await query(holder.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await holder.leave();
    expect(findServerPid(home)).toBeUndefined();
  });

  test('a path too long for a socket gets its socket in a private folder with a short name', async () => {
    const user = chooseOrdinaryUser();
    const home = makeHome('long'.repeat(40), user);
    const holder = await startHolder(home, user, toReadableProject(user));
    const socketFolder = new URL(holder.url).searchParams.get('host')!;
    expect(Buffer.byteLength(socketFolder)).toBeLessThan(90);
    expect(statSync(socketFolder).mode & 0o777).toBe(0o700);
    expect(await query(holder.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await holder.leave();
    expect(statSync(socketFolder, { throwIfNoEntry: false })).toBeUndefined();
  });

  test('the home of somebody else is refused by name', async () => {
    if (!isRoot()) {
      await expect(openEmbedded({ home: '/', log })).rejects.toThrow(/belongs to another user \(uid 0\)/);
      return;
    }
    const user = chooseOrdinaryUser();
    const home = makeHome('home', user);
    mkdirSync(home);
    const holder = await startHolder(home, user, toReadableProject(user));
    expect(holder.error).toMatch(/belongs to another user \(uid 0\); set LVSYNC_HOME to a folder of your own/);
  });

  // The question exists for root only.
  if (isRoot()) {
    test('root joins and starts the server of an ordinary user as that user', async () => {
      const user = chooseOrdinaryUser()!;
      const home = makeHome('home', user);
      const holder = await startHolder(home, user, toReadableProject(user));
      const joined = await openEmbedded({ home, log });
      expect(joined.url).toBe(holder.url);
      await joined.close();
      await holder.leave();
      const started = await openEmbedded({ home, log });
      const again = await startHolder(home, user, toReadableProject(user));
      expect(again.url).toBe(started.url);
      await started.close();
      await again.leave();
      expect(statSync(join(home, 'postgres', 'data')).uid).toBe(user.uid);
      expect(findServerPid(home)).toBeUndefined();
    });
  }
});

describe('removeEmbedded', () => {
  test('stops the server, whoever is connected, and leaves the rest of home alone', async () => {
    const home = makeHome();
    const holder = await startHolder(home);
    const pid = findServerPid(home)!;
    const folder = realpathSync(join(home, 'postgres'));
    writeFileSync(join(home, 'spool'), 'kept');
    await removeEmbedded({ home, log });
    await isServerGone(pid);
    expect(statSync(folder, { throwIfNoEntry: false })).toBeUndefined();
    expect(statSync(join(home, 'spool')).size).toBe(4);
    await holder.kill();
  });
});
