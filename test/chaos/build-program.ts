/** Compiles the sources once, into a folder of the clone that goes with the process. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Returns the folder, for program.mjs. Throws when the compiler does, which has said why. */
export function buildProgram(): string {
  // Inside the clone, because compiled sources look for their package and its libraries above them.
  const parent = path.join(root, '.lvsync');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(path.join(parent, 'chaos-build-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  execFileSync(
    process.execPath,
    [compiler, '-p', 'tsconfig.build.json', '--declaration', 'false', '--outDir', folder],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  return folder;
}
