/** The door of the embedded Postgres: a server of our own where DATABASE_URL names none. */
export { hasArea as hasEmbedded } from './area.ts';
export { openEmbedded, removeEmbedded } from './embedded.ts';
