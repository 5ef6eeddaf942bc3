/**
 * Samples → Prometheus's text format 0.0.4. Pure. Written here rather than taken from a client library: such libraries count in the process,
 * and most of what we tell stands in the database, as counters that no process may set.
 */
import { type MetricName, metricCatalogue } from './metric-catalogue.ts';

export type Labels = Readonly<Record<string, string>>;

export type Sample = {
  readonly name: MetricName;
  /** Of a histogram, which of its series. */
  readonly suffix?: '_bucket' | '_sum' | '_count';
  readonly labels: Labels;
  readonly value: number;
};

/** What the answer's `Content-Type` says. */
export const metricsContentType = 'text/plain; version=0.0.4; charset=utf-8';

/** The samples in the order of the catalogue, each metric with its help and type; metrics without a sample are left out. */
export function formatMetrics(samples: readonly Sample[]): string {
  const names = Object.keys(metricCatalogue) as readonly MetricName[];
  const format = (name: MetricName): string =>
    formatMetric(
      name,
      samples.filter((sample) => sample.name === name),
    );
  return names.map(format).join('');
}

function formatMetric(name: MetricName, samples: readonly Sample[]): string {
  if (samples.length === 0) return '';
  const { help, type } = metricCatalogue[name];
  const lines = samples.map(({ suffix = '', labels, value }) => `${name}${suffix}${formatLabels(labels)} ${value}\n`);
  return `# HELP ${name} ${escapeText(help)}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function formatLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeText(value).replaceAll('"', '\\"')}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
