/**
 * Config file + environment → one frozen, documented, validated object. The door of the room; nothing outside it reads
 * the environment. All problems are reported at once, misspelt names with the nearest known one, and secrets come wrapped.
 */
export { chooseAnySource, chooseSource, chooseTenant } from './config/choose-tenant.ts';
export type {
  Config,
  CsvSourceConfig,
  FanOutConfig,
  FieldMapping,
  FieldRule,
  GuardsConfig,
  LimitConfig,
  LiveVoxCredentials,
  MappedSourceConfig,
  MetricsConfig,
  ModuleSourceConfig,
  MysqlSourceConfig,
  NdjsonSourceConfig,
  NotifyConfig,
  PlansConfig,
  PostgresSourceConfig,
  PushConfig,
  RecordFileConfig,
  RecordRows,
  ReferencesConfig,
  RetentionConfig,
  SourceConfig,
  TenantConfig,
  TextEncoding,
  TracesConfig,
} from './config/config.ts';
export { defineConfig, type UserConfig } from './config/define-config.ts';

export { type Environment, type EnvironmentVariable, environmentVariables } from './config/environment.ts';
export { fileSchema } from './config/file-schema.ts';
export { findHome, type LoadConfigOptions, loadConfig, loadPlaces, type Places } from './config/load-config.ts';
export { formatNearest } from './config/nearest.ts';
export type { NotifyEvent } from './config/notify-schema.ts';
export { makeSecret, type Secret } from './config/secret.ts';
