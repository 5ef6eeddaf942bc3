/** What may leave a second time. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LostPatch } from '../../src/store/index.ts';
import { chooseFateByKey, chooseFateByMirror } from '../../src/verify/choose-fate.ts';

function lost(patch: Partial<LostPatch>): LostPatch {
  return {
    seq: '1',
    account: 'A1',
    operation: 'update',
    endpoint: 'bulk_update',
    changes: { firstName: ['Ann', 'Eve'] },
    sends: { firstName: 'Eve', active: 'true' },
    shown: { firstName: 'Ann', active: 'true' },
    ...patch,
  };
}

const held = { phone1Block: 'true', phone1BlockDaily: 'false' };
const lift = lost({
  operation: 'lift',
  endpoint: 'multi_dnd',
  changes: { phone1Block: ['true', 'false'] },
  sends: { phone1: '(202) 555-0101', phone1Block: 'NONE' },
  shown: { phone1: '2025550101', phone1Block: 'true' },
});

describe('a lost update', () => {
  it('is repeated when the contact shows what was planned from', () => {
    expect(chooseFateByMirror(lost({}))).toBe('repeat');
  });

  it.each([
    ['is gone', undefined],
    ['was changed in the same field', { firstName: 'Zoe', active: 'true' }],
    ['was switched off', { firstName: 'Ann', active: 'false' }],
  ] as const)('stays when the contact %s', (_, shown) => {
    expect(chooseFateByMirror(lost({ shown }))).toBe('stay');
  });

  it('stays when a consent that goes along with the phones was withdrawn meanwhile', () => {
    const phones = {
      changes: { phone2: [null, '2025550102'] },
      sends: { phone1: '202-555-0101', phone1SmsConsent: 'true', phone2: '2025550102', active: 'true' },
    } as const;
    const shown = { phone1: '2025550101', phone1SmsConsent: 'true', phone2: null, active: 'true' };
    expect(chooseFateByMirror(lost({ ...phones, shown }))).toBe('repeat');
    expect(chooseFateByMirror(lost({ ...phones, shown: { ...shown, phone1SmsConsent: null } }))).toBe('stay');
    expect(chooseFateByMirror(lost({ ...phones, shown: { ...shown, phone1: '2025550199' } }))).toBe('stay');
  });

  it('never overwrites what somebody else put there', () => {
    const value = fc.constantFrom('Ann', 'Eve', 'Zoe', null);
    const flag = fc.constantFrom('true', 'false', null);
    fc.assert(
      fc.property(value, value, flag, flag, value, (from, to, sent, active, firstName) => {
        const patch = lost({
          changes: { firstName: [from, to] },
          sends: { firstName: to, active: sent },
          shown: { firstName, active },
        });
        const isFree = (firstName === from || firstName === to) && (active ?? 'false') === (sent ?? 'false');
        expect(chooseFateByMirror(patch)).toBe(isFree ? 'repeat' : 'stay');
      }),
    );
  });
});

describe('a lost create', () => {
  const create = lost({ operation: 'create', endpoint: 'bulk_create', shown: undefined });

  it('is repeated only when a keyed read finds no such contact', () => {
    expect(chooseFateByKey(create, { kind: 'absent' })).toBe('repeat');
    expect(chooseFateByKey(create, { kind: 'unknown' })).toBe('stay');
    expect(chooseFateByKey({ ...create, shown: { firstName: 'Zoe' } }, { kind: 'absent' })).toBe('stay');
  });

  it('waits for the next read-back when the contact exists by now', () => {
    expect(chooseFateByKey(create, { kind: 'found', values: {} })).toBe('unread');
  });
});

describe('a lost lift', () => {
  it('is repeated only when a keyed read shows the block still', () => {
    expect(chooseFateByKey(lift, { kind: 'found', values: held })).toBe('repeat');
    expect(chooseFateByKey(lift, { kind: 'found', values: { phone1Block: 'false' } })).toBe('unread');
    expect(chooseFateByKey(lift, { kind: 'found', values: {} })).toBe('stay');
    expect(chooseFateByKey(lift, { kind: 'absent' })).toBe('stay');
    expect(chooseFateByKey(lift, { kind: 'unknown' })).toBe('stay');
  });

  it.each([
    ['NONE', { phone1BlockDaily: ['true', 'false'] }, { phone1Block: 'true', phone1BlockDaily: 'true' }, 'stay'],
    ['NONE', { phone1BlockDaily: ['true', 'false'] }, { phone1Block: 'false', phone1BlockDaily: 'true' }, 'repeat'],
    ['NONE', { phone1BlockDaily: ['true', 'false'] }, { phone1BlockDaily: 'true' }, 'stay'],
    ['NONE', { phone1Block: ['true', 'false'] }, { phone1Block: 'true', phone1BlockDaily: 'true' }, 'stay'],
    ['DAILY_OFF', { phone1BlockDaily: ['true', 'false'] }, { phone1Block: 'true', phone1BlockDaily: 'true' }, 'repeat'],
    ['PERMANENT_OFF', { phone1Block: ['true', 'false'] }, { phone1Block: 'true', phone1BlockDaily: 'true' }, 'repeat'],
  ] as const)('by %s of %j never takes away a block that came meanwhile: %j, %s', (verb, changes, values, fate) => {
    const shown = { phone1: '2025550101', ...values };
    const patch = { ...lift, changes, sends: { ...lift.sends, phone1Block: verb }, shown };
    expect(chooseFateByKey(patch as LostPatch, { kind: 'found', values })).toBe(fate);
  });

  it('stays when the number has changed hands', () => {
    const moved = { ...lift, shown: { phone1: '2025550199', phone1Block: 'true' } };
    expect(chooseFateByKey(moved, { kind: 'found', values: { phone1Block: 'true' } })).toBe('stay');
  });
});
