/**
 * Where Drizzle's tools (`npx drizzle-kit studio`, `check`) find the schema and the migrations. They read; the
 * migrations themselves are written by hand and applied by `lvsync migrate`.
 */
import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/store/schema.ts',
  out: './migrations',
  schemaFilter: ['mirror', 'sync'],
});
