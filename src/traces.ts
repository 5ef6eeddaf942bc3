/**
 * Sends spans to an OpenTelemetry collector (OTLP over HTTP, JSON) while a workplace is open. Loaded, with its libraries, only where there is one.
 * Spans that cannot be delivered are dropped: no run waits for a collector, and none fails because of one.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { TracesConfig } from './config.ts';

/** How long a delivery may take, and the last one when the process ends, milliseconds. */
const patienceMs = 2_000;

/** From here on `inSpan` is heard. Returns what sends the last spans and ends it. */
export async function startTraces({ endpoint, serviceName }: TracesConfig): Promise<() => Promise<void>> {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: patienceMs,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName, 'service.version': await readVersion() }),
    spanProcessors: [new BatchSpanProcessor({ exporter, exportTimeoutMillis: patienceMs })],
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  return async () => {
    const ended = provider.shutdown().catch(() => {});
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, patienceMs).unref())]);
    for (const part of [trace, context, propagation]) part.disable();
  };
}

async function readVersion(): Promise<string> {
  const place = createRequire(import.meta.url).resolve('livevox-sync/package.json');
  return (JSON.parse(await readFile(place, 'utf8')) as { version: string }).version;
}
