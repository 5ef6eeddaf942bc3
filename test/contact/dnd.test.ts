import { describe, expect, test } from 'vitest';
import {
  applyDnd,
  chooseBlockVerb,
  chooseLiftVerb,
  type DndBits,
  type DndState,
  type DndVerb,
  dndStates,
  dndVerbs,
  isDailyInForce,
  toDndBits,
  toDndState,
  type WantedDnd,
} from '../../src/contact/dnd.ts';

const bits = [true, false, undefined];
const everyWanted: WantedDnd[] = bits.flatMap((permanent) => bits.map((daily) => ({ permanent, daily })));
const names = ['permanent', 'daily'] as const;

const send = (verb: DndVerb | undefined, state: DndState): DndState =>
  verb === undefined ? state : applyDnd(verb, state);
const isWantedBlocked = (wanted: WantedDnd): boolean => wanted.permanent === true || wanted.daily === true;

/** Which way each bit went. */
function toMoves(before: DndState, after: DndState): DndBits & Record<string, boolean | undefined> {
  const [from, to] = [toDndBits(before), toDndBits(after)];
  return { permanent: from.permanent !== to.permanent, daily: from.daily !== to.daily };
}

type Situation = { readonly wanted: WantedDnd; readonly mirror: DndState; readonly now: DndState };
const everySituation: Situation[] = everyWanted.flatMap((wanted) =>
  dndStates.flatMap((mirror) => dndStates.map((now) => ({ wanted, mirror, now }))),
);

describe('applyDnd', () => {
  test('is the table of the vendor page', () => {
    const columns = ['DAILY', 'PERMANENT', 'NONE', 'BOTH'] as const;
    const rows = dndVerbs.map((verb) => [verb, ...columns.map((state) => applyDnd(verb, state))].join(' '));
    expect(rows.toSorted()).toEqual([
      'BOTH BOTH BOTH BOTH BOTH',
      'DAILY DAILY BOTH DAILY BOTH',
      'DAILY_OFF NONE PERMANENT NONE PERMANENT',
      'NONE NONE NONE NONE NONE',
      'PERMANENT BOTH PERMANENT PERMANENT BOTH',
      'PERMANENT_OFF DAILY NONE NONE DAILY',
    ]);
  });

  test('sending a verb twice is sending it once, so an unknown outcome may be repeated', () => {
    for (const verb of dndVerbs) {
      for (const state of dndStates) expect(applyDnd(verb, applyDnd(verb, state))).toBe(applyDnd(verb, state));
    }
  });
});

describe('toDndState', () => {
  test('goes there and back', () => {
    expect(dndStates.map((state) => toDndState(toDndBits(state)))).toEqual(dndStates);
  });
});

describe('the block phase', () => {
  test('only ever sets bits, and only bits that are wanted true', () => {
    for (const { wanted, mirror, now } of everySituation) {
      const after = send(chooseBlockVerb(wanted, mirror), now);
      for (const name of names) {
        if (toMoves(now, after)[name]) expect([wanted[name], toDndBits(after)[name]]).toEqual([true, true]);
      }
    }
  });

  test('leaves every wanted block set that the mirror did not show, whatever the state by now', () => {
    for (const { wanted, mirror, now } of everySituation) {
      const after = toDndBits(send(chooseBlockVerb(wanted, mirror), now));
      for (const name of names) {
        if (wanted[name] === true && !toDndBits(mirror)[name]) expect(after[name]).toBe(true);
      }
    }
  });

  test('sends nothing when the mirror shows what is wanted', () => {
    for (const { wanted, mirror } of everySituation) {
      const shown = toDndBits(mirror);
      if (names.some((name) => wanted[name] !== undefined && wanted[name] !== shown[name])) continue;
      expect([chooseBlockVerb(wanted, mirror), chooseLiftVerb(wanted, mirror)]).toEqual([undefined, undefined]);
    }
  });

  test('sets a block again that the mirror shows, when the other one is about to be lifted', () => {
    expect(chooseBlockVerb({ permanent: true, daily: false }, 'BOTH')).toBe('PERMANENT');
    expect(chooseBlockVerb({ permanent: false, daily: true }, 'BOTH')).toBe('DAILY');
  });

  test('goes from DAILY to PERMANENT in two steps, the block first', () => {
    const wanted = { permanent: true, daily: false };
    expect([chooseBlockVerb(wanted, 'DAILY'), chooseLiftVerb(wanted, 'DAILY')]).toEqual(['PERMANENT', 'DAILY_OFF']);
  });
});

describe('the lift phase', () => {
  test('only ever clears bits, and only bits that are wanted false', () => {
    for (const { wanted, mirror, now } of everySituation) {
      const after = send(chooseLiftVerb(wanted, mirror), now);
      for (const name of names) {
        if (toMoves(now, after)[name]) expect([wanted[name], toDndBits(after)[name]]).toEqual([false, false]);
      }
    }
  });

  test('leaves no block standing that the mirror showed and nobody wants, whatever the state by now', () => {
    for (const { wanted, mirror, now } of everySituation) {
      const after = toDndBits(send(chooseLiftVerb(wanted, mirror), now));
      for (const name of names) {
        if (wanted[name] === false && toDndBits(mirror)[name]) expect(after[name]).toBe(false);
      }
    }
  });

  test('sends NONE only when both blocks are wanted off', () => {
    for (const { wanted, mirror } of everySituation) {
      if (chooseLiftVerb(wanted, mirror) === 'NONE') expect(wanted).toEqual({ permanent: false, daily: false });
    }
  });
});

describe('both phases together', () => {
  test('end in what is wanted when the mirror was right, and leave the bits alone that are not ours', () => {
    for (const { wanted, mirror } of everySituation) {
      const after = toDndBits(send(chooseLiftVerb(wanted, mirror), send(chooseBlockVerb(wanted, mirror), mirror)));
      for (const name of names) expect(after[name]).toBe(wanted[name] ?? toDndBits(mirror)[name]);
    }
  });

  test('nobody who is wanted blocked and is blocked becomes diallable at any instant, however wrong the mirror', () => {
    for (const { wanted, mirror, now } of everySituation) {
      if (!isWantedBlocked(wanted) || now === 'NONE') continue;
      const blocked = send(chooseBlockVerb(wanted, mirror), now);
      expect(blocked).not.toBe('NONE');
      expect(send(chooseLiftVerb(wanted, mirror), blocked)).not.toBe('NONE');
    }
  });

  test('a crash between the phases, then a new plan on a fresh mirror, ends in what is wanted without an open instant', () => {
    for (const { wanted, mirror, now } of everySituation) {
      // The crash came before the block left, or after it (its outcome unknown either way).
      for (const crashed of [now, send(chooseBlockVerb(wanted, mirror), now)]) {
        const blocked = send(chooseBlockVerb(wanted, crashed), crashed);
        const lifted = send(chooseLiftVerb(wanted, crashed), blocked);
        for (const name of names) {
          if (wanted[name] !== undefined) expect(toDndBits(lifted)[name]).toBe(wanted[name]);
        }
        if (isWantedBlocked(wanted)) expect([blocked, lifted]).not.toContain('NONE');
      }
    }
  });

  test('a crash between the phases, then the same plan from its start, ends as without the crash', () => {
    for (const { wanted, mirror, now } of everySituation) {
      const [block, lift] = [chooseBlockVerb(wanted, mirror), chooseLiftVerb(wanted, mirror)];
      const once = send(block, now);
      expect(send(lift, send(block, once))).toBe(send(lift, once));
    }
  });
});

describe('isDailyInForce', () => {
  const zone = 'America/New_York';
  test.each([
    ['a block read this morning holds tonight', '2024-05-01T12:00:00Z', '2024-05-02T03:59:59Z', true],
    ['a block read yesterday does not hold after midnight', '2024-05-02T03:59:59Z', '2024-05-02T04:00:00Z', false],
    ['the day is the client’s, not UTC’s', '2024-05-01T23:00:00Z', '2024-05-02T01:00:00Z', true],
    ['a block read by a clock that runs ahead holds', '2024-05-02T04:00:01Z', '2024-05-02T03:59:59Z', true],
  ])('%s', (_, readAt, now, expected) => {
    expect(isDailyInForce(new Date(readAt), new Date(now), zone)).toBe(expected);
  });
});
