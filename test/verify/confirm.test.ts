import { describe, expect, it } from 'vitest';
import { findField } from '../../src/contact/index.ts';
import { type SentPatch, toVerdicts } from '../../src/verify/confirm.ts';

const isBoolean = (field: string): boolean => findField(field)?.type === 'boolean';

function verdict(
  changes: SentPatch['changes'],
  shown: Record<string, string | null> | undefined,
  isChangedAfter = false,
): string | undefined {
  return toVerdicts([{ seq: '1', changes }], shown, { isBoolean, isChangedAfter }).get('1');
}

describe('toVerdicts', () => {
  it('confirms a patch whose every field shows what was sent', () => {
    expect(verdict({ firstName: ['Ann', 'Eve'], balance: ['1', '2'] }, { firstName: 'Eve', balance: '2' })).toBe(
      'confirmed',
    );
  });

  it('says not taken when a field still shows what it was', () => {
    expect(verdict({ firstName: ['Ann', 'Eve'], balance: ['1', '2'] }, { firstName: 'Eve', balance: '1' })).toBe(
      'not_taken',
    );
  });

  it('says altered when a field shows neither, and overtaken when somebody else changed the contact after us', () => {
    expect(verdict({ firstName: ['Ann', 'Eve'] }, { firstName: 'Zoe' })).toBe('altered');
    expect(verdict({ firstName: ['Ann', 'Eve'] }, { firstName: 'Zoe' }, true)).toBe('overtaken');
  });

  it('says not taken when one field shows what it was, whatever somebody did to another', () => {
    const changes = { firstName: ['Ann', 'Eve'], balance: ['1', '2'] } as const;
    expect(verdict(changes, { firstName: 'Zoe', balance: '1' }, true)).toBe('not_taken');
  });

  it('says not taken for a contact that LiveVox does not have', () => {
    expect(verdict({ firstName: [null, 'Eve'] }, undefined)).toBe('not_taken');
  });

  it('takes an empty boolean column for false', () => {
    expect(verdict({ accountBlock: ['true', 'false'] }, { accountBlock: null })).toBe('confirmed');
    expect(verdict({ accountBlock: ['false', 'true'] }, { accountBlock: null })).toBe('not_taken');
  });

  it('says not taken for a block that was said again and does not show', () => {
    expect(verdict({ accountBlock: ['true', 'true'] }, { accountBlock: 'false' })).toBe('not_taken');
  });

  it.each([
    ['nowhere: nobody can dial it', {}, 'confirmed'],
    ['stopped at its new place', { phone3: '2025550101', phone3Block: 'true' }, 'confirmed'],
    ['not stopped at its new place', { phone3: '2025550101', phone3Block: null }, 'not_taken'],
    [
      'stopped at one new place of two',
      { phone3: '2025550101', phone3Block: 'true', phone4: '2025550101' },
      'not_taken',
    ],
  ] as const)('looks for a stop where the number went: %s', (_, elsewhere, expected) => {
    const patches: SentPatch[] = [
      { seq: '1', changes: { phone1Block: ['false', 'true'] } },
      { seq: '2', changes: { phone1: ['2025550101', null] } },
    ];
    const verdicts = toVerdicts(patches, { phone1: null, ...elsewhere }, { isBoolean, isChangedAfter: false });
    expect(verdicts.get('1')).toBe(expected);
  });

  it('a number that has not left its place is stopped there, or not at all', () => {
    const patches: SentPatch[] = [
      { seq: '1', changes: { phone1Block: ['false', 'true'] } },
      { seq: '2', changes: { phone1: ['2025550101', null] } },
    ];
    const verdicts = toVerdicts(patches, { phone1: '2025550101' }, { isBoolean, isChangedAfter: false });
    expect([...verdicts.values()]).toEqual(['not_taken', 'not_taken']);
  });

  it('judges a field by the last patch that turned it', () => {
    const patches: SentPatch[] = [
      { seq: '1', changes: { phone1Block: ['false', 'true'] } },
      { seq: '2', changes: { phone1: ['2025550101', '2025550102'] } },
      { seq: '3', changes: { phone1Block: ['true', 'false'] } },
    ];
    const shown = { phone1: '2025550102', phone1Block: 'false' };
    expect([...toVerdicts(patches, shown, { isBoolean, isChangedAfter: false })].toSorted()).toEqual([
      ['1', 'confirmed'],
      ['2', 'confirmed'],
      ['3', 'confirmed'],
    ]);
  });
});
