/** What one keyed read of a contact says; it is passed in, because verify may not import the client. It can ask, not send. */
import type { CanonicalValue } from '../contact/index.ts';

export type LookedUp =
  | { readonly kind: 'absent' }
  /** Canonical values by field; a field that is missing is not known. */
  | { readonly kind: 'found'; readonly values: Readonly<Record<string, CanonicalValue>> }
  /** No keyed read can ask for such an account. */
  | { readonly kind: 'unknown' };

/** Asks LiveVox for one contact now. */
export type LookUp = (account: string, signal?: AbortSignal) => Promise<LookedUp>;
