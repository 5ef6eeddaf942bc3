/**
 * `npm test`: installs what a fresh clone lacks, then runs the suite; arguments go to Vitest (`npm test -- test/pull`).
 */
import { fileURLToPath } from 'node:url';
import { ensureInstalled, InstallError } from '../src/cli/install.mjs';

try {
  ensureInstalled();
  process.chdir(fileURLToPath(new URL('..', import.meta.url)));
  process.argv.splice(2, 0, 'run');
  await import('../node_modules/vitest/vitest.mjs');
} catch (error) {
  process.exitCode = 1;
  if (!(error instanceof InstallError)) throw error;
}
