/**
 * Which addresses may be called: https, and plain http only to this machine (the sandbox), because every request
 * carries a session id. User and password inside an address are refused: they would end up in logs.
 */

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Why an address is refused, as the end of a sentence; undefined when it is fine. */
export function problemOfBaseUrl(value: string): string | undefined {
  if (!URL.canParse(value)) return 'must be an address such as https://api.livevox.com.';
  const url = new URL(value);
  if (url.username !== '' || url.password !== '') return 'must not hold a user or a password.';
  if (url.search !== '' || url.hash !== '') return 'must end after the path.';
  if (url.protocol === 'https:') return undefined;
  if (url.protocol === 'http:' && loopback.test(url.hostname)) return undefined;
  return 'must begin with https:// (plain http is for this machine only).';
}
