/**
 * `POST /sandbox/events`: what the feeds tell next. Events as given, made-up ones from a seed in a chosen spelling, and
 * raw text that no reader can take for an event.
 */
import { z } from 'zod';
import { type Answer, json, refuseInvalid } from '../answer.ts';
import {
  idSpellings,
  makeAgentEvent,
  makeInteractionEvent,
  type SampleContext,
  spellInstant,
  timestampSpellings,
} from '../model/event-samples.ts';
import type { Feed } from '../model/events.ts';
import { clientId } from '../model/population.ts';
import { formatTick } from '../model/time-token.ts';
import type { Exchange } from '../router.ts';
import { parseBody } from '../wire/parse-body.ts';
import type { World } from '../world.ts';

const eventsBody = z.strictObject({
  feed: z.enum(['agent', 'interaction']),
  /** As they are; an `eventId` and a `timestamp` are added where there is none. */
  events: z.array(z.record(z.string(), z.unknown())).default([]),
  /** Put into the feed as text. */
  raw: z.array(z.string()).default([]),
  /** So many made-up ones. */
  generate: z.int().min(0).max(100_000).default(0),
  seed: z.int().default(1),
  timestamps: z.enum(timestampSpellings).default('asPrinted'),
  ids: z.enum(idSpellings).default('asPrinted'),
});

/** Answers the `eventId`s, in order; null for raw text. */
export function pushEvents({ world, body }: Exchange): Answer {
  const { feed, events, raw, generate, seed, timestamps, ids } = parseBody(eventsBody, body);
  const context: SampleContext = {
    dice: { state: seed },
    spelling: { timestamps, ids },
    zone: world.zone,
    clientId,
    agentIds: world.agents.list().map(({ id }) => id),
    services: world.services.list(),
  };
  if (generate > 0 && (context.agentIds.length === 0 || context.services.length === 0))
    throw refuseInvalid('there are no agents or no services to make events of');
  const pushed = [
    ...events.map((fields) => pushGiven(world, feed, context, fields)),
    ...raw.map((text) => pushRaw(world, feed, text)),
    ...Array.from({ length: generate }, (_, index) => pushSample(world, feed, context, index + 1)),
  ];
  return json({ pushed: pushed.length, eventIds: pushed }, 201);
}

type Fields = Readonly<Record<string, unknown>>;

function pushGiven(world: World, feed: Feed, context: SampleContext, given: Fields): string {
  return pushFields(world, feed, (epochMs, eventId) => ({
    eventId,
    timestamp: spellInstant(context, epochMs, feed === 'agent' ? 'number' : 'iso'),
    ...given,
  }));
}

function pushSample(world: World, feed: Feed, context: SampleContext, number: number): string {
  const make = feed === 'agent' ? makeAgentEvent : makeInteractionEvent;
  return pushFields(world, feed, (epochMs, eventId) => make(context, { epochMs, eventId, number }));
}

function pushFields(world: World, feed: Feed, make: (epochMs: number, eventId: string) => Fields): string {
  const { id } = world.events.push(feed, (tick, epochMs) => {
    const fields = make(epochMs, formatTick(tick, 'event'));
    return { id: String(fields['eventId']), text: JSON.stringify(fields), fields };
  });
  return id ?? '';
}

function pushRaw(world: World, feed: Feed, text: string): null {
  world.events.push(feed, () => ({ id: undefined, text, fields: undefined }));
  return null;
}
