/** The client of a sandbox, as the push wants it. */
import { onTestFinished } from 'vitest';
import { makeSecret } from '../../src/config.ts';
import { LiveVoxClient, type LiveVoxOptions } from '../../src/livevox/index.ts';
import type { PushDeps } from '../../src/push/push.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';

type Options = Pick<LiveVoxOptions, 'limits' | 'inFlight'>;

/** A client of the running test's own, closed after it. */
export function setupClient(sandbox: Pick<Sandbox, 'url' | 'credentials'>, options: Options = {}): PushDeps['livevox'] {
  const client = makeClient(sandbox, options);
  onTestFinished(() => client.close());
  return toWriter(client);
}

export function makeClient(
  { url, credentials }: Pick<Sandbox, 'url' | 'credentials'>,
  options: Options,
): LiveVoxClient {
  const { clientName, userName, password, accessToken } = credentials;
  return new LiveVoxClient({
    baseUrl: url,
    credentials: { clientName, userName, password: makeSecret(password), accessToken: makeSecret(accessToken) },
    timeZone: 'America/New_York',
    ...options,
  });
}

export function toWriter({ contacts }: LiveVoxClient): PushDeps['livevox'] {
  return {
    sendBulkCreate: contacts.bulkCreateContact,
    sendBulkUpdate: contacts.bulkUpdateContact,
    sendMultipleContactsDnd: contacts.updateMultipleContactsDnd,
    sendDeleteContact: contacts.deleteContact,
    sendCreateContact: contacts.createContact,
    sendUpdateContact: contacts.updateContact,
    sendContactDnd: contacts.updateContactDnd,
  };
}
