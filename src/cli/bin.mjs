#!/usr/bin/env node
/**
 * The executable `lvsync`. In a clone it installs what is missing and runs the TypeScript sources; in the published
 * package it runs the compiled ones. Plain JavaScript, so that an old Node gets a sentence and not a syntax error.
 */
const needed = [20, 19];
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  process.stderr.write(
    `livevox-sync needs Node ${needed.join('.')} or newer; this is ${process.versions.node}: install a newer Node.\n`,
  );
  process.exitCode = 2;
} else {
  await run();
}

async function run() {
  const { ensureInstalled, InstallError, isClone } = await import('./install.mjs');
  try {
    ensureInstalled();
    const { main } = isClone() ? await importSources() : await import('../../dist/src/cli/main.js');
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    process.exitCode = 1;
    if (!(error instanceof InstallError)) throw error;
  }
}

async function importSources() {
  const { register } = await import('tsx/esm/api');
  // Our own settings, not those of a tsconfig.json in the folder the command is run in.
  const { fileURLToPath } = await import('node:url');
  register({ tsconfig: fileURLToPath(new URL('../../tsconfig.json', import.meta.url)) });
  return import('./main.ts');
}
