/**
 * By what a dead letter knows a change again: SHA-256, hex, of what a request carries for one contact. jsonb keeps the keys of an object in
 * one order and each value in one spelling, so that equal values give equal text whoever planned them.
 */

/** SQL of the digest of a column of `sync.patches.sends`. */
export function toSendsDigest(sends: string): string {
  return `encode(sha256(convert_to(${sends}::text, 'UTF8')), 'hex')`;
}
