/**
 * The keys of the config file that say when a plan waits for a person: `guards` and `plans`. The defaults let an ordinary night pass and
 * hold what could hurt: lifted blocks, mass deactivations, any deletion, a source that shrank. A first load is judged by count alone.
 */
import { z } from 'zod';
import { strict } from './strict-object.ts';

const contacts = z.int().nonnegative();

const percent = z.number().nonnegative();

const hazardCaps = strict({
  deactivates: contacts
    .default(0)
    .describe('Most patches that would deactivate a contact although its row does not ask for it.'),
  drops_phone: contacts.default(0).describe('Most patches that take a phone number away and put none in its place.'),
  shifts_ordinals: contacts.default(0).describe('Most patches that move a phone number to another ordinal.'),
  downgrades_permanent: contacts
    .default(0)
    .describe('Most patches that leave a daily block of a lasting one, or lose one unasked.'),
  clears_field: contacts.default(10_000).describe('Most patches that make a value empty.'),
}).describe('Side effects: most patches of one plan that may have each.');

export const guards = strict({
  maxMoreDiallable: contacts
    .default(100)
    .describe('Most contacts one plan may make more diallable: a block lifted, a consent granted, an activation.'),
  maxCreates: contacts.default(100_000).describe('Most contacts one plan may create.'),
  maxCreatesPercent: percent
    .default(50)
    .describe('The same as a share of the mirror, per cent; judged from 1,000 contacts in the mirror on.'),
  maxUpdates: contacts.default(100_000).describe('Most contacts one plan may update.'),
  maxUpdatesPercent: percent
    .default(50)
    .describe('The same as a share of the mirror, per cent; judged from 1,000 contacts in the mirror on.'),
  maxDeactivations: contacts
    .default(100)
    .describe('Most contacts one plan may deactivate because a complete system of record lacks them.'),
  maxDeactivationsPercent: percent
    .default(5)
    .describe('The same as a share of the mirror, per cent; judged from 1,000 contacts in the mirror on.'),
  maxDeletions: contacts
    .default(0)
    .describe('Most contacts one plan may delete because a complete system of record lacks them.'),
  maxDeletionsPercent: percent
    .default(1)
    .describe('The same as a share of the mirror, per cent; judged from 1,000 contacts in the mirror on.'),
  minSourcePercent: percent
    .max(100)
    .default(50)
    .describe('Fewest usable rows, per cent of the last reading of 100 or more; 0 for a source of changes alone.'),
  maxQuarantinedPercent: percent
    .max(100)
    .default(10)
    .describe('Most rows of the system of record that may be unusable, per cent; judged from 100 rows on.'),
  hazards: hazardCaps.prefault({}),
  secondPerson: z
    .boolean()
    .default(true)
    .describe('Whether two people have to approve what makes contacts more diallable, or deletes them.'),
}).describe('Limits that hold a plan back until a person has approved it.');

export const plans = strict({
  expiresHours: z
    .number()
    .positive()
    .max(8_760)
    .default(24)
    .describe('How long after it was made a plan may still be approved or begun, hours.'),
  approveAll: z.boolean().default(false).describe('Whether every plan that would send something waits for approval.'),
}).describe('How plans wait for people.');
