/** Traces as a collector gets them: the steps of a nightly below the jobs that did them, and the requests below the steps. */
import { expect, test } from 'vitest';
import { enqueueNightly } from '../../jobs/nightly.ts';
import { inSpan } from '../../src/spans.ts';
import { startTraces } from '../../src/traces.ts';
import { setupCollector } from '../support/collector.ts';
import { setupQueue, storeKinds } from './installation.ts';
import { setupNightly, startWorkerProcess, waitForEndedRuns } from './nightly-setup.ts';

test.each(storeKinds)('a nightly with its queue on %s', async (kind) => {
  const collector = await setupCollector();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
  const place = await setupNightly(kind, [{ name: 'acme' }], { contacts: 12, env });
  const queue = await setupQueue(place);
  const worker = startWorkerProcess(place);
  await enqueueNightly(queue, 'acme');
  const [run] = await waitForEndedRuns(place, 1);
  expect(run?.state).toBe('proven');
  worker.child.kill('SIGTERM');
  expect((await worker.finished).code).toBe(0);
  const spans = collector.listSpans();
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const pull = spans.find(({ name }) => name === 'step pull');
  expect(pull?.attributes).toContainEqual({ key: 'lvsync.runId', value: { stringValue: run?.id } });
  expect(byId.get(pull?.parentSpanId ?? '')?.attributes.map(({ key }) => key)).toContain('bullmq.job.id');
  const download = spans.find(({ name }) => name === 'LiveVox Bulk Contact Download');
  expect(download?.traceId).toBe(pull?.traceId);
  expect(download?.attributes).toContainEqual({ key: 'lvsync.httpStatus', value: { intValue: 200 } });
  for (const step of ['verify', 'diff', 'push']) expect(spans.map(({ name }) => name)).toContain(`step ${step}`);
});

test('of an error a span has what a log may say; without a collector nothing is sent, and nobody waits', async () => {
  const collector = await setupCollector();
  const fail = (): Promise<never> =>
    inSpan('step push', { tenant: 'acme' }, async () => {
      throw Object.assign(new Error('Smith, 123-45-6789'), { code: '22P02' });
    });
  await expect(fail()).rejects.toThrow('Smith');
  const stop = await startTraces({ endpoint: `${collector.url}/`, serviceName: 'ours' });
  await expect(fail()).rejects.toThrow('Smith');
  await stop();
  await expect(fail()).rejects.toThrow('Smith');
  expect(collector.listSpans()).toMatchObject([
    { name: 'step push', status: { code: 2, message: 'Error 22P02' }, attributes: [{ key: 'lvsync.tenant' }] },
  ]);
  expect(collector.bodies.join('')).not.toContain('Smith');
  expect(collector.bodies.join('')).toContain('"ours"');
  const nowhere = await startTraces({ endpoint: 'http://127.0.0.1:9', serviceName: 'ours' });
  await expect(fail()).rejects.toThrow('Smith');
  await nowhere();
});
