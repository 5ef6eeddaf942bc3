import { describe, expect, test } from 'vitest';
import { type FindingInput, findCause, type HeldContact, type ShownContact } from '../../src/reconcile/find-cause.ts';

const at = (time: string): Date => new Date(`2026-03-02T${time}Z`);
const input: FindingInput = {
  timeZone: 'UTC',
  settledUntil: at('12:00:00'),
  isCovered: (moment) => moment < at('08:00:00') || moment > at('09:00:00'),
};
const held: HeldContact = {
  values: { city: 'Akron', active: 'true', phone1Block: 'false' },
  modifyDate: at('07:00:00'),
  isTombstone: false,
  ownWriteAt: null,
};
const shown: ShownContact = { account: 'A-1', values: { city: 'Akron', active: 'true' }, modifyDate: at('07:00:00') };
const moved: ShownContact = { ...shown, values: { city: 'Bath' } };

describe('findCause', () => {
  test.each<[string, ShownContact | undefined, HeldContact | undefined, object]>([
    ['nothing differs', shown, held, { kind: 'same' }],
    ['neither side has it', undefined, undefined, { kind: 'unknown' }],
    ['gone, and known to be', undefined, { ...held, isTombstone: true }, { kind: 'unknown' }],
    ['gone', undefined, held, { kind: 'drift', cause: 'vanished', fields: [] }],
    ['newer in time that was pulled', { ...moved, modifyDate: at('07:30:00') }, held, { cause: 'late_commit' }],
    ['newer in a gap', { ...moved, modifyDate: at('08:30:00') }, held, { cause: 'missed_window' }],
    ['not known to the mirror', { ...shown, modifyDate: at('07:30:00') }, undefined, { cause: 'late_commit' }],
    ['newer than the last pull', { ...moved, modifyDate: at('12:30:00') }, held, { kind: 'not_pulled' }],
    ['other values, same modifyDate', moved, held, { cause: 'silent_change', fields: ['city'] }],
    ['older', { ...moved, modifyDate: at('06:00:00') }, held, { cause: 'rolled_back' }],
    ['newer in what an answer does not say', { ...shown, modifyDate: at('07:30:00') }, held, { fields: [] }],
    [
      'nobody has changed it since our own write',
      { ...moved, modifyDate: at('07:30:01') },
      { ...held, ownWriteAt: at('07:30:00') },
      { cause: 'altered', fields: ['city'] },
    ],
    [
      'somebody has changed it since our own write',
      { ...moved, modifyDate: at('07:45:00') },
      { ...held, ownWriteAt: at('07:30:00') },
      { cause: 'late_commit' },
    ],
  ])('%s', (_, there, here, finding) => {
    expect(findCause(there, here, input)).toMatchObject(finding);
  });

  test('an empty switch is off, and a field that the answer does not say is not different', () => {
    const off = { ...shown, values: { phone1Block: null } };
    expect(findCause(off, held, input)).toEqual({ kind: 'same' });
    expect(findCause({ ...shown, values: {} }, held, input)).toEqual({ kind: 'same' });
  });

  test('a modifyDate that is a day alone is that of any moment of the day', () => {
    const dayAlone = { ...held, modifyDate: at('00:00:00') };
    expect(findCause(shown, dayAlone, input)).toEqual({ kind: 'same' });
    expect(findCause(moved, dayAlone, input)).toMatchObject({ cause: 'silent_change' });
  });
});
