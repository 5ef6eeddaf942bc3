import { describe, expect, it } from 'vitest';
import { chooseHoldReasons } from '../../src/diff/guard.ts';

const guards = { maxMoreDiallable: 2, maxCreates: 3, maxUpdates: 4 };
const calm = { accepted: 10, quarantined: 0, creates: 3, updates: 4, moreDiallable: 2 };

describe('chooseHoldReasons', () => {
  it('lets a plan pass that is at its limits', () => {
    expect(chooseHoldReasons(calm, guards)).toEqual([]);
  });

  it('holds a plan whose system of record gave nothing', () => {
    expect(chooseHoldReasons({ ...calm, accepted: 0 }, guards)).toEqual([
      'The system of record gave no usable row: check the file or the query before anything is sent.',
    ]);
  });

  it('names each limit that is passed, with the count and the setting', () => {
    expect(chooseHoldReasons({ ...calm, creates: 4, updates: 5, moreDiallable: 3 }, guards)).toEqual([
      'The plan would make more diallable (lifted blocks, granted consents, activations) 3 contacts; guards.maxMoreDiallable allows 2.',
      'The plan would create 4 contacts; guards.maxCreates allows 3.',
      'The plan would update 5 contacts; guards.maxUpdates allows 4.',
    ]);
  });
});
