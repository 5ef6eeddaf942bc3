/**
 * Writes a plan's changed fields to a file: CSV, JSON lines, one JSON document or one HTML page, by its extension. Only its owner may read
 * the file, an existing one is never overwritten, and one that could not be written to its end is taken away again.
 */
import { existsSync } from 'node:fs';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { ConfigError } from '../errors.ts';
import type { Store } from '../store/index.ts';
import { writeCsv } from './plan-csv.ts';
import { writeJson, writeJsonLines } from './plan-json.ts';
import { maxPageRows, writePage } from './plan-page.ts';
import { openPlanListing, type PlanListing, type PlanListingInput } from './plan-rows.ts';

type PlanFormat = {
  readonly write: (listing: PlanListing) => AsyncIterable<string>;
  /** @default any number */
  readonly maxRows?: number;
};

const formats: Readonly<Record<string, PlanFormat>> = {
  '.csv': { write: writeCsv },
  '.jsonl': { write: writeJsonLines },
  '.json': { write: writeJson },
  '.html': { write: writePage, maxRows: maxPageRows },
};

/** @throws ConfigError when the file exists or its name does not say which format is meant */
export function assertPlanFileName(cwd: string, name: string): void {
  if (formats[extname(name)] === undefined)
    throw new ConfigError(`--out ${name} must end in .csv, .jsonl, .json or .html.`);
  if (existsSync(resolve(cwd, name))) throw new ConfigError(`--out ${name} exists already; choose another name.`);
}

/**
 * Writes what the filter lets through; returns what was written.
 * @throws ConfigError for a name that assertPlanFileName refuses
 */
export async function writePlanFile(
  store: Store,
  input: PlanListingInput,
  cwd: string,
  name: string,
): Promise<PlanListing> {
  assertPlanFileName(cwd, name);
  const { write, maxRows } = formats[extname(name)]!;
  const path = resolve(cwd, name);
  const file = await open(path, 'wx', 0o600);
  try {
    const listing = await openPlanListing(store, { ...input, maxRows });
    await writeAll(file, write(listing));
    return listing;
  } catch (error) {
    await unlink(path).catch(() => {});
    throw error;
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, texts: AsyncIterable<string>): Promise<void> {
  for await (const text of texts) await file.writeFile(text);
}
