/**
 * The library entry: `defineConfig` for config files; the LiveVox client and the family of errors, for programs that use
 * them without the command line.
 */
export { defineConfig, type UserConfig } from './config.ts';
export {
  ConfigError,
  FatalError,
  HeldError,
  LvsyncError,
  RateLimitedError,
  RetriableError,
  SkippableError,
} from './errors.ts';
export {
  type ContactWrite,
  type CustomFieldDefinition,
  LiveVoxClient,
  type LiveVoxOptions,
  type WriteAnswer,
} from './livevox/index.ts';
