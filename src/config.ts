/**
 * Config file + environment → one frozen, documented, validated object. The door of the room; nothing outside it reads
 * the environment. All problems are reported at once, misspelt names with the nearest known one, and secrets come wrapped.
 */
import type { Environment } from './config/environment.ts';

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
  ModuleSourceConfig,
  MysqlSourceConfig,
  NdjsonSourceConfig,
  PlansConfig,
  PostgresSourceConfig,
  PushConfig,
  RecordFileConfig,
  RecordRows,
  ReferencesConfig,
  SourceConfig,
  TenantConfig,
  TextEncoding,
} from './config/config.ts';
export { defineConfig, type UserConfig } from './config/define-config.ts';

export { type Environment, type EnvironmentVariable, environmentVariables } from './config/environment.ts';
export { fileSchema } from './config/file-schema.ts';
export { findHome, type LoadConfigOptions, loadConfig } from './config/load-config.ts';
export { makeSecret, type Secret } from './config/secret.ts';
export { readTerminalTraits } from './config/terminal.ts';

/** Whether unexpected errors are shown with their stack; answered without a valid configuration, because that may be what failed. */
export function isDebugging(env: Environment = process.env): boolean {
  return env['LVSYNC_LOG_LEVEL'] === 'debug';
}
