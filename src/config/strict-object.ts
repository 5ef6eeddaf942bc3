/**
 * Objects of the config file: unknown keys are refused with the nearest known one; keys that would hold a secret, with the
 * variable that is meant.
 */
import { z } from 'zod';
import { formatNearest } from './nearest.ts';

/** Keys a person may try to write into the file, and the variable that is meant. */
const secretKeys: Readonly<Record<string, string>> = {
  password: 'LIVEVOX_PASSWORD',
  accessToken: 'LIVEVOX_ACCESS_TOKEN',
  token: 'LIVEVOX_ACCESS_TOKEN',
  username: 'LIVEVOX_USERNAME',
  userName: 'LIVEVOX_USERNAME',
  clientName: 'LIVEVOX_CLIENT_NAME',
  clientCode: 'LIVEVOX_CLIENT_NAME',
  credentials: 'LIVEVOX_CLIENT_NAME, LIVEVOX_USERNAME, LIVEVOX_PASSWORD and LIVEVOX_ACCESS_TOKEN',
  databaseUrl: 'DATABASE_URL',
  redisUrl: 'REDIS_URL',
  url: 'the variable that urlVariable names',
  connectionString: 'the variable that urlVariable names',
};

function describeUnknownKey(key: string, known: readonly string[]): string {
  const variable = secretKeys[key];
  if (variable !== undefined) return `${key} does not belong in a file; set ${variable} in the environment or in .env.`;
  return `${key} is not a known key${formatNearest(key, known)}`;
}

/** A strict object whose unknown keys are answered with the nearest known one. */
export function strict<Shape extends z.core.$ZodShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => describeUnknownKey(key, Object.keys(shape))).join('\n')
        : undefined,
  });
}
