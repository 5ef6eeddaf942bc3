/**
 * Text without what nobody sees: composed (NFC), and trimmed at both ends of white space, no-break spaces, byte order marks,
 * zero-width and direction marks. Inside a text everything stays as it is. Settles at once: plain text is its own plain text.
 * What would surprise: nearly every value is ASCII, so a look at the characters comes first; normalising costs ten times as much.
 */

/** White space, and characters that are invisible at the end of a text; those that join letters mean something only inside. */
const invisible = /[\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069]/;

export function toPlainText(raw: string): string {
  return isPlain(raw) ? raw : trim(raw.normalize('NFC'));
}

/** Why a text can be no value of any field, neither in Postgres nor in JSON; undefined when it can. */
export function findTextProblem(raw: string): string | undefined {
  if (raw.includes('\0')) return 'contains a NUL character';
  return raw.isWellFormed() ? undefined : 'contains a broken Unicode character';
}

/** True for printable ASCII without space at its ends. */
function isPlain(raw: string): boolean {
  const last = raw.length - 1;
  for (let index = 0; index <= last; index += 1) {
    const code = raw.charCodeAt(index);
    if (code > 0x7e || code < 0x20) return false;
  }
  return last < 0 || (raw.charCodeAt(0) !== 0x20 && raw.charCodeAt(last) !== 0x20);
}

/** By hand from both ends: a pattern would look at every run of spaces inside once for each of its characters. */
function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && invisible.test(text[start] ?? '')) start += 1;
  while (start < end && invisible.test(text[end - 1] ?? '')) end -= 1;
  return text.slice(start, end);
}
