/** The files that `lvsync init` writes. The sentences come from the configuration's own schema, so that they stay true. */
import { type EnvironmentVariable, environmentVariables } from '../config.ts';

/** What stands behind the equals sign of a variable that has to be filled in; all others are commented out. */
const toFillIn: Readonly<Record<string, string>> = {
  LIVEVOX_ENVIRONMENT: 'NA3',
  LIVEVOX_CLIENT_NAME: '',
  LIVEVOX_USERNAME: '',
  LIVEVOX_PASSWORD: '',
  LIVEVOX_ACCESS_TOKEN: '',
};

/** `.env`, each variable with its sentence. */
export function formatDotenvSkeleton(): string {
  return `# Settings and secrets of livevox-sync; what the real environment sets wins over this file.
# Put a value with a space or a # into single quotes. With several tenants, put the tenant's name into each LIVEVOX variable:
# LIVEVOX_ACME_PASSWORD for tenant acme.

${environmentVariables.map(formatVariable).join('\n')}`;
}

function formatVariable({ name, sentence }: EnvironmentVariable): string {
  const value = toFillIn[name];
  return `# ${sentence}\n${value === undefined ? `# ${name}=` : `${name}=${value}`}\n`;
}

/** `lvsync.config.ts` for one tenant. */
export function formatConfigSkeleton(tenant: string): string {
  return `import { defineConfig } from 'livevox-sync';

// All keys, with defaults and units: docs/configuration.md. Secrets do not belong here; they come from the environment or .env.
export default defineConfig({
  tenants: {
    '${tenant}': {
      // Dates and times without a zone, in LiveVox's files as in yours, are in this one.
      timeZone: 'America/New_York',

      systemsOfRecord: {
        // Whose truth wins. Rows are read, never written.
        crm: {
          kind: 'csv',
          path: './contacts.csv',
          // LiveVox field: column of the file; lvsync map --draft writes this part from your file, lvsync map shows what it makes of the
          // first rows. Only what is mapped is compared and changed. account is mandatory.
          mapping: {
            account: 'account',
            firstName: 'first_name',
            lastName: 'last_name',
            phone1: 'phone',
            balance: 'balance',
            COL1: 'segment',
          },
        },
        // Or the rows of a query, against PostgreSQL or (kind: 'mysql') MySQL and MariaDB:
        // crm: {
        //   kind: 'postgres',
        //   urlVariable: 'CRM_DATABASE_URL',
        //   query: 'select account, first_name, last_name, phone, balance, segment from contacts',
        //   mapping: { account: 'account', firstName: 'first_name' },
        // },
      },

      // A plan beyond these limits, or beyond those of docs/plan.md, is held until a person has approved it (lvsync approve).
      guards: { maxMoreDiallable: 100, maxCreates: 100_000, maxUpdates: 100_000 },

      // What lvsync schedule writes into the queue, for lvsync worker to run.
      schedule: { nightly: { cron: '30 2 * * *' } },
    },
  },
});
`;
}
