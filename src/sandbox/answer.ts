/**
 * What a handler gives back: an answer as a value, or a Refusal thrown from wherever it is noticed. The server alone
 * writes to the socket, so that a fault can come between the work and its answer.
 */

/** The vendor's code of an error body; 202 and `noRecord` are on its pages, the others are the sandbox's own. */
export const errorCodes = {
  noRecord: 203,
  invalid: 203,
  missing: 202,
  exists: 202,
  unauthorized: 401,
  forbidden: 403,
  notFound: 404,
};

export type ErrorBody = { readonly code: number; readonly message: string };

export type Answer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
} & (
  | { readonly kind: 'empty' }
  | { readonly kind: 'json'; readonly body: unknown }
  /** An error in the shape the dialect asks for. */
  | { readonly kind: 'error'; readonly error: ErrorBody }
  | { readonly kind: 'bytes'; readonly bytes: AsyncIterable<Uint8Array>; readonly gzip: boolean }
);

/** The request is refused with that answer; nothing of it has been applied. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly answer: Answer;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.answer = { kind: 'error', status, error: { code, message } };
  }
}

export function json(body: unknown, status = 200): Answer {
  return { kind: 'json', status, body };
}

export function empty(status = 204): Answer {
  return { kind: 'empty', status };
}

/** 400: something mandatory is not there. */
export function refuseMissing(what: string): Refusal {
  return new Refusal(400, errorCodes.missing, `Missing required field: ${what}`);
}

/** 400: something is there and wrong. */
export function refuseInvalid(what: string): Refusal {
  return new Refusal(400, errorCodes.invalid, `Invalid request: ${what}`);
}

/** 404, in the words of the vendor's example unless a page has others. */
export function refuseNoRecord(message = 'No Record Found'): Refusal {
  return new Refusal(404, errorCodes.noRecord, message);
}
