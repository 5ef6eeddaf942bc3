/**
 * The shapes on the wire, as far as we read and write them. Read leniently: numbers arrive as text, "no value" as null, "" or
 * the text "null", unknown keys are ignored. Wire types never leave this room.
 */
import { z } from 'zod';

const wireInteger = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\s*-?\d+\s*$/)
      .transform(Number),
  ])
  .pipe(z.number().int());

const wireText = z.union([z.string(), z.number()]).transform(String);

const optionalInteger = wireInteger.optional().catch(undefined);

/** Answer of Login. The id goes into a header and a path, so it is held to visible ASCII. */
export const loginAnswer = z.object({
  sessionId: wireText.pipe(z.string().regex(/^[\x21-\x7e]{1,256}$/)),
  daysUntilPasswordExpires: optionalInteger,
});

/** Answer of the bulk writes (`message`, the count in prose), of Update Multiple Contacts' DND (`updated`) and of creates (`id`). */
export const writeAnswerBody = z.object({
  message: z.string().optional().catch(undefined),
  updated: optionalInteger,
  id: wireText
    .pipe(z.string().regex(/^(?!null$)\S+$/))
    .optional()
    .catch(undefined),
});

/** Answer of Read Custom Field, and one entry of List Custom Field. */
export const customFieldAnswer = z.object({
  field: z.string(),
  label: wireText.nullish().catch(undefined),
  dataType: z.string().nullish().catch(undefined),
  listValues: z.array(wireText).nullish().catch(undefined),
});

/** Answer of List Custom Field. */
export const customFieldsAnswer = z.object({ customFields: z.array(customFieldAnswer).nullish() });

export type JsonValue = string | number | boolean;

/** One phone of a write. */
export type WirePhone = {
  ordinal: number;
  phone?: JsonValue;
  phoneBlock?: JsonValue;
  smsConsent?: JsonValue;
  cellConsent?: JsonValue;
};

/** One contact of Bulk Create Contact or Bulk Update Contact; top-level fields besides the named ones. */
export type WireContact = {
  id?: JsonValue;
  account: string;
  person?: Record<string, JsonValue>;
  guarantor?: Record<string, JsonValue>;
  phone?: WirePhone[];
  customFields?: { field: string; value: JsonValue }[];
  [field: string]: unknown;
};

/** One contact of Update Multiple Contacts' DND. */
export type WireDnd = { account: string; accountBlock?: JsonValue; updateContactDND?: WirePhone[] };
