/**
 * What goes wrong on request: rules that tests set, each for one route or all (`*`), for its nth request, the first so
 * many, or every one. A rule counts the requests of its route from the moment it is set.
 */
import { z } from 'zod';

const when = {
  /** Name of a route, or `*`. */
  route: z.string().min(1),
  /** Only the nth request of the route, from 1. */
  nth: z.int().positive().optional(),
  /** Only the first so many requests of the route. */
  times: z.int().positive().optional(),
};

export const faultSchema = z.discriminatedUnion('kind', [
  /** Answer with a status instead of doing the work. */
  z.strictObject({
    ...when,
    kind: z.literal('status'),
    status: z.int().min(200).max(599),
    body: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).optional(),
  }),
  /** Wait before doing the work. */
  z.strictObject({ ...when, kind: z.literal('latency'), ms: z.int().nonnegative() }),
  /** Never answer, do nothing. */
  z.strictObject({ ...when, kind: z.literal('hang') }),
  /** Cut the connection instead of doing the work. */
  z.strictObject({ ...when, kind: z.literal('reset-before') }),
  /** Do the work, then cut the connection instead of answering. */
  z.strictObject({ ...when, kind: z.literal('reset-after') }),
  /** Cut a download's body short: looking complete at the HTTP level, or as a cut connection. */
  z.strictObject({
    ...when,
    kind: z.literal('truncate'),
    look: z.enum(['complete', 'cut']).default('complete'),
    afterBytes: z.int().nonnegative().default(1024),
  }),
  /** Silently leave out every nth row of a bulk write, while the count says all. */
  z.strictObject({ ...when, kind: z.literal('drop-rows'), every: z.int().positive().default(2) }),
]);

type Fault = z.infer<typeof faultSchema>;
export type FaultRule = z.input<typeof faultSchema>;
export type FaultOf<Kind extends Fault['kind']> = Extract<Fault, { readonly kind: Kind }>;

/** The faults that one request meets. */
export type RequestFaults = {
  readonly find: <Kind extends Fault['kind']>(kind: Kind) => FaultOf<Kind> | undefined;
  /** True when the row at that index of a bulk write is to be left out. */
  readonly dropsRow: (index: number) => boolean;
  /** What happened to the request, for the log. */
  readonly kinds: readonly Fault['kind'][];
};

export type FaultBook = {
  readonly add: (rules: readonly Fault[]) => void;
  readonly clear: () => void;
  /** Counts a request of the route and returns what it meets. */
  readonly take: (route: string) => RequestFaults;
};

export function makeFaultBook(): FaultBook {
  let rules: { readonly fault: Fault; seen: number }[] = [];
  const take = (route: string): RequestFaults => {
    const met: Fault[] = [];
    for (const rule of rules) {
      if (rule.fault.route !== '*' && rule.fault.route !== route) continue;
      rule.seen += 1;
      if (isDue(rule.fault, rule.seen)) met.push(rule.fault);
    }
    return toRequestFaults(met);
  };
  return {
    add: (faults) => {
      rules.push(...faults.map((fault) => ({ fault, seen: 0 })));
    },
    clear: () => {
      rules = [];
    },
    take,
  };
}

function isDue({ nth, times }: Fault, seen: number): boolean {
  return (nth === undefined || seen === nth) && (times === undefined || seen <= times);
}

function toRequestFaults(met: readonly Fault[]): RequestFaults {
  const find = <Kind extends Fault['kind']>(kind: Kind): FaultOf<Kind> | undefined =>
    met.find((fault): fault is FaultOf<Kind> => fault.kind === kind);
  const dropped = find('drop-rows');
  return {
    find,
    dropsRow: (index) => dropped !== undefined && (index + 1) % dropped.every === 0,
    kinds: met.map((fault) => fault.kind),
  };
}
