/**
 * Finds and reads `lvsync.config.ts` (also .mjs, .json, .yaml) and `.env` with c12. Everything else that c12 can do is
 * switched off: no rc files, no home folder, no package.json, no remote layers, no overrides by NODE_ENV - one file says it all.
 * `process.env` is left as it is: `.env` is read into a copy, and what the real environment sets wins.
 */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadDotenv, loadConfig as loadWithC12 } from 'c12';
import { ConfigError } from '../errors.ts';
import type { RecordRows } from './config.ts';
import type { Environment } from './environment.ts';

export type ConfigFile = {
  /** Absolute path; undefined when there is no file and the environment has to be enough. */
  readonly path: string | undefined;
  /** Folder that paths in the file are relative to. */
  readonly folder: string;
  /** As written, not yet validated. */
  readonly content: unknown;
};

/** `import { defineConfig } from 'livevox-sync'` must work in a config file wherever the package is run from. */
const ownModule = fileURLToPath(
  new URL(`./define-config${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
);

/**
 * Reads the named file, or the `lvsync.config.*` of the folder, if there is one.
 * @throws ConfigError when a named file is missing, or a file cannot be read as configuration.
 */
export async function readConfigFile(cwd: string, named: string | undefined): Promise<ConfigFile> {
  const path = named === undefined ? undefined : resolve(cwd, named);
  if (path !== undefined && !existsSync(path)) {
    throw new ConfigError(`The configuration file ${named} does not exist; check --config.`);
  }
  try {
    const found = await load(cwd, path);
    const file = found._configFile;
    return { path: file, folder: file === undefined ? cwd : dirname(file), content: found.config };
  } catch (error) {
    const name = named ?? 'lvsync.config';
    throw new ConfigError(`${name} cannot be read: ${firstLine(error)}; mend its syntax.`, { cause: error });
  }
}

/**
 * The function `rows` that a module exports, TypeScript or JavaScript; a module with a default export gives it as a key of that.
 * @throws ConfigError when there is no such module or function, or loading it fails
 */
export async function loadRows(path: string): Promise<RecordRows> {
  const place = `The module of the system of record ${path}`;
  if (!existsSync(path)) throw new ConfigError(`${place} does not exist; check its path.`);
  const content = await load(dirname(path), path).then(
    (loaded) => loaded.config,
    (error: unknown) => {
      throw new ConfigError(`${place} cannot be loaded: ${firstLine(error)}`, { cause: error });
    },
  );
  const rows = (content as { readonly rows?: unknown } | null)?.rows;
  if (typeof rows === 'function') return rows as RecordRows;
  throw new ConfigError(`${place} exports no function called rows; write "export async function* rows() { … }".`);
}

type Loaded = { readonly config: unknown; readonly _configFile?: string };

async function load(cwd: string, path: string | undefined): Promise<Loaded> {
  return loadWithC12({
    cwd,
    name: 'lvsync',
    configFile: path ?? 'lvsync.config',
    rcFile: false,
    globalRc: false,
    packageJson: false,
    dotenv: false,
    envName: false,
    extend: false,
    giget: false,
    merger: (...sources) => sources.find((source) => source !== undefined && source !== null) ?? {},
    jitiOptions: { fsCache: false, alias: { 'livevox-sync': ownModule } },
  });
}

/** The environment with what `.env` of the folder adds; variables set to nothing count as unset. */
export async function readDotenv(cwd: string, env: Environment): Promise<Environment> {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  // No interpolation: a password may hold a dollar sign.
  return loadDotenv({ cwd, fileName: '.env', env: set, interpolate: false });
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0] ?? message;
}
