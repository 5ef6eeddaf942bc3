/** The page of a plan: nothing from outside runs or leaves it, and its filter shows exactly the rows that fit. */
import { createHash } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { writePage } from '../../src/cli/plan-page.ts';
import { pageScript } from '../../src/cli/plan-page-assets.ts';
import type { PlanListing } from '../../src/cli/plan-rows.ts';
import type { ChangedField } from '../../src/store/index.ts';

const row = {
  account: 'A1',
  operation: 'update',
  state: 'planned',
  risk: 10,
  hazards: [],
  field: 'lastName',
  from: 'Smith',
  to: 'Jones',
} as const;

function makeListing(rows: readonly ChangedField[], changes: Partial<PlanListing> = {}): PlanListing {
  const plan = {
    id: '0b8f7e5c-4c2f-4a7e-9a51-3f1f0e6c2d11',
    tenant: 'acme',
    systemOfRecord: 'crm',
    state: 'held',
    createdAt: new Date('2026-01-02T03:04:05Z'),
    seal: 'ab'.repeat(32),
    sealedAt: null,
    expiresAt: null,
    holds: [{ guard: 'maxUpdates', sentence: 'Too many <b>updates</b>.', approvers: 2 }],
    approvals: [{ by: 'Ann', reason: "it's fine", at: '2026-01-02T04:00:00Z' }],
    forecast: null,
    fact: null,
    reverts: null,
  };
  const totals = { patches: rows.length, contacts: rows.length, changedFields: rows.length };
  const listing = { plan, isMasked: true, totals, listed: rows.length, isRiskiest: false };
  const selectWhole = async () => ({
    ...totals,
    operations: [{ operation: 'update', endpoint: 'bulk_update', patches: 240_000, contacts: 150_000 }] as const,
    fields: [{ field: 'lastName', contacts: 150_000, changes: 240_000, notExpressible: 0 }],
    hazards: [],
  });
  return { ...listing, selectWhole, rows: readRows([rows]), ...changes };
}

async function* readRows(batches: readonly (readonly ChangedField[])[]): AsyncGenerator<readonly ChangedField[]> {
  yield* batches;
}

async function toPage(listing: PlanListing): Promise<string> {
  let page = '';
  for await (const text of writePage(listing)) page += text;
  return page;
}

describe('writePage', () => {
  test('what comes from outside is text, in every place', async () => {
    const evil = `"><img src=x onerror='alert(1)'></script>`;
    const page = await toPage(makeListing([{ ...row, account: evil, from: `<b>&amp;`, to: 'a\u202eb' }]));
    expect(page).not.toContain('<img');
    expect(page).not.toContain('<b>');
    expect(page.match(/<\/script>/g)).toHaveLength(1);
    expect(page).toContain('&quot;&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt;&lt;/script&gt;');
    expect(page).toContain('<td>&lt;b&gt;&amp;amp;</td><td>a\\u{202e}b</td>');
    expect(page).toContain('Too many &lt;b&gt;updates&lt;/b&gt;. Approvals needed: 2.');
    expect(page).toContain('it&#39;s fine');
  });

  test('its policy lets nothing load, and nothing run but its own script and style', async () => {
    const page = await toPage(makeListing([row]));
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? '';
    const hashOf = (tag: string): string => {
      const text = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page)?.[1] ?? '';
      return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    };
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${hashOf('script')}`,
      `style-src ${hashOf('style')}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(page).not.toMatch(/https?:|src=|href=|url\(|@import| on\w+=/);
  });

  test('totals, seal, and what it leaves out are said', async () => {
    const totals = { patches: 200_000, contacts: 150_000, changedFields: 240_000 };
    const page = await toPage(makeListing([row], { totals, listed: 100_000, isRiskiest: true }));
    expect(page).toContain('<dd>200,000 on 150,000 contacts</dd>');
    expect(page).toContain('<dd>100,000 of 240,000 changed fields: the riskiest; the other exports hold all</dd>');
    expect(page).toContain(`<dd>${'ab'.repeat(32)}</dd>`);
    expect(page).toContain('<li>update · bulk_update · 240,000</li>');
    expect(page).toContain('<li>lastName · 150,000</li>');
    expect(page).not.toContain('Contacts by hazard');
    expect(page).toContain('<dt>personal data</dt><dd>masked</dd>');
  });
});

type Cell = { readonly textContent: string };
type Line = { readonly cells: readonly Cell[]; readonly textContent: string; hidden: boolean };
type Control = { value: string; hidden: boolean; textContent: string; readonly options: string[]; input: () => void };

/** Runs the page's script on its own rows, in as much of a browser as it needs. */
async function openPage(listing: PlanListing): Promise<{ lines: readonly Line[]; control: (id: string) => Control }> {
  const page = await toPage(listing);
  const body = page.slice(page.indexOf('<tbody>'));
  const lines = [...body.matchAll(/<tr>(.*?)<\/tr>/g)].map((match): Line => {
    const cells = [...(match[1] ?? '').matchAll(/<td>(.*?)<\/td>/g)].map((cell) => ({ textContent: cell[1] ?? '' }));
    return { cells, textContent: cells.map((cell) => cell.textContent).join(''), hidden: false };
  });
  const controls = new Map<string, Control>();
  const control = (id: string): Control => {
    const known = controls.get(id);
    if (known !== undefined) return known;
    expect(page).toContain(`id="${id}"`);
    const made: Control & Record<string, unknown> = {
      value: id === 'risk' ? '0' : '',
      hidden: true,
      textContent: '',
      options: [],
      input: () => {},
      append: (option: { value: string }) => made.options.push(option.value),
      addEventListener: (name: string, listener: () => void) => {
        if (name === 'input') made.input = listener;
      },
    };
    controls.set(id, made);
    return made;
  };
  const document = { querySelectorAll: () => lines, getElementById: control };
  class Option {
    readonly value: string;
    constructor(_: string, value: string) {
      this.value = value;
    }
  }
  runInNewContext(pageScript, { document, Option });
  return { lines, control };
}

describe('the filter', () => {
  const rows = [
    { ...row, account: 'A1' },
    { ...row, account: 'A2', operation: 'lift', risk: 90, field: 'phone1Block' },
    { ...row, account: 'A3', operation: 'update', risk: 50, field: 'balance', to: 'Ünique' },
  ] as const;

  async function filter(changes: Readonly<Record<string, string>>): Promise<[readonly string[], string]> {
    const { lines, control } = await openPage(makeListing(rows));
    for (const [id, value] of Object.entries(changes)) {
      control(id).value = value;
      control(id).input();
    }
    const shown = lines.filter((line) => !line.hidden).map((line) => line.cells[0]?.textContent ?? '');
    return [shown, control('shown').textContent];
  }

  test.each([
    [{}, ['A1', 'A2', 'A3']],
    [{ operation: 'update' }, ['A1', 'A3']],
    [{ field: 'phone1Block' }, ['A2']],
    [{ risk: '50' }, ['A2', 'A3']],
    [{ text: 'üni' }, ['A3']],
    [{ operation: 'update', risk: '50' }, ['A3']],
    [{ operation: 'lift', text: 'a1' }, []],
  ])('%j shows %j', async (changes, accounts) => {
    expect(await filter(changes)).toEqual([accounts, `${accounts.length} of 3 rows`]);
  });

  test('it offers what there is, and appears only once it runs', async () => {
    const { control } = await openPage(makeListing(rows));
    expect(control('operation').options).toEqual(['update', 'lift']);
    expect(control('field').options).toEqual(['lastName', 'phone1Block', 'balance']);
    expect(control('filters').hidden).toBe(false);
  });
});
