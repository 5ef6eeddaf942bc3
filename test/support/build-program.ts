/** Compiles the sources, into a folder of the clone that goes with the process: types are checked elsewhere. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Returns the folder, for program.mjs; takes about a second. Throws when the compiler does, which has said why. */
export function buildProgram(): string {
  // Inside the clone, because compiled sources look for their package and its libraries above them.
  const parent = path.join(root, '.lvsync');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(path.join(parent, 'test-build-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  execFileSync(
    process.execPath,
    [compiler, '-p', 'tsconfig.build.json', '--noCheck', '--declaration', 'false', '--outDir', folder],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  return folder;
}
