/** The part of the config file that says how soon a stop must have arrived in LiveVox. */
import { z } from 'zod';
import { strict } from './strict-object.ts';

export const suppressionsSchema = strict({
  targetMinutes: z
    .number()
    .positive()
    .default(15)
    .describe('How soon after it was asked for a stop is to be seen in LiveVox, by your own rule, minutes.'),
  legalBusinessDays: z.int().positive().max(365).default(10).describe('How soon the law wants it, business days.'),
  holidays: z
    .array(z.iso.date({ error: 'must be a calendar day in quotes, "YYYY-MM-DD".' }))
    .default([])
    .describe('Days besides Saturdays and Sundays that are no business days, YYYY-MM-DD.'),
}).describe('How soon a block or a withdrawn consent must have arrived.');
