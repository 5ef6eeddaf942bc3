/**
 * The folder of one demo: its database, spool, config and system of record, apart from the user's own. Removed at the end; folders of
 * demos that were killed are removed by the next one, with the database server that may still run in them.
 */
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { removeEmbedded } from '../embedded/index.ts';
import { silentLog } from '../log.ts';

const prefix = 'demo-';

export type DemoFolder = { readonly path: string; readonly remove: () => Promise<void> };

/** Makes `home/demo-<pid>` (0700), after clearing away what dead demos left. */
export async function openDemoFolder(home: string): Promise<DemoFolder> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  for (const name of await readdir(home)) {
    if (name.startsWith(prefix) && !isAlive(Number(name.slice(prefix.length))))
      await removeFolder(path.join(home, name));
  }
  const folder = path.join(home, `${prefix}${process.pid}`);
  await removeFolder(folder);
  await mkdir(folder, { mode: 0o700 });
  return { path: folder, remove: () => removeFolder(folder) };
}

async function removeFolder(folder: string): Promise<void> {
  const isThere = await readdir(folder).then(
    () => true,
    () => false,
  );
  if (!isThere) return;
  await removeEmbedded({ home: folder, log: silentLog });
  await rm(folder, { recursive: true, force: true });
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
