/**
 * Read In Call Metadata and Read Post Call Metadata (GET /realtime/callData/inCall and /postCall): what is known of one call, while it
 * lasts and afterwards. Today's calls only. The page calls `consumer` an array and shows an object.
 */
import { z } from 'zod';
import type { Calls } from './calls.ts';
import { type LiveVoxId, toIdText } from './livevox-id.ts';
import { toReadAnswerIfAny } from './read-answer.ts';
import { optionalInstant, optionalNumber } from './realtime-values.ts';
import type { VendorMethod } from './vendor-method.ts';
import { optionalText, wireBoolean, wireId, wireList } from './wire-scalars.ts';
import { withQuery } from './with-query.ts';

export const readInCallMetadataMethod: VendorMethod = { name: 'Read In Call Metadata', verb: 'GET', kind: 'read' };
export const readPostCallMetadataMethod: VendorMethod = { name: 'Read Post Call Metadata', verb: 'GET', kind: 'read' };

/** What identifies a call. */
export type CallKey = {
  readonly sessionId: string;
  readonly transactionId: LiveVoxId;
  readonly clientId?: LiveVoxId;
};

const inCallMetadata = z.object({
  serviceId: wireId,
  callCenterId: wireId,
  account: optionalText,
  totalDue: optionalNumber,
  callDirectionOutbound: wireBoolean,
  callStartTime: optionalInstant,
  zipCode: optionalText,
  consumer: wireList(z.object({ firstName: optionalText, lastName: optionalText })),
});

const postCallMetadata = z.object({
  serviceId: wireId,
  callEndTime: optionalInstant,
  lvResult: optionalText,
  /** Digits; for a call that came in, the caller's. */
  phoneDialed: optionalText,
  termCodeName: optionalText,
});

export type InCallMetadata = Readonly<z.output<typeof inCallMetadata>>;
export type PostCallMetadata = Readonly<z.output<typeof postCallMetadata>>;

/** What is known of a call under way; undefined when LiveVox knows none. */
export async function fetchInCallMetadata(
  calls: Calls,
  key: CallKey,
  signal?: AbortSignal,
): Promise<InCallMetadata | undefined> {
  const path = withQuery('/realtime/callData/inCall', toQuery(key));
  const reply = await calls.call(readInCallMetadataMethod, { path }, signal);
  const context = { method: readInCallMetadataMethod.name, origin: calls.origin };
  return toReadAnswerIfAny(reply, inCallMetadata, context);
}

/** What is known of a call that is over; undefined when LiveVox knows none. */
export async function fetchPostCallMetadata(
  calls: Calls,
  key: CallKey,
  signal?: AbortSignal,
): Promise<PostCallMetadata | undefined> {
  const path = withQuery('/realtime/callData/postCall', toQuery(key));
  const reply = await calls.call(readPostCallMetadataMethod, { path }, signal);
  const context = { method: readPostCallMetadataMethod.name, origin: calls.origin };
  return toReadAnswerIfAny(reply, postCallMetadata, context);
}

function toQuery({ clientId, sessionId, transactionId }: CallKey): Readonly<Record<string, string | undefined>> {
  return {
    client: clientId === undefined ? undefined : toIdText(clientId),
    session: sessionId,
    transaction: toIdText(transactionId),
  };
}
