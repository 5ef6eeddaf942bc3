/** The webhook of a tenant in the config file → a frozen `NotifyConfig`: address and key out of the environment, wrapped. */
import { problemOfWebhook } from './base-url.ts';
import type { NotifyConfig } from './config.ts';
import type { Environment } from './environment.ts';
import { formatNearest } from './nearest.ts';
import type { FileNotify } from './notify-schema.ts';
import { makeSecret } from './secret.ts';

/** What is missing in the environment, or cannot be used, goes to `problems`; the values themselves never do. */
export function makeNotify(
  tenant: string,
  file: FileNotify | undefined,
  env: Environment,
  problems: string[],
): NotifyConfig | undefined {
  if (file === undefined) return undefined;
  const { kind, on, url, urlVariable, secretVariable } = file;
  const read = (variable: string): string => {
    const value = env[variable];
    const near = formatNearest(variable, Object.keys(env));
    if (value === undefined) problems.push(`${variable} is missing: notify of tenant ${tenant} needs it${near}`);
    return value ?? '';
  };
  const address = urlVariable === undefined ? url : read(urlVariable);
  const problem = urlVariable === undefined || !address ? undefined : problemOfWebhook(address);
  if (problem !== undefined) problems.push(`${urlVariable} ${problem}`);
  const secret = secretVariable === undefined ? undefined : makeSecret(read(secretVariable));
  return Object.freeze({ kind, url: makeSecret(address ?? ''), secret, on: Object.freeze(on) });
}
