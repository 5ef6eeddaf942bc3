/**
 * Made-up events with the attributes of the vendor's examples, reproducible from a seed, in any of the spellings seen
 * there: an instant as epoch ms (a number or digits), as ISO text with an offset, with the broken offset
 * `16-100-04:00`, or as the text "null"; ids as numbers or texts. `asPrinted` takes what the page shows for the kind.
 */
import type { ClientZone } from '../client-zone.ts';
import { type Dice, pick, roll } from './dice.ts';

export const timestampSpellings = ['asPrinted', 'number', 'digits', 'iso', 'broken', 'null', 'mixed'] as const;
export const idSpellings = ['asPrinted', 'number', 'string', 'mixed'] as const;

type EventSpelling = {
  readonly timestamps: (typeof timestampSpellings)[number];
  readonly ids: (typeof idSpellings)[number];
};

export type SampleContext = {
  readonly dice: Dice;
  readonly spelling: EventSpelling;
  readonly zone: ClientZone;
  readonly clientId: number;
  readonly agentIds: readonly number[];
  readonly services: readonly { readonly id: number; readonly callCenterId: number }[];
};

/** Where an event stands in its feed. */
export type SamplePlace = { readonly epochMs: number; readonly eventId: string; readonly number: number };

type Fields = Record<string, unknown>;

/** An agent event: a change of state. */
export function makeAgentEvent(context: SampleContext, { epochMs, number }: SamplePlace): Fields {
  const { dice, agentIds, services } = context;
  const toId = makeToId(context, 'number');
  const agentId = pick(dice, agentIds);
  const serviceId = pick(dice, services).id;
  const eventType = pick(dice, ['LOGON', 'READY', 'NOT_READY', 'IN_CALL', 'WRAP_UP', 'LOGOFF']);
  return {
    timestamp: spellInstant(context, epochMs, 'number'),
    clientId: toId(context.clientId),
    agentId: toId(agentId),
    agentServiceId: toId(serviceId),
    agentTeamId: toId(1234),
    lineNumber: 'ACD',
    eventType,
    ...(eventType === 'NOT_READY' ? { notReadyReasonCode: pick(dice, ['OTHER', 'LUNCH', 'BREAK']) } : {}),
    ...(eventType === 'IN_CALL' ? makeCallPart(context, serviceId) : {}),
    seqNum: number,
    eventId: `cid=${context.clientId}:aid=${agentId}:time=${epochMs}:seq=${number}`,
  };
}

function makeCallPart(context: SampleContext, serviceId: number): Fields {
  const toId = makeToId(context, 'number');
  return {
    callServiceId: toId(serviceId),
    transactionId: toId(51_296_000_000 + roll(context.dice, 1_000_000)),
    sessionId: makeVoiceSession(context.dice),
    phoneNumber: `617555${1000 + roll(context.dice, 9000)}`,
    campaignType: 'OUTBOUND',
  };
}

/** An interaction event: a text message, an e-mail, or one of the three of a call. */
export function makeInteractionEvent(context: SampleContext, place: SamplePlace): Fields {
  const kind = roll(context.dice, 5);
  if (kind === 0) return makeSms(context, place);
  if (kind === 1) return makeEmail(context, place);
  const stages = ['CALL_START', 'CALL_DISPOSITION', 'CALL_TERMINATION'] as const;
  return makeVoice(context, place, stages[kind - 2] ?? 'CALL_START');
}

function makeMessage(context: SampleContext, { epochMs, eventId, number }: SamplePlace): Fields {
  const toId = makeToId(context, 'string');
  const service = pick(context.dice, context.services);
  const transaction = 1_229_726_000_000 + number;
  return {
    eventId,
    clientId: toId(context.clientId),
    callCenterId: toId(service.callCenterId),
    serviceId: toId(service.id),
    timestamp: spellInstant(context, epochMs, 'iso'),
    campaignId: toId(751_740_000 + roll(context.dice, 1000)),
    sessionId: `${service.id}-${transaction}-${epochMs}`,
    acctTransactionId: toId(transaction),
    eventType: 'Attempt',
    threadId: roll(context.dice, 2) === 0 ? null : toId(transaction),
    accountNumber: `A${String(1 + roll(context.dice, 1000)).padStart(7, '0')}`,
    campaignType: 'OB',
  };
}

function makeSms(context: SampleContext, place: SamplePlace): Fields {
  const phoneNumber = `617555${1000 + roll(context.dice, 9000)}`;
  const own = { interactionType: 'SMS', phoneNumber, carrier: 'sap_sms365', smsCode: '53063' };
  return { ...makeMessage(context, place), ...own };
}

function makeEmail(context: SampleContext, place: SamplePlace): Fields {
  const toEmail = `person${roll(context.dice, 1000)}@example.com`;
  const own = { interactionType: 'Email', fromEmail: 'desk@example.com', toEmail, carrier: 'sendgrid' };
  return { ...makeMessage(context, place), ...own };
}

type Stage = 'CALL_START' | 'CALL_DISPOSITION' | 'CALL_TERMINATION';

function makeVoice(context: SampleContext, { epochMs, eventId, number }: SamplePlace, stage: Stage): Fields {
  const { dice } = context;
  const toId = makeToId(context, 'number');
  const service = pick(dice, context.services);
  const isTold = stage !== 'CALL_DISPOSITION';
  return {
    eventId,
    callEventType: stage,
    interactionType: 'VOICE',
    transactionId: toId(1_229_726_000_000 + number),
    clientId: toId(context.clientId),
    serviceId: toId(service.id),
    callCenterId: toId(service.callCenterId),
    sessionId: makeVoiceSession(dice),
    campaignId: isTold ? toId(751_740_000 + roll(dice, 1000)) : null,
    phoneDialed: isTold ? `617555${1000 + roll(dice, 9000)}` : null,
    account: isTold ? `A${String(1 + roll(dice, 1000)).padStart(7, '0')}` : null,
    areaCodeState: isTold ? 'MA' : 'null',
    ...(isTold
      ? { callDirection: 'MANUAL', campaignType: 'MANUAL', agentId: String(pick(dice, context.agentIds)) }
      : {}),
    start: spellInstant(context, epochMs - 14_000, 'iso'),
    timestamp: spellInstant(context, epochMs, 'iso'),
    ...(stage === 'CALL_TERMINATION' ? makeOutcome(context, epochMs) : {}),
  };
}

function makeOutcome(context: SampleContext, epochMs: number): Fields {
  return {
    end: spellInstant(context, epochMs, 'iso'),
    callerId: null,
    serviceLevelThreshold: 20,
    transferHoldDuration: 0,
    roundedIvrDuration: 0,
    duration: roll(context.dice, 300),
    agentSkillId: '',
    lvResultId: 661,
    priority: 308,
    lvResult: 'Operator Transfer (Agent Terminated Call)',
    operatorTransferSuccessful: 1,
    operatorTransfer: 1,
  };
}

function makeVoiceSession(dice: Dice): string {
  return `U${roll(dice, 1_000_000).toString(16).toUpperCase()}T${roll(dice, 1_000_000)}@192.0.2.${1 + roll(dice, 250)}`;
}

function makeToId({ dice, spelling: { ids } }: SampleContext, printed: 'number' | 'string') {
  return (value: number): number | string => {
    const spelling = ids === 'asPrinted' ? printed : ids === 'mixed' ? pick(dice, ['number', 'string']) : ids;
    return spelling === 'string' ? String(value) : value;
  };
}

/** An instant as an event may show it. */
export function spellInstant(
  { dice, zone, spelling: { timestamps } }: Pick<SampleContext, 'dice' | 'zone' | 'spelling'>,
  epochMs: number,
  printed: 'number' | 'iso',
): number | string {
  const mixed = ['number', 'digits', 'iso', 'broken', 'null'] as const;
  const spelling = timestamps === 'mixed' ? pick(dice, mixed) : timestamps === 'asPrinted' ? printed : timestamps;
  if (spelling === 'number') return epochMs;
  if (spelling === 'digits') return String(epochMs);
  if (spelling === 'null') return 'null';
  const { day, ms, offset } = toWallParts(zone, epochMs);
  return spelling === 'broken' ? `${day}-${ms}${offset}` : `${day}.${ms}${offset}`;
}

/** `2021-04-24T04:44:08`, `000`, `-04:00` */
function toWallParts(
  zone: ClientZone,
  epochMs: number,
): { readonly day: string; readonly ms: string; readonly offset: string } {
  const iso = new Date(epochMs + zone.offsetAt(epochMs)).toISOString();
  return { day: iso.slice(0, 19), ms: iso.slice(20, 23), offset: formatOffset(zone.offsetAt(epochMs)) };
}

/** `-04:00` */
function formatOffset(offsetMs: number): string {
  const minutes = Math.abs(offsetMs) / 60_000;
  const two = (value: number): string => String(Math.trunc(value)).padStart(2, '0');
  return `${offsetMs < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}

/** `2021-03-30 01:21:51-0400`, as comments and messages of the feeds show an instant. */
export function formatWallTime(zone: ClientZone, epochMs: number): string {
  const { day, offset } = toWallParts(zone, epochMs);
  return `${day.replace('T', ' ')}${offset.replace(':', '')}`;
}
