/** Deletes what a tenant has kept longer than its configuration asks for: binds the verb to the tenant's parts, for the command and for the job. */
import { type RetentionCounts, retain } from './retention/retention.ts';
import type { TenantDeps } from './step-context.ts';

export type { RetentionCounts } from './retention/retention.ts';

export type RetentionOptions = {
  /** Count only. @default false */
  readonly isDryRun?: boolean;
  readonly signal?: AbortSignal | undefined;
};

/** Safe at any time, beside any run, and to be killed anywhere. */
export function applyRetention(
  { store, log, tenant }: Pick<TenantDeps, 'store' | 'log' | 'tenant'>,
  now: Date,
  options: RetentionOptions = {},
): Promise<RetentionCounts> {
  const { name, retention, history, systemsOfRecord } = tenant;
  const sources = Object.keys(systemsOfRecord);
  const input = { tenant: name, retention, keepHistoryMonths: history.keepMonths, sources, now };
  return retain({ store, log }, { ...input, ...options });
}
