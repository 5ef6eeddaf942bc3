/**
 * What a resource file says of a method of the vendor's API and of one call of it; everything else about a call is the same for all.
 */
import type { HttpRequest } from './http.ts';
import type { MethodKind } from './retry.ts';

/** A method of the vendor's API. */
export type VendorMethod = {
  /** The heading of the vendor's page; the name of its lane and of its count. */
  readonly name: string;
  readonly verb: HttpRequest['verb'];
  readonly kind: MethodKind;
};

export type CallInput = {
  /** Starts with `/`; parts encoded. */
  readonly path: string;
  /** Sent as JSON; mandatory for every verb but GET. */
  readonly body?: unknown;
  /**
   * Instead of `body`: makes it when the request has its slot and is about to leave; again for each attempt. What it throws is thrown by the
   * call if no attempt before may have had an effect. When the slot has passed meanwhile, what it made goes with the next, unless it would be
   * older than two seconds by then: it is called again.
   */
  readonly prepareBody?: () => Promise<unknown>;
  readonly headers?: Readonly<Record<string, string>>;
  /** The least time limit the call needs, milliseconds. @default the client's */
  readonly minTimeoutMs?: number;
};
