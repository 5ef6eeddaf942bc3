/**
 * The common way of the real-time statistics: a POST with an optional filter, answered by numbers of that moment.
 */
import type { z } from 'zod';
import type { Calls } from './calls.ts';
import { toReadAnswer } from './read-answer.ts';
import { type CampaignFilter, type ServiceFilter, toStatisticsFilter } from './realtime-filter.ts';
import type { VendorMethod } from './vendor-method.ts';

export type StatisticsRequest<Answer> = {
  readonly method: VendorMethod;
  readonly path: string;
  readonly filter: ServiceFilter | CampaignFilter | undefined;
  /** What the body holds besides the filter. */
  readonly body?: Readonly<Record<string, number | undefined>>;
  readonly answer: z.ZodType<Answer>;
};

/** The statistics as answered. @throws as every read; FatalError for a filter LiveVox does not have. */
export async function fetchStatistics<Answer>(
  calls: Calls,
  { method, path, filter, body, answer }: StatisticsRequest<Answer>,
  signal?: AbortSignal,
): Promise<Answer> {
  const input = { path, body: { ...body, filter: toStatisticsFilter(filter) } };
  const reply = await calls.call(method, input, signal);
  return toReadAnswer(reply, answer, { method: method.name, origin: calls.origin });
}
