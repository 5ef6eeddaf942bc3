/**
 * The examples printed on the vendor's pages, whole, one file each under test/fixtures/livevox: what is asked and what is answered.
 * Where the page prints what is no JSON or no request, the file is mended and says so under `mended`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import type { SingleContactWrite } from '../../src/livevox/index.ts';

export type Part = Record<string, unknown>;
export type Example = {
  readonly name: string;
  readonly mended?: string;
  readonly request: { readonly verb: string; readonly path: string; readonly body?: Part };
  readonly response: { readonly status: number; readonly body?: Part; readonly text?: string };
};

const folder = new URL('../fixtures/livevox/', import.meta.url);

/** All examples of the Contact API and the Agents API, named `contacts/list` and so on. */
export const examples: readonly Example[] = ['contacts', 'agents'].flatMap((room) =>
  readdirSync(new URL(`${room}/`, folder))
    .sort()
    .map((file) => {
      const text = readFileSync(new URL(`${room}/${file}`, folder), 'utf8');
      return { ...(JSON.parse(text) as Example), name: `${room}/${file.replace(/\.json$/, '')}` };
    }),
);

/** The last part of the path before its query, or one further to the front. */
export function partOfPath({ request }: Example, fromEnd = 1): string {
  return request.path.split('?')[0]!.split('/').at(-fromEnd)!;
}

/** The array an answer or a request is about. */
export function entriesOf(body: Part | undefined): Part[] {
  return (Object.values(body ?? {}).find(Array.isArray) as Part[] | undefined) ?? [];
}

/** A contact as the pages nest it → the write our client takes. A missing `active` is false, as the page says of bulk rows. */
export function toWrite(contact: Part, account = String(contact['account'])): SingleContactWrite {
  const { account: _, country, person, guarantor, phone, updateContactDND, customFields, ...rest } = contact;
  const sends: Record<string, string> = {};
  const put = (field: string, value: unknown): void => {
    if (value !== undefined)
      sends[field] = /^(dueDate|dateOfBirth)$/.test(field) ? toDay(Number(value)) : String(value);
  };
  for (const [field, value] of Object.entries({ ...(person as Part), ...rest })) put(field, value);
  for (const [field, value] of Object.entries((guarantor as Part) ?? {}))
    put(`guarantor${field[0]!.toUpperCase()}${field.slice(1)}`, value);
  for (const { field, value } of (customFields as Part[]) ?? []) put(String(field), value);
  for (const entry of ((phone ?? updateContactDND) as Part[]) ?? []) {
    const column = `phone${entry['ordinal']}`;
    put(column, entry['phone']);
    put(`${column}Block`, entry['phoneBlock']);
    put(`${column}SmsConsent`, entry['smsConsent']);
    put(`${column}CellConsent`, entry['cellConsent']);
  }
  return { account, sends, ...(country === undefined ? {} : { country: String(country) }) };
}

/** What the pages print in two ways is one here: 1 and "1", 100.0 and "100.00", true and "true"; dates are their milliseconds. */
export function loosen(value: unknown): unknown {
  if (value instanceof Date) return String(value.getTime());
  if (Array.isArray(value)) return value.map(loosen);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, loosen(item)]));
  const text = String(value);
  return /^-?\d+\.\d+$/.test(text) ? String(Number(text)) : text;
}

/** Every value with its path, e.g. `phone.3.ordinal=4`; what is empty (null, "") is left out. */
export function leavesOf(value: unknown, path = ''): string[] {
  if (value === null || value === undefined || value === '') return [];
  if (value instanceof Date || typeof value !== 'object') return [`${path}=${loosen(value)}`];
  return Object.entries(value).flatMap(([key, item]) => leavesOf(item, path === '' ? key : `${path}.${key}`));
}

/** The paths of all keys, without the places in arrays. */
export function keysOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path];
  if (Array.isArray(value)) return value.flatMap((item) => keysOf(item, path));
  return Object.entries(value).flatMap(([key, item]) => keysOf(item, path === '' ? key : `${path}.${key}`));
}

/** The day in New York, where the examples' clients are. */
function toDay(epochMs: number): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York' }).format(epochMs);
}
