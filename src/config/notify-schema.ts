/** The part of the config file that says who is told when a run ends badly, and how. */
import { z } from 'zod';
import { problemOfWebhook } from './base-url.ts';
import { strict } from './strict-object.ts';

const notifyEvents = ['held', 'failed', 'not_proven', 'clock_at_risk', 'missed'] as const;

export type NotifyEvent = (typeof notifyEvents)[number];

const url = z.string().superRefine((value, context) => {
  const problem = problemOfWebhook(value);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

export const notifySchema = strict({
  kind: z
    .enum(['generic', 'slack'])
    .default('generic')
    .describe('What is sent: a signed JSON document, or a message for a Slack webhook.'),
  url: url.optional().describe('Address it is sent to, https; where the address itself is a secret, use urlVariable.'),
  urlVariable: z
    .string()
    .optional()
    .describe('Name of the environment variable that holds the address; needed for Slack.'),
  secretVariable: z
    .string()
    .optional()
    .describe('Name of the environment variable that holds the key of the signature; needed for generic.'),
  on: z
    .array(z.enum(notifyEvents))
    .min(1)
    .default([...notifyEvents])
    .describe('Of what is told: held, failed, not_proven, clock_at_risk, missed; all when left out.'),
})
  .refine((value) => (value.url === undefined) !== (value.urlVariable === undefined), {
    error: 'needs one of url and urlVariable.',
  })
  .refine((value) => value.kind !== 'slack' || value.url === undefined, {
    error: 'the address of a Slack webhook is a secret; put it into a variable and name that in urlVariable.',
  })
  .refine((value) => value.kind !== 'generic' || value.secretVariable !== undefined, {
    error: 'secretVariable is missing; name the variable with the key that signs what is sent.',
  })
  .describe('A webhook that is told when somebody has to look.');

export type FileNotify = z.output<typeof notifySchema>;
