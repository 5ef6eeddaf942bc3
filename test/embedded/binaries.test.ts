/** Holds the repair of PostgreSQL's programs: links that npm did not make, folders that the server's user cannot enter. */
import { chmodSync, cpSync, lstatSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Area } from '../../src/embedded/area.ts';
import { findPackage, prepareBinaries } from '../../src/embedded/binaries.ts';
import { chooseServerUser, currentUser, isRoot } from '../../src/embedded/server-user.ts';

/** An area beside a package as `npm ci --ignore-scripts` leaves it: without any link among the libraries. */
function setup(): { readonly area: Area; readonly packageFolder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'lvsync-binaries-'));
  onTestFinished(() => {
    chmodSync(join(folder, 'package'), 0o755);
    rmSync(folder, { recursive: true, force: true });
  });
  chmodSync(folder, 0o755);
  const packageFolder = join(folder, 'package');
  cpSync(findPackage(), packageFolder, {
    recursive: true,
    filter: (source) => !lstatSync(source).isSymbolicLink(),
  });
  const areaFolder = join(folder, 'area');
  mkdirSync(areaFolder);
  const area: Area = {
    folder: areaFolder,
    user: isRoot() ? chooseServerUser() : currentUser(),
    dataFolder: join(areaFolder, 'data'),
    runFolder: join(areaFolder, 'run'),
    settingsFile: join(areaFolder, 'postgresql.conf'),
  };
  return { area, packageFolder };
}

describe('prepareBinaries', () => {
  test('missing links are made where the package lies, and a second call finds nothing to do', async () => {
    const { area, packageFolder } = setup();
    const programs = join(packageFolder, 'native', 'bin');
    expect(await prepareBinaries(area, packageFolder)).toBe(programs);
    expect(lstatSync(join(packageFolder, 'native', 'lib', 'libpq.so.5')).isSymbolicLink()).toBe(true);
    expect(await prepareBinaries(area, packageFolder)).toBe(programs);
  });

  test('a package that cannot be used where it lies is copied next to the data, once', async () => {
    const { area, packageFolder } = setup();
    // Root lends the server a user who cannot enter; anybody else cannot write the links.
    const closed = isRoot() ? packageFolder : join(packageFolder, 'native', 'lib');
    chmodSync(closed, isRoot() ? 0o700 : 0o500);
    const programs = await prepareBinaries(area, packageFolder);
    expect(programs).toMatch(/\/area\/binaries-18[^/]*\/bin$/);
    const madeAt = lstatSync(programs).ctimeMs;
    expect(await prepareBinaries(area, packageFolder)).toBe(programs);
    expect(lstatSync(programs).ctimeMs).toBe(madeAt);
    chmodSync(closed, 0o755);
  });

  test('programs that do not run are refused with the way out', async () => {
    const { area, packageFolder } = setup();
    rmSync(join(packageFolder, 'native', 'lib', 'libcrypto.so.1.1'));
    await expect(prepareBinaries(area, packageFolder)).rejects.toThrow(
      /does not run on this system: .*libcrypto.* set DATABASE_URL to a PostgreSQL 15 or newer\.$/,
    );
  });
});
