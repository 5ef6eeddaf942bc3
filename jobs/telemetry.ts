/** What BullMQ tells of its jobs, as spans that join those of who added them. Loaded only where traces are sent. */
import type { Telemetry } from 'bullmq';
import { BullMQOtel } from 'bullmq-otel';

export function makeTelemetry(): Telemetry {
  return new BullMQOtel({ tracerName: 'livevox-sync' });
}
