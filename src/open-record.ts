/** Opens a tenant's system of record with what the mirror knows of the client: for a plan, and for those who only look. */
import type { Clock } from './clock.ts';
import type { MappedSourceConfig, SourceConfig, TenantConfig } from './config.ts';
import { type KnownLists, type Store, selectKnownValues } from './store/index.ts';
import {
  draftMapping,
  type MappingDraft,
  openSystemOfRecord,
  readColumnNames,
  type SystemOfRecord,
} from './system-of-record/index.ts';

export type { MappingDraft, RecordRow, SystemOfRecord } from './system-of-record/index.ts';

export type RecordDeps = { readonly tenant: TenantConfig; readonly store: Store; readonly clock: Clock };

/** A system of record of the tenant, with what the mirror knows of the client. @throws what opening it throws */
export async function openRecord(deps: RecordDeps, source: MappedSourceConfig): Promise<SystemOfRecord> {
  const { tenant, clock } = deps;
  return openSystemOfRecord(source, { timeZone: tenant.timeZone, clock, known: await selectKnown(deps) });
}

/** A first mapping for a system of record, by the names of its columns. @throws what opening and reading it throws */
export async function draftRecord(
  deps: RecordDeps,
  source: SourceConfig,
  signal: AbortSignal,
): Promise<MappingDraft & { readonly label: string }> {
  const { tenant, clock } = deps;
  const { label, columns } = await readColumnNames(source, { timeZone: tenant.timeZone, clock, signal });
  const { customFields } = await selectKnown(deps);
  return { label, ...draftMapping(columns, customFields) };
}

/** A list that is not mirrored any more goes out of date: what it said is not known then. */
async function selectKnown({ tenant, store }: RecordDeps): Promise<KnownLists> {
  const { customFields, groups, agents } = await selectKnownValues(store.pool, tenant.name);
  const { references } = tenant;
  return {
    customFields,
    groups: references.contactGroups ? groups : undefined,
    agents: references.agents ? agents : undefined,
  };
}
