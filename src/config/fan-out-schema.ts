/** The part of the config file that says whether a revocation counts for every contact that carries the number. */
import { z } from 'zod';
import { strict } from './strict-object.ts';

const switches = ['blocks', 'cellConsents', 'smsConsents'] as const;

export const fanOutSchema = strict({
  blocks: z
    .boolean()
    .default(false)
    .describe('Whether a number that is blocked for good on one contact is blocked on all that carry it.'),
  livevox: z
    .boolean()
    .default(true)
    .describe("Whether a block that only LiveVox shows counts for that too, an agent's for example."),
  cellConsents: z
    .boolean()
    .default(false)
    .describe('Whether a cell consent that the system of record withdraws on one contact is withdrawn on all.'),
  smsConsents: z
    .boolean()
    .default(false)
    .describe('Whether an SMS consent that the system of record withdraws on one contact is withdrawn on all.'),
  from: z.iso
    .date({ error: 'must be a calendar day in quotes, "YYYY-MM-DD".' })
    .optional()
    .describe(
      "First day on which anything fans out, YYYY-MM-DD, in the tenant's time zone; needed when something does.",
    ),
})
  .refine((value) => value.from !== undefined || switches.every((name) => !value[name]), {
    error: 'needs its first day, from: "YYYY-MM-DD".',
    path: ['from'],
  })
  .describe('One number, many contacts: whether a revocation counts for every contact that carries the number.');
