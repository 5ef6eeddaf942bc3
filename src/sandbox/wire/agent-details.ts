/**
 * The bodies of the agent and agent-skill methods, checked as the vendor's tables have them, refused in the words of its
 * examples. Ids may come as digits in a string.
 */
import { z } from 'zod';
import { Refusal, refuseNoRecord } from '../answer.ts';
import { parseBody } from './parse-body.ts';

const invalidInput = 202;

/** An id in a body or a filter. */
export const idNumber = z.union([z.int(), z.string().regex(/^\d{1,15}$/)]).transform(Number);
const proficiency = idNumber.pipe(z.int().min(1).max(5));
const text = z.string();

const properties = {
  firstName: text,
  lastName: text,
  password: text,
  phone: text,
  wrapUpTime: z.int().min(-1),
  homeAgent: z.boolean(),
  active: z.boolean(),
};

const createBody = z.strictObject({
  clientId: idNumber,
  loginId: text,
  ...properties,
  assignedService: z.array(z.strictObject({ id: idNumber })).default([]),
  assignedAgentSkill: z.array(z.strictObject({ id: idNumber, proficiency })).default([]),
});
const updateBody = z.strictObject({ ...properties, unlock: z.boolean() }).partial();
const searchBody = z.strictObject({ loginId: text, lastName: text, phoneNumber: text }).partial();
const skillBody = z.strictObject({ name: text, description: text.nullish() });

export type AgentCreation = z.infer<typeof createBody>;
export type AgentUpdate = z.infer<typeof updateBody>;
export type AgentSearch = z.infer<typeof searchBody>;

const mandatoryOfAgent = [
  ...['clientId', 'loginId', 'firstName', 'lastName', 'password', 'phone'],
  ...['wrapUpTime', 'homeAgent', 'active'],
];

/** @throws Refusal 400 */
export function parseAgentCreation(body: unknown): AgentCreation {
  assertPresent(body, mandatoryOfAgent);
  return parseBody(createBody, body);
}

/** @throws Refusal 400, also when there is nothing to update. */
export function parseAgentUpdate(body: unknown): AgentUpdate {
  const update = parseBody(updateBody, body);
  if (Object.keys(update).length === 0) throw refuseInput('Missing required field [at least one field to update]');
  return update;
}

/** @throws Refusal 400, also when there is more or less than one criterion. */
export function parseAgentSearch(body: unknown): AgentSearch {
  const search = parseBody(searchBody, body);
  const given = Object.values(search).filter((value) => value !== '');
  if (given.length === 1) return search;
  throw refuseInput('Invalid input [exactly one of phone, loginId or lastName is required]');
}

/** @throws Refusal 400 */
export function parseSkillCreation(body: unknown): z.infer<typeof skillBody> {
  assertPresent(body, ['name']);
  return parseBody(skillBody, body);
}

/** @throws Refusal 400 */
export function parseSkillUpdate(body: unknown): Partial<z.infer<typeof skillBody>> {
  return parseBody(skillBody.partial(), body);
}

/** @throws Refusal 400 unless it is a whole number from 1 to 5. */
export function parseProficiency(value: string | null): number {
  if (value === null || value === '') throw refuseInput('Missing required parameter [proficiency]');
  const parsed = proficiency.safeParse(value);
  if (!parsed.success) throw refuseInput('Invalid proficiency [must be between 1 and 5]');
  return parsed.data;
}

/** The number of an id in a path. @throws Refusal 404, since nobody has another one. */
export function parsePathId(value: string | undefined, what: string): number {
  const parsed = idNumber.safeParse(value);
  if (!parsed.success) throw refuseUnknown(what, value ?? '');
  return parsed.data;
}

/** 404: `Agent not found [ID:111111]` */
export function refuseUnknown(what: string, id: number | string): Refusal {
  return refuseNoRecord(`${what} not found [ID:${id}]`);
}

/** 400, code 202. */
export function refuseInput(message: string): Refusal {
  return new Refusal(400, invalidInput, message);
}

/** 403 in the words of the page: the client, or one of the services, is not for this user or not for agents. */
export function refuseAccess(): Refusal {
  return new Refusal(403, 403, 'Access denied');
}

/**
 * The rules for an agent's password. `used`: the agent's passwords, newest first, of which the last few may not return.
 * @throws Refusal 400
 */
export function assertPassword(password: string, used: readonly string[]): void {
  if (password.length < 8) throw refuseInput('Invalid password [Password must be at least 8 characters long]');
  if (!/\d/.test(password)) throw refuseInput('Invalid password [Password must contain at least 1 digit]');
  if (used.includes(password)) throw refuseInput('Invalid password [Password was used before]');
}

function assertPresent(body: unknown, names: readonly string[]): void {
  const given = body as Readonly<Record<string, unknown>>;
  const missing = names.find((name) => given[name] === undefined || given[name] === null || given[name] === '');
  if (missing !== undefined) throw refuseInput(`Missing required field [${missing}]`);
}
