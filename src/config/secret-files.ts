/**
 * Secrets from files: `LIVEVOX_PASSWORD_FILE=/run/secrets/livevox` instead of `LIVEVOX_PASSWORD`, as container platforms hand them
 * over. A file is read once, up to 64 KiB; one line break at its end is cut, everything else belongs to the secret. No sentence holds
 * the content of a file, nor its name: who sets `…_FILE` to the secret itself must not find it in a log.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { TextDecoder } from 'node:util';
import { type Environment, secretFileEnding } from './environment.ts';

export type ReadSecretFiles = {
  /** The environment with each secret in its own variable, as if it had been set there; the `…_FILE` names are gone. */
  readonly env: Environment;
  /** A sentence each. */
  readonly problems: readonly string[];
};

const maxKibibytes = 64;
const maxBytes = maxKibibytes * 1024;

/**
 * Reads the files of those secrets that are given as files.
 * @param names the variables that hold secrets
 * @param cwd what relative paths are relative to
 */
export async function readSecretFiles(
  env: Environment,
  names: readonly string[],
  cwd: string,
): Promise<ReadSecretFiles> {
  const resolved: Record<string, string | undefined> = { ...env };
  const problems: string[] = [];
  for (const name of new Set(names)) {
    const variable = `${name}${secretFileEnding}`;
    const path = env[variable];
    if (path === undefined || path === '') continue;
    delete resolved[variable];
    const read = isSet(env[name])
      ? { problem: `${name} and ${variable} exclude one another; set one.` }
      : await readSecret(variable, resolve(cwd, path));
    if ('problem' in read) problems.push(read.problem);
    else resolved[name] = read.secret;
  }
  return { env: resolved, problems };
}

type Read = { readonly secret: string } | { readonly problem: string };

async function readSecret(variable: string, path: string): Promise<Read> {
  const bytes = await readStart(path).catch((error: NodeJS.ErrnoException) => error.code ?? 'unknown error');
  if (typeof bytes === 'string') {
    return { problem: `${variable}: the file it names cannot be read (${bytes}); check the path and who may read it.` };
  }
  if (bytes.length > maxBytes) {
    return { problem: `${variable}: the file it names is larger than ${maxKibibytes} KiB; it is no secret.` };
  }
  const secret = decode(bytes)?.replace(/\r?\n$/, '');
  if (secret === undefined) return { problem: `${variable}: the file it names is not text in UTF-8.` };
  if (secret === '') return { problem: `${variable}: the file it names is empty; write the secret into it.` };
  return { secret };
}

/** The bytes of a file, at most one more than allowed. Not by its size: a pipe has none. */
async function readStart(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    return await fill(file, new Uint8Array(maxBytes + 1));
  } finally {
    await file.close();
  }
}

async function fill(file: FileHandle, buffer: Uint8Array): Promise<Uint8Array> {
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
