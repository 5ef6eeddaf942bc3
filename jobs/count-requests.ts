/** Counts the requests of this process for its metrics: how many, what came of them, how long they took, how many are on their way. */
import type { RequestWatch } from '../src/wiring.ts';
import type { Labels, Sample } from './format-metrics.ts';

export type RequestCounts = {
  /** Who is to be told of a tenant's requests. */
  readonly watch: (tenant: string) => RequestWatch;
  readonly collect: () => readonly Sample[];
};

/** Upper ends of the buckets of durations, seconds; a bulk request takes seconds, a download up to its minutes. */
const bucketEnds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

type MethodCounts = {
  readonly labels: Labels;
  /** What came of them → requests. */
  readonly replies: Map<string, number>;
  /** Requests per bucket, the last without an end. */
  readonly buckets: number[];
  seconds: number;
  inFlight: number;
};

export function countRequests(): RequestCounts {
  const methods = new Map<string, MethodCounts>();
  const find = (tenant: string, method: string): MethodCounts => {
    const key = `${tenant} ${method}`;
    const known = methods.get(key) ?? makeCounts({ tenant, method });
    methods.set(key, known);
    return known;
  };
  return {
    watch: (tenant) => ({
      left: (method) => {
        find(tenant, method).inFlight += 1;
      },
      answered: (method, reply, durationMs) => note(find(tenant, method), reply, durationMs / 1000),
    }),
    collect: () => [...methods.values()].flatMap(toSamples),
  };
}

function makeCounts(labels: Labels): MethodCounts {
  return { labels, replies: new Map(), buckets: Array(bucketEnds.length + 1).fill(0), seconds: 0, inFlight: 0 };
}

function note(counts: MethodCounts, reply: string, seconds: number): void {
  counts.inFlight -= 1;
  counts.replies.set(reply, (counts.replies.get(reply) ?? 0) + 1);
  counts.seconds += seconds;
  const at = bucketEnds.findIndex((end) => seconds <= end);
  const bucket = at === -1 ? bucketEnds.length : at;
  counts.buckets[bucket] = (counts.buckets[bucket] ?? 0) + 1;
}

function toSamples({ labels, replies, buckets, seconds, inFlight }: MethodCounts): readonly Sample[] {
  const total = buckets.reduce((sum, count) => sum + count, 0);
  const name = 'lvsync_request_duration_seconds';
  let below = 0;
  return [
    { name: 'lvsync_requests_in_flight', labels, value: inFlight },
    ...[...replies].map(([reply, value]) => ({
      name: 'lvsync_requests_total' as const,
      labels: { ...labels, reply },
      value,
    })),
    ...buckets.map((count, index): Sample => {
      below += count;
      return { name, suffix: '_bucket', labels: { ...labels, le: String(bucketEnds[index] ?? '+Inf') }, value: below };
    }),
    { name, suffix: '_sum', labels, value: seconds },
    { name, suffix: '_count', labels, value: total },
  ];
}
