/**
 * The suite: real Postgres and Redis, started once by the global set-up and shared by all files; every test takes a
 * database of its own. Four workers, because half of their time is waiting for processes and clocks.
 */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    // Files share what they import: nothing in it keeps a state that a test could leave behind.
    isolate: false,
    maxWorkers: 4,
    testTimeout: 90_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
    allowOnly: false,
    passWithNoTests: false,
    restoreMocks: true,
    unstubEnvs: true,
  },
});
