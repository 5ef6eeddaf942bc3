/**
 * Which tenant and which system of record a command means. With one configured no name is needed; with several, guessing
 * would send one client's contacts to another, so a name is demanded.
 */
import { ConfigError } from '../errors.ts';
import type { Config, MappedSourceConfig, SourceConfig, TenantConfig } from './config.ts';
import { formatNearest } from './nearest.ts';

/** The tenant of that name, or the only one. @throws ConfigError naming the tenants there are */
export function chooseTenant(config: Config, name?: string): TenantConfig {
  const names = config.tenants.map((tenant) => tenant.name);
  if (name === undefined && config.tenants.length > 1) {
    throw new ConfigError(`Several tenants are configured; choose one with --tenant: ${names.join(', ')}.`);
  }
  const chosen = name === undefined ? config.tenants[0] : config.tenants.find((tenant) => tenant.name === name);
  if (chosen === undefined) {
    throw new ConfigError(
      `No tenant is called ${name}${formatNearest(name ?? '', names)} Configured: ${names.join(', ')}.`,
    );
  }
  return chosen;
}

/** The tenant's system of record of that name, or its only one. @throws ConfigError naming those there are, or when it has no mapping */
export function chooseSource(
  tenant: TenantConfig,
  name?: string,
): { readonly name: string; readonly source: MappedSourceConfig } {
  const { name: chosen, source } = chooseAnySource(tenant, name);
  const { mapping } = source;
  if (mapping === undefined) {
    throw new ConfigError(
      `The system of record ${chosen} of tenant ${tenant.name} has no mapping; lvsync map --source ${chosen} drafts one.`,
    );
  }
  return { name: chosen, source: { ...source, mapping } };
}

/** The same, with or without a mapping. @throws ConfigError naming those there are */
export function chooseAnySource(
  tenant: TenantConfig,
  name?: string,
): { readonly name: string; readonly source: SourceConfig } {
  const names = Object.keys(tenant.systemsOfRecord);
  if (names.length === 0) {
    throw new ConfigError(
      `Tenant ${tenant.name} has no system of record; add one under systemsOfRecord in lvsync.config.ts (lvsync init writes a skeleton).`,
    );
  }
  if (name === undefined && names.length > 1) {
    throw new ConfigError(
      `Tenant ${tenant.name} has several systems of record; choose one with --source: ${names.join(', ')}.`,
    );
  }
  const chosen = name ?? names[0] ?? '';
  const source = Object.hasOwn(tenant.systemsOfRecord, chosen) ? tenant.systemsOfRecord[chosen] : undefined;
  if (source === undefined) {
    throw new ConfigError(
      `Tenant ${tenant.name} has no system of record called ${chosen}${formatNearest(chosen, names)} Configured: ${names.join(', ')}.`,
    );
  }
  return { name: chosen, source };
}
