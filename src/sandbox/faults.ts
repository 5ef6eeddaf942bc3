/**
 * What goes wrong on request: rules that tests set, each for one route or all (`*`), for its nth request, the first so
 * many, some by chance, or every one. A rule counts the requests of its route from the moment it is set; chance comes from
 * a seed, so the same requests meet the same faults.
 */
import { z } from 'zod';
import { toHash } from './model/dice.ts';

const chancePurpose = 5;

const when = {
  /** Name of a route, or `*`. */
  route: z.string().min(1),
  /** Only the nth request of the route, from 1. */
  nth: z.int().positive().optional(),
  /** Only the first so many requests of the route. */
  times: z.int().positive().optional(),
  /** Of those only so many, 0..1, thrown with the seed. */
  probability: z.number().min(0).max(1).optional(),
  seed: z.int().nonnegative().default(1),
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
  /** Answer that the limit is reached, and when to come again: the sandbox's clock plus `seconds`, or not said. */
  z.strictObject({
    ...when,
    kind: z.literal('rate-limit'),
    status: z.union([z.literal(429), z.literal(503)]).default(429),
    retryAfter: z.enum(['seconds', 'date', 'none']).default('seconds'),
    seconds: z.int().nonnegative().default(1),
  }),
  /** Wait before doing the work. */
  z.strictObject({ ...when, kind: z.literal('latency'), ms: z.int().nonnegative() }),
  /** Never answer, do nothing. */
  z.strictObject({ ...when, kind: z.literal('hang') }),
  /** Do the work, then never answer. */
  z.strictObject({ ...when, kind: z.literal('hang-after') }),
  /** Cut the connection instead of doing the work. */
  z.strictObject({ ...when, kind: z.literal('reset-before') }),
  /** Do the work, then cut the connection instead of answering. */
  z.strictObject({ ...when, kind: z.literal('reset-after') }),
  /** Cut a body short, behind its compression: looking complete at the HTTP level, or as a cut connection. */
  z.strictObject({
    ...when,
    kind: z.literal('truncate'),
    look: z.enum(['complete', 'cut']).default('complete'),
    afterBytes: z.int().nonnegative().default(1024),
    /** Instead of `afterBytes`: so many bytes are missing at the end. */
    dropBytes: z.int().positive().optional(),
  }),
  /** Silently leave out every nth row of a bulk write, while the count says all, or fewer. */
  z.strictObject({
    ...when,
    kind: z.literal('drop-rows'),
    every: z.int().positive().default(2),
    count: z.enum(['all', 'fewer']).default('all'),
  }),
  /** Refuse every bulk write that has this account (or `id:123`, where a row has an id only). */
  z.strictObject({
    ...when,
    kind: z.literal('poison-row'),
    account: z.string().min(1),
    status: z.int().min(400).max(599).default(400),
  }),
  /** Refuse bulk writes of more rows than this with 413. */
  z.strictObject({ ...when, kind: z.literal('too-large'), rows: z.int().nonnegative() }),
  /** The session of the request is dead before the work. */
  z.strictObject({ ...when, kind: z.literal('kill-session') }),
  /** Do the work and answer, but show it in downloads and reads only after so long by the sandbox's clock. */
  z.strictObject({ ...when, kind: z.literal('late-commit'), ms: z.int().positive() }),
  /** Purge so many contacts, chosen by the seed, before the work. */
  z.strictObject({ ...when, kind: z.literal('purge'), contacts: z.int().positive() }),
]);

type Fault = z.infer<typeof faultSchema>;
export type FaultRule = z.input<typeof faultSchema>;
export type FaultOf<Kind extends Fault['kind']> = Extract<Fault, { readonly kind: Kind }>;

/** The faults that one request meets. */
export type RequestFaults = {
  readonly find: <Kind extends Fault['kind']>(kind: Kind) => FaultOf<Kind> | undefined;
  /** True when the row at that index of a bulk write is to be left out. */
  readonly dropsRow: (index: number) => boolean;
  /** True when that row is not even counted. */
  readonly hidesRow: (index: number) => boolean;
  /** What happened to the request, for the log. */
  readonly kinds: readonly Fault['kind'][];
};

export const noFaults: RequestFaults = toRequestFaults([]);

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

function isDue({ nth, times, probability = 1, seed }: Fault, seen: number): boolean {
  if (nth !== undefined && seen !== nth) return false;
  if (times !== undefined && seen > times) return false;
  return probability === 1 || toHash(seed, seen, chancePurpose) / 4_294_967_296 < probability;
}

function toRequestFaults(met: readonly Fault[]): RequestFaults {
  const find = <Kind extends Fault['kind']>(kind: Kind): FaultOf<Kind> | undefined =>
    met.find((fault): fault is FaultOf<Kind> => fault.kind === kind);
  const dropped = find('drop-rows');
  const dropsRow = (index: number): boolean => dropped !== undefined && (index + 1) % dropped.every === 0;
  return {
    find,
    dropsRow,
    hidesRow: (index) => dropped?.count === 'fewer' && dropsRow(index),
    kinds: met.map((fault) => fault.kind),
  };
}
