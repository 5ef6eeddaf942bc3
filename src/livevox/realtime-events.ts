/**
 * The events of the feeds, as LiveVox sends them (vendor page: Real-Time Reporting API, Agent Event and Interaction Event). Which attribute comes with
 * which event is not promised, so nearly all may be missing; ids are texts, whichever form they came in, times are instants.
 * Attributes the page does not name are kept as they came.
 */
import { z } from 'zod';
import { instantOrNothing, optionalNumber } from './realtime-values.ts';
import { optionalText } from './wire-scalars.ts';

const filledText = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(z.string().regex(/^(?!null$)[\s\S]+$/));

/** An agent's change of state. */
export const agentEvent = z.looseObject({
  /** When it happened; undefined where LiveVox wrote "null". */
  timestamp: instantOrNothing,
  eventId: optionalText,
  /** `READY`, `NOT_READY`, …; the page has no list of them. */
  eventType: filledText,
  clientId: optionalText,
  agentId: optionalText,
  agentServiceId: optionalText,
  agentTeamId: optionalText,
  lineNumber: optionalText,
  notReadyReasonCode: optionalText,
  callServiceId: optionalText,
  transactionId: optionalText,
  sessionId: optionalText,
  phoneNumber: optionalText,
  result: optionalText,
  campaignType: optionalText,
  agent2Id: optionalText,
  supervisorSessionId: optionalText,
  supervisorPhoneNumber: optionalText,
  seqNum: optionalNumber,
});

/** A call's start, disposition or termination, or an e-mail or text message that went out. */
export const interactionEvent = z.looseObject({
  /** What the stream form of the feed resumes from. */
  eventId: filledText,
  /** When it happened; undefined where LiveVox wrote "null". */
  timestamp: instantOrNothing,
  /** `VOICE`, `SMS`, `Email`; the spelling varies. */
  interactionType: optionalText,
  /** Of a call: `CALL_START`, `CALL_DISPOSITION`, `CALL_TERMINATION`. */
  callEventType: optionalText,
  /** Of an e-mail or text message: `Attempt`, …. */
  eventType: optionalText,
  account: optionalText,
  accountNumber: optionalText,
  acctTransactionId: optionalText,
  agentId: optionalText,
  agentLoginId: optionalText,
  agentSkillId: optionalText,
  areaCodeState: optionalText,
  callCenterId: optionalText,
  callDirection: optionalText,
  callerId: optionalText,
  callStartTime: instantOrNothing,
  campaignId: optionalText,
  campaignType: optionalText,
  campaignTypeId: optionalText,
  carrier: optionalText,
  clientId: optionalText,
  /** Seconds. */
  duration: optionalNumber,
  end: instantOrNothing,
  fromEmail: optionalText,
  lvResult: optionalText,
  lvResultId: optionalText,
  operatorPhone: optionalText,
  operatorTransfer: optionalNumber,
  operatorTransferSuccessful: optionalNumber,
  phoneDialed: optionalText,
  phoneNumber: optionalText,
  phonePosition: optionalText,
  priority: optionalNumber,
  roundedIvrDuration: optionalNumber,
  serviceId: optionalText,
  serviceLevelThreshold: optionalNumber,
  sessionId: optionalText,
  smsCode: optionalText,
  start: instantOrNothing,
  threadId: optionalText,
  toEmail: optionalText,
  transactionId: optionalText,
  transferHoldDuration: optionalNumber,
  zipCode: optionalText,
});

export type AgentEvent = Readonly<z.output<typeof agentEvent>>;
export type InteractionEvent = Readonly<z.output<typeof interactionEvent>>;
