/**
 * What came of one request, as plain data. Everything the network and LiveVox can do to a call is one of these kinds, so that
 * "may it be repeated" and "what does the caller get" are tables over kinds, not nested catch blocks.
 * Only error-body.ts makes a reply of a status code; the number travels on as a fact and is not looked at again.
 */
import type { Readable } from 'node:stream';

export type ReplyFacts = { readonly httpStatus?: number; readonly serverDate?: Date };

export type Reply = ReplyFacts &
  (
    | { readonly kind: 'done'; readonly body: unknown }
    /** The head of a download; the body is still to be read, and must be read or destroyed. */
    | { readonly kind: 'streaming'; readonly body: Readable; readonly contentType: string | undefined }
    /** LiveVox says no to this request: another 4xx, or a 2xx whose body carries an error code. */
    | { readonly kind: 'refused'; readonly code?: string; readonly message: string }
    | { readonly kind: 'not_found'; readonly message: string }
    | { readonly kind: 'session_refused'; readonly message: string }
    | { readonly kind: 'forbidden'; readonly message: string }
    | { readonly kind: 'limited'; readonly retryAfterMs: number | undefined; readonly message: string }
    | { readonly kind: 'unavailable'; readonly retryAfterMs: number | undefined; readonly message: string }
    /** A server error: nobody knows how far the request came. */
    | { readonly kind: 'failed'; readonly message: string }
    | { readonly kind: 'redirected'; readonly message: string }
    /** A 2xx whose body says nothing we understand, e.g. a proxy's HTML page. */
    | { readonly kind: 'unreadable'; readonly message: string }
    /** The request left, and no whole answer came back: time-out, reset, stopped. */
    | { readonly kind: 'lost'; readonly message: string }
    /** The request never left this machine: connection refused, unknown host, TLS. */
    | { readonly kind: 'unreachable'; readonly message: string }
  );

/** Kinds of reply by name, for tables. */
export type ReplyKind = Reply['kind'];
