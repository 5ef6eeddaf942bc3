/**
 * The body of Find Matching Contact: a tree of rules (AND, OR over two sides) whose leaves are conditions, and the sort.
 * Which fields there are is checked where they are read.
 */
import { z } from 'zod';

const operators = ['STARTS_WITH', 'ENDS_WITH', 'EQUALS', 'LESS', 'GREATER', 'GREATER_EQUAL', 'CONTAINS'] as const;
export type Operator = (typeof operators)[number];

export type Condition = {
  readonly field: string;
  readonly criteria: string;
  readonly condition: Operator;
  readonly isNegated?: boolean | null | undefined;
};

type Rule = {
  readonly rule: 'AND' | 'OR';
  readonly left?: Search | null | undefined;
  readonly right?: Search | null | undefined;
  readonly isNegated?: boolean | null | undefined;
};

export type Search = Condition | Rule;

const condition = z.strictObject({
  field: z.string(),
  criteria: z.union([z.string(), z.number(), z.boolean()]).transform(String),
  condition: z.enum(operators),
  isNegated: z.boolean().nullish(),
});

const rule: z.ZodType<Rule> = z.lazy(() =>
  z.strictObject({
    rule: z.enum(['AND', 'OR']),
    left: search.nullish(),
    right: search.nullish(),
    isNegated: z.boolean().nullish(),
  }),
);

const search: z.ZodType<Search> = z.union([condition, rule]);

const sortKey = z.strictObject({ field: z.string(), order: z.enum(['ASC', 'DESC']) });
export type SortKey = z.infer<typeof sortKey>;

export const searchBody = z.strictObject({ search, sort: z.array(sortKey).nullish() });
