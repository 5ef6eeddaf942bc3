/**
 * `--unmask` and `--by`: personal data is shown whole only on request, and each request is recorded in sync.audit before the first
 * value is shown. The record names the command and its options, never a value of a contact.
 */
import { userInfo } from 'node:os';
import { ConfigError } from '../errors.ts';
import { insertAudit, type Store } from '../store/index.ts';

export type UnmaskOptions = {
  /** Show personal data whole. @default false */
  readonly unmask?: boolean;
  /** Who looks. @default the user of the operating system */
  readonly by?: string;
};

/** @throws ConfigError when --by is given without --unmask, or names nobody */
export function assertUnmaskOptions({ unmask, by }: UnmaskOptions): void {
  if (by === undefined) return;
  if (unmask !== true) throw new ConfigError('--by says who looks at personal data; it needs --unmask.');
  if (by.trim() === '') throw new ConfigError('--by must name a person.');
}

export type Unmasking = {
  readonly tenant: string;
  readonly changeSetId?: string | undefined;
  /** The command. */
  readonly command: string;
  /** Its options; of `account` and `out` not the value. */
  readonly options: Readonly<Record<string, unknown>>;
};

/** Records who looks, if personal data was asked for; returns whether it may be shown whole. */
export async function recordUnmasking(
  store: Store,
  { unmask, by }: UnmaskOptions,
  { tenant, changeSetId, command, options }: Unmasking,
): Promise<boolean> {
  if (unmask !== true) return false;
  const actor = by?.trim() ?? userInfo().username;
  const detail = [command, ...formatOptions(options)].join(' ');
  await insertAudit(store.pool, { tenant, actor, action: 'unmasked', changeSetId, detail });
  return true;
}

/** Options whose values may name a contact, or a folder of the person. */
const untold = new Set(['account', 'out']);

function formatOptions(options: Unmasking['options']): readonly string[] {
  return Object.entries(options)
    .filter(([name, value]) => value !== undefined && name !== 'by' && name !== 'config')
    .map(([name, value]) => (value === true || untold.has(name) ? `--${name}` : `--${name} ${String(value)}`));
}
