/** What a config file imports: types for the editor, nothing else. */
import type { UserConfig } from './file-schema.ts';

export type { UserConfig } from './file-schema.ts';

/** Gives `lvsync.config.ts` completion and type checks; returns its argument. */
export function defineConfig(config: UserConfig): UserConfig {
  return config;
}
