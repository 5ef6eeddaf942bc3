/**
 * Spans: what took how long, for OpenTelemetry. They cost next to nothing until traces.ts has been told where to send them. Like a log line, a span
 * carries scalars alone, and of an error only what a log may say.
 */
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { toLogReason } from './errors.ts';
import type { LogFacts } from './log.ts';

/** Does `work` inside a span; `note` adds facts that are known later. */
export function inSpan<Result>(
  name: string,
  facts: LogFacts,
  work: (note: (more: LogFacts) => void) => Promise<Result>,
): Promise<Result> {
  return trace.getTracer('livevox-sync').startActiveSpan(name, async (span) => {
    span.setAttributes(toAttributes(facts));
    try {
      return await work((more) => void span.setAttributes(toAttributes(more)));
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: toLogReason(error) });
      throw error;
    } finally {
      span.end();
    }
  });
}

function toAttributes(facts: LogFacts): Record<string, string | number | boolean> {
  const known = Object.entries(facts).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [[`lvsync.${name}`, value] as const],
  );
  return Object.fromEntries(known);
}
