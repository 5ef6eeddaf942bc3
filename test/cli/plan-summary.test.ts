/** A plan's summary as text: what a person decides by. */
import { expect, test } from 'vitest';
import { formatPlanSummary, type PlanSummary } from '../../src/cli/plan-summary.ts';
import type { ChangedField } from '../../src/store/index.ts';

function makeSummary(changes: Partial<PlanSummary> = {}): PlanSummary {
  return {
    id: 'ID',
    tenant: 'acme',
    systemOfRecord: 'crm',
    state: 'held',
    createdAt: new Date('2026-01-02T03:04:05Z'),
    seal: '5ea1',
    sealedAt: new Date('2026-01-02T03:04:05Z'),
    expiresAt: new Date('2026-01-03T03:04:05Z'),
    holds: [{ guard: 'maxMoreDiallable', sentence: 'The plan would make 200 contacts more diallable.', approvers: 2 }],
    approvals: [{ by: 'Ann', reason: 'seen \u001b[2J', at: '2026-01-02T04:00:00Z' }],
    forecast: null,
    fact: null,
    reverts: null,
    patches: 3,
    contacts: 2,
    changedFields: 4,
    operations: [
      { operation: 'block', endpoint: 'multi_dnd', patches: 1, contacts: 1 },
      { operation: 'lift', endpoint: 'multi_dnd', patches: 1, contacts: 1 },
      { operation: 'not_expressible', endpoint: null, patches: 1, contacts: 1 },
    ],
    fields: [
      { field: 'phone1Block', contacts: 1, changes: 2, notExpressible: 0 },
      { field: 'balance', contacts: 0, changes: 0, notExpressible: 1 },
    ],
    hazards: [{ hazard: 'drops_phone', patches: 1, contacts: 1 }],
    masked: true,
    riskiest: [],
    riskiestPatches: 0,
    next: 'lvsync approve ID --by NAME --reason TEXT',
    ...changes,
  };
}

function toLines(plan: PlanSummary): readonly (readonly string[])[] {
  return formatPlanSummary(plan)
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/));
}

test('counts, hazards, holds, approvals, seal, and how many people it takes', () => {
  expect(toLines(makeSummary())).toEqual([
    ['what it would change: 3 patches on 2 contacts, 4 changed fields'],
    ['block', 'by multi_dnd', '1 patch', '1 contact'],
    ['lift', 'by multi_dnd', '1 patch', '1 contact'],
    ['not_expressible', 'no request can carry it', '1 patch', '1 contact'],
    ['fields'],
    ['phone1Block', '1 contact', 'in 2 steps'],
    ['balance', '0 contacts', 'and 1 that no request can carry'],
    ['hazards'],
    ['drops_phone', '1 contact'],
    ['held: The plan would make 200 contacts more diallable.'],
    ['approved by Ann, 2026-01-02T04:00:00Z: seen \\u{1b}[2J'],
    ['seal 5ea1, expires 2026-01-03T03:04:05Z'],
    ['look:', 'lvsync show ID --out plan.html'],
    ['next:', 'lvsync approve ID --by NAME --reason TEXT', '(2 different people)'],
  ]);
});

test('a patch of many fields does not push the next one off the screen', () => {
  const fields = ['firstName', 'lastName', 'COL1', 'COL2', 'COL3', 'COL4', 'COL5', 'COL6'];
  const create = fields.map((field): ChangedField => {
    return { account: 'A1', operation: 'create', field, from: null, to: 'x', state: 'planned', risk: 20, hazards: [] };
  });
  const riskiest = [...create, { ...create[0]!, account: 'A2' }];
  const lines = toLines(makeSummary({ riskiest, riskiestPatches: 2 }));
  const start = lines.findIndex(([title]) => title?.startsWith('the riskiest: 2 of 3 patches'));
  expect(lines.slice(start + 2, start + 10).map((cells) => cells.join(' '))).toEqual([
    ...fields.slice(0, 6).map((field) => `20 A1 create - ${field} (empty) → x`),
    'and 2 more fields',
    '20 A2 create - firstName (empty) → x',
  ]);
});

test('what it takes: the whole, and each endpoint with what the time was reckoned from', () => {
  const endpoints = [
    { endpoint: 'multi_dnd', rows: 1_000, calls: 2, minutes: 0.4, basis: 'measured' },
    { endpoint: 'bulk_update', rows: 60_000, calls: 120, minutes: 23.8, basis: 'limit' },
  ] as const;
  const known = formatPlanSummary(makeSummary({ forecast: { calls: 122, minutes: 24.2, endpoints } }));
  expect(known).toContain('it takes 122 calls, about 24 min, besides the pulls that read back\n');
  expect(known).toMatch(/^ {2}multi_dnd +2 calls +1,000 rows +less than a minute, by what earlier calls took$/m);
  expect(known).toMatch(/^ {2}bulk_update +120 calls +60,000 rows +about 24 min, by the configured limit$/m);
});

test('of a plan that changes nothing there is nothing to say, unless a guard holds it', () => {
  const nothing = { patches: 0, contacts: 0, changedFields: 0, operations: [], fields: [], hazards: [] };
  expect(formatPlanSummary(makeSummary({ ...nothing, holds: [] }))).toBe('');
  expect(formatPlanSummary(makeSummary(nothing))).toContain('held: ');
});
