/**
 * The systems of record of the config file → frozen `SourceConfig`s: paths absolute, seconds in milliseconds, connection
 * strings out of the environment, a module behind a function that loads it when its rows are asked for.
 */
import { basename, resolve } from 'node:path';
import type { ModuleSourceConfig, SourceConfig, TenantConfig } from './config.ts';
import { type ConfigFile, loadRows } from './config-file.ts';
import type { Environment } from './environment.ts';
import { formatNearest } from './nearest.ts';
import { makeSecret } from './secret.ts';
import type { FileSource } from './source-schema.ts';

/** All systems of record of a tenant; what is missing in the environment goes to `problems`. */
export function makeSources(
  tenant: string,
  sources: Readonly<Record<string, FileSource>>,
  { folder }: ConfigFile,
  env: Environment,
  problems: string[],
): TenantConfig['systemsOfRecord'] {
  const entries = Object.entries(sources).map(([name, source]): [string, SourceConfig] => {
    if (source.kind === 'module') return [name, makeModule(name, source, folder)];
    if (source.kind === 'csv' || source.kind === 'ndjson') return [name, makeFile(source, folder)];
    const url = env[source.urlVariable];
    if (url === undefined) {
      const near = formatNearest(source.urlVariable, Object.keys(env));
      problems.push(`${source.urlVariable} is missing: system of record ${name} of tenant ${tenant} needs it${near}`);
    }
    return [name, Object.freeze({ ...source, url: makeSecret(url ?? '') })];
  });
  return Object.freeze(Object.fromEntries(entries));
}

function makeFile(source: Extract<FileSource, { kind: 'csv' | 'ndjson' }>, folder: string): SourceConfig {
  const { settleSeconds, path, ...rest } = source;
  return Object.freeze({ ...rest, path: resolve(folder, path), settleMs: settleSeconds * 1000 });
}

function makeModule(name: string, source: Extract<FileSource, { kind: 'module' }>, folder: string): ModuleSourceConfig {
  const { path, rows, ...rest } = source;
  if (path === undefined) return Object.freeze({ ...rest, label: name, load: async () => rows! });
  return Object.freeze({ ...rest, label: basename(path), load: () => loadRows(resolve(folder, path)) });
}
