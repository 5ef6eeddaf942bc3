/**
 * Bundles the sources with their libraries into a few files, in a folder of the clone that goes with the process, since hundreds of short processes
 * start three times as fast with them. Types are checked elsewhere; the executable as users have it has tests of its own.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What program.mjs and session-process.mjs load, and processes of single tests. */
const entries = [
  'src/cli/main.ts',
  'src/config.ts',
  'src/log.ts',
  'src/clock.ts',
  'src/livevox/index.ts',
  'src/store/index.ts',
  'src/redis/index.ts',
  'jobs/worker.ts',
  'test/embedded/holder.ts',
  'test/pull/pull-process.ts',
  'test/push/push-process.ts',
];

/** A source that looks for something beside itself finds it where the source is, not the bundle. */
const placesOfSources: Plugin = {
  name: 'places-of-sources',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[/\\](src|jobs)[/\\].*\.ts$/ }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8');
      const contents = text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(file).href));
      return { contents, loader: 'ts' };
    });
  },
};

/** Returns the folder, for program.mjs; takes some seconds. Throws when the bundler does, which has said why. */
export async function buildProgram(): Promise<string> {
  // Inside the clone, because the sources look for their package and its libraries above them.
  const parent = path.join(root, '.lvsync');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(path.join(parent, 'test-build-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await build({
    absWorkingDir: root,
    entryPoints: entries,
    outdir: folder,
    outbase: root,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    plugins: [placesOfSources],
  });
  return folder;
}
