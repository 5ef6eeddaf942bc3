/**
 * The dashboard and the alert rules, held against the metrics: every metric they ask for exists, with the labels they ask by, and docs/metrics.md lists
 * every alert. promtool is not among the tools of this project, so PromQL is checked for names, labels and brackets, not for meaning.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from 'c12';
import { describe, expect, test } from 'vitest';
import { type MetricSpec, metricCatalogue } from '../../jobs/metric-catalogue.ts';
import { root } from '../support/source-files.ts';

type Rule = {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string };
};
type Rules = { readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[] };
type Panel = {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
};
type Dashboard = { readonly panels: readonly Panel[] };

const folder = join(root, 'docs/grafana');
const catalogue: Readonly<Record<string, MetricSpec>> = metricCatalogue;

async function readRules(): Promise<readonly Rule[]> {
  const { config } = await loadConfig<Rules>({ cwd: folder, configFile: 'alerts.yml', rcFile: false });
  return config.groups.flatMap(({ rules }) => rules);
}

function readDashboard(): Dashboard {
  return JSON.parse(readFileSync(join(folder, 'lvsync.json'), 'utf8')) as Dashboard;
}

/** Labels that every scraped metric has besides its own. */
const besides = ['instance', 'job', 'le'];

/** Metrics and labels of an expression that do not exist, and brackets that do not close. */
function findWrong(expr: string): readonly string[] {
  const plain = expr.replaceAll(/"[^"]*"/g, '""');
  const used = [...plain.matchAll(/\b((?:lvsync|process)_\w+)(?:\{([^}]*)\})?/g)].map(
    ([, name = '', matchers = '']) => {
      const base = name.replace(/_(bucket|sum|count)$/, '');
      const metric = catalogue[name] ?? (catalogue[base]?.type === 'histogram' ? catalogue[base] : undefined);
      const labels = matchers.split(',').flatMap((matcher) => matcher.match(/^\s*(\w+)/)?.[1] ?? []);
      return { name, metric, labels };
    },
  );
  const known = new Set([...besides, ...used.flatMap(({ metric }) => metric?.labels ?? [])]);
  const grouped = [...plain.matchAll(/\b(?:by|on|without) \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(', '));
  const count = (one: string): number => plain.split(one).length;
  return [
    ...(used.length === 0 ? ['no metric'] : []),
    ...used.filter(({ metric }) => metric === undefined).map(({ name }) => name),
    ...used.flatMap(({ name, metric, labels }) =>
      labels.filter((label) => !metric?.labels.includes(label)).map((label) => `${name}{${label}}`),
    ),
    ...grouped.filter((label) => !known.has(label)).map((label) => `by ${label}`),
    ...['()', '{}', '[]'].filter(([open = '', close = '']) => count(open) !== count(close)),
  ];
}

test('a wrong expression is found', () => {
  expect(findWrong('max by (tenant) (lvsync_plans_held) > 0')).toEqual([]);
  expect(findWrong('max by (account) (lvsync_plans_heldx{tenant="a"}')).toEqual([
    'lvsync_plans_heldx',
    'lvsync_plans_heldx{tenant}',
    'by account',
    '()',
  ]);
});

describe('alerts.yml', () => {
  test('every rule asks for what exists, by labels that exist', async () => {
    const rules = await readRules();
    expect(rules.length).toBeGreaterThan(10);
    expect(rules.flatMap(({ alert, expr }) => findWrong(expr).map((wrong) => `${alert}: ${wrong}`))).toEqual([]);
  });

  test('every rule has a name, a severity, a duration that Prometheus knows, and a sentence with labels that it gives', async () => {
    const rules = await readRules();
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { alert, expr, for: waits = '0m', labels, annotations } of rules) {
      expect(alert).toMatch(/^Lvsync[A-Z]\w+$/);
      expect(['critical', 'warning', 'info'], alert).toContain(labels.severity);
      expect(waits, alert).toMatch(/^\d+[mh]$/);
      const told = [...annotations.summary.matchAll(/\{\{ \$labels\.(\w+) \}\}/g)].map(([, label]) => label);
      const given = expr.match(/by \(([^)]*)\)/)?.[1]?.split(', ') ?? [];
      expect(
        told.filter((label) => !given.includes(label ?? '')),
        alert,
      ).toEqual([]);
    }
  });

  test('docs/metrics.md lists each with its severity, and no other', async () => {
    const page = readFileSync(join(root, 'docs/metrics.md'), 'utf8');
    const rows = (await readRules()).map(({ alert, labels }) => `| \`${alert}\` | ${labels.severity} |`);
    expect(page.match(/^\| `Lvsync\w+` \| \w+ \|/gm)).toEqual(rows);
  });
});

describe('lvsync.json', () => {
  const { panels } = readDashboard();

  test('every panel asks for what exists, and names its series by labels that it has', () => {
    const wrong = panels.flatMap(({ title, targets = [] }) =>
      targets.flatMap(({ expr, legendFormat }) => {
        const told = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label ?? '');
        const lost = told.filter(
          (label) => label !== 'instance' && !expr.match(/by \(([^)]*)\)/)?.[1]?.includes(label),
        );
        return [...findWrong(expr), ...lost].map((what) => `${title}: ${what}`);
      }),
    );
    expect(wrong).toEqual([]);
  });

  test('no two panels have the same id or the same place, and none is wider than the page', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    expect(new Set(panels.map(({ gridPos: { x, y } }) => `${x},${y}`)).size).toBe(panels.length);
  });

  test('every metric that the database tells is shown', () => {
    const shown = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)).join('\n');
    const unseen = Object.entries(catalogue).filter(([name, { from }]) => from === 'database' && !shown.includes(name));
    expect(unseen.map(([name]) => name)).toEqual([
      'lvsync_last_sweep_timestamp_seconds',
      'lvsync_plan_held_since_timestamp_seconds',
    ]);
  });
});
