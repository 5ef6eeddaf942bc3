/**
 * Which addresses may be called: https, and plain http only to this machine (the sandbox), because every request
 * carries a session id. User and password inside an address are refused: they would end up in logs.
 */

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Why the address of an API is refused, as the end of a sentence; undefined when it is fine. */
export function problemOfBaseUrl(value: string): string | undefined {
  if (!URL.canParse(value)) return 'must be an address such as https://api.livevox.com.';
  const { search, hash } = new URL(value);
  if (search !== '' || hash !== '') return 'must end after the path.';
  return problemOfWebhook(value);
}

/** The same for the address of a webhook, which may carry a query. */
export function problemOfWebhook(value: string): string | undefined {
  if (!URL.canParse(value)) return 'must be an address that begins with https://.';
  const url = new URL(value);
  if (url.username !== '' || url.password !== '') return 'must not hold a user or a password.';
  if (url.protocol === 'https:') return undefined;
  if (url.protocol === 'http:' && loopback.test(url.hostname)) return undefined;
  return 'must begin with https:// (plain http is for this machine only).';
}
