/**
 * Everything a sandbox holds: its clock, its contacts, its sessions, its moods. Handlers get it whole; two sandboxes in
 * one process share nothing.
 */
import { type ClientZone, dayMs, makeClientZone } from './client-zone.ts';
import { type Dialect, defaultDialect } from './dialect.ts';
import { type FaultBook, makeFaultBook } from './faults.ts';
import { type ContactBook, makeContactBook } from './model/contact-book.ts';
import { makePopulation } from './model/population.ts';
import { makeRequestLog, type RequestLog } from './request-log.ts';
import { makeSessionBook, type SandboxUser, type SessionBook } from './session-book.ts';
import { type BulkBodies, makeBulkBodies } from './wire/contact-details.ts';

export type WorldOptions = {
  readonly contacts: number;
  readonly seed: number;
  readonly dialect: Partial<Dialect>;
  readonly timeZone: string;
  readonly clientName: string;
  readonly users: readonly SandboxUser[];
  readonly accessTokens: readonly string[];
  readonly now: () => number;
};

export type World = {
  /** The sandbox's own clock, epoch ms. */
  readonly now: () => number;
  /** The client's calendar day it is now. */
  readonly today: () => number;
  readonly setClockOffset: (offsetMs: number) => void;
  readonly zone: ClientZone;
  readonly contacts: ContactBook;
  readonly sessions: SessionBook;
  readonly faults: FaultBook;
  readonly log: RequestLog;
  readonly bodies: BulkBodies;
  readonly clientName: string;
  readonly users: readonly SandboxUser[];
  readonly accessTokens: readonly string[];
  dialect: Dialect;
};

/** @throws RangeError when the time zone is none. */
export function makeWorld(options: WorldOptions): World {
  let offsetMs = 0;
  const now = (): number => options.now() + offsetMs;
  const zone = makeClientZone(options.timeZone);
  // Whole days, so that a sandbox started again the same day has the same contacts.
  const asOf = (Math.floor(options.now() / dayMs) - 1) * dayMs;
  return {
    now,
    today: () => zone.dayOf(now()),
    setClockOffset: (ms) => {
      offsetMs = ms;
    },
    zone,
    contacts: makeContactBook(makePopulation({ size: options.contacts, seed: options.seed, asOf })),
    sessions: makeSessionBook(now),
    faults: makeFaultBook(),
    log: makeRequestLog(),
    bodies: makeBulkBodies(zone),
    clientName: options.clientName,
    users: options.users,
    accessTokens: options.accessTokens,
    dialect: { ...defaultDialect, ...options.dialect },
  };
}
