/**
 * Every example printed on the vendor's Contact and Agents pages, whole, through the client and through the sandbox: the client asks what is
 * printed and reads every value of the printed answer; the sandbox takes the printed request and answers with its status and keys.
 * A file under test/fixtures/livevox that no table names fails here. What cannot go through is said beside it.
 */
import { describe, expect, it, onTestFinished } from 'vitest';
import { FatalError } from '../../src/errors.ts';
import type { AgentChanges, AgentSearch, ContactSearch, LiveVoxClient, NewAgent } from '../../src/livevox/index.ts';
import { setup } from '../sandbox/caller.ts';
import { readAll } from './agent-server.ts';
import { afterLogin, json, makeClient, type SeenRequest, startOddServer } from './odd-server.ts';
import {
  type Example,
  entriesOf,
  examples,
  keysOf,
  leavesOf,
  loosen,
  type Part,
  partOfPath,
  toWrite,
} from './vendor-example.ts';
import { seeds } from './vendor-example-seeds.ts';

type Ask = (client: LiveVoxClient, example: Example) => Promise<unknown>;

const query = ({ request }: Example, name: string): string =>
  new URL(request.path, 'http://x').searchParams.get(name) ?? '';
const id = (example: Example): string => partOfPath(example);
const filter = (example: Example) => ({ clientId: query(example, 'client'), count: Number(query(example, 'count')) });
const bodyOf = <Body>({ request }: Example): Body => request.body as Body;
const writes = ({ request }: Example) => entriesOf(request.body).map((row) => toWrite(row));
const single = ({ request }: Example, account?: string) => toWrite(Object.values(request.body!)[0] as Part, account);

const download: Ask = async (client, example) => {
  const { exportableFields, startDate, endDate } = bodyOf<Record<string, string> & { exportableFields: string[] }>(
    example,
  );
  const range = startDate === undefined ? {} : { startsAt: new Date(startDate), endsAt: new Date(endDate!) };
  const { body } = await client.contacts.bulkContactDownload({ exportableFields, ...range });
  return Buffer.concat(await readAll(body as AsyncIterable<Buffer>)).toString();
};
const bulkRow = (write: ReturnType<typeof toWrite>) => {
  const { account, sends } = write;
  return { account, sends: { active: 'false', ...sends } };
};
const createContact: Ask = (client, example) => client.contacts.createContact(single(example));
const deleteContact: Ask = (client, example) => client.contacts.deleteContact(id(example));
const findContacts: Ask = (client, example) =>
  readAll(client.contacts.findMatchingContacts(bodyOf<ContactSearch>(example)));
const updateContact: Ask = (client, example) => client.contacts.updateContact(single(example, id(example)));
const dnd: Ask = (client, example) =>
  client.contacts.updateContactDnd(toWrite(example.request.body!, partOfPath(example, 2)));
const multiDnd: Ask = (client, example) => client.contacts.updateMultipleContactsDnd(writes(example));
const updateGroup: Ask = (client, example) =>
  client.contactGroups.updateContactGroup(id(example), bodyOf<{ name: string }>(example).name);
const createAgent: Ask = (client, example) => client.agents.createAgent(bodyOf<NewAgent>(example));
const deleteAgent: Ask = (client, example) => client.agents.deleteAgent(id(example));
const deleteSkill: Ask = (client, example) => client.agentSkills.deleteAgentSkill(id(example));
const findAgents: Ask = (client, example) =>
  readAll(client.agents.findMatchingAgents(bodyOf<AgentSearch>(example), filter(example)));
const readAgent: Ask = (client, example) => client.agents.readAgent(id(example));
const readSkill: Ask = (client, example) => client.agentSkills.readAgentSkill(id(example));
const updateAgent: Ask = (client, example) => client.agents.updateAgent(id(example), bodyOf<AgentChanges>(example));
const addService: Ask = (client, example) => client.agents.addService(partOfPath(example, 3), id(example));

const asks: Readonly<Record<string, Ask>> = {
  'contacts/associated-accounts': (client, example) =>
    readAll(client.contacts.listAssociatedAccounts(partOfPath(example, 2))),
  'contacts/bulk-create': (client, example) => client.contacts.bulkCreateContact(writes(example).map(bulkRow)),
  'contacts/bulk-download': download,
  'contacts/bulk-download-dates': download,
  'contacts/bulk-download-gzip': download,
  'contacts/bulk-update': (client, example) => client.contacts.bulkUpdateContact(writes(example)),
  'contacts/create': createContact,
  'contacts/create-existing': createContact,
  'contacts/custom-field-list': (client) => client.customFields.listCustomFields(),
  'contacts/custom-field-read': (client, example) => client.customFields.readCustomField(id(example)),
  'contacts/custom-field-update': (client, { request }) =>
    client.customFields.updateCustomField(
      (entriesOf(request.body) as { field: string; label: string }[]).map((field) => ({
        ...field,
        dataType: 'NUMBER',
      })),
    ),
  'contacts/delete': deleteContact,
  'contacts/delete-unknown': deleteContact,
  'contacts/dnd': dnd,
  'contacts/dnd-unknown': dnd,
  'contacts/group-create': (client, example) =>
    client.contactGroups.createContactGroup(bodyOf<{ name: string }>(example).name),
  'contacts/group-list': (client) => readAll(client.contactGroups.listContactGroup()),
  'contacts/group-read': (client, example) => client.contactGroups.readContactGroup(id(example)),
  'contacts/group-update': updateGroup,
  'contacts/group-update-unknown': updateGroup,
  'contacts/list': (client) => readAll(client.contacts.listContacts()),
  'contacts/multi-dnd': multiDnd,
  'contacts/multi-dnd-unknown': multiDnd,
  'contacts/note-list': (client, example) => client.contactNotes.listContactNotes(partOfPath(example, 3)),
  'contacts/note-read': (client, example) => client.contactNotes.readContactNote(partOfPath(example, 3), id(example)),
  'contacts/read': (client, example) => client.contacts.readContact(id(example)),
  'contacts/search-many-conditions': findContacts,
  'contacts/search-one-condition': findContacts,
  'contacts/update': updateContact,
  'contacts/update-unknown': updateContact,
  'agents/add-service': addService,
  'agents/add-service-bad-type': addService,
  'agents/add-skill': (client, example) =>
    client.agents.addAgentSkill(partOfPath(example, 3), id(example), Number(query(example, 'proficiency'))),
  'agents/create': createAgent,
  'agents/create-bad-password': createAgent,
  'agents/create-bad-service': createAgent,
  'agents/delete': deleteAgent,
  'agents/delete-unknown': deleteAgent,
  'agents/info': (client, example) => client.agents.getAgentListInfo(query(example, 'client')),
  'agents/list': (client, example) => readAll(client.agents.listAgents(filter(example))),
  'agents/read': readAgent,
  'agents/read-unknown': readAgent,
  'agents/related': (client, example) => client.agents.getAgentRelatedObjects(partOfPath(example, 2)),
  'agents/remove-service': (client, example) => client.agents.removeService(partOfPath(example, 3), id(example)),
  'agents/remove-skill': (client, example) => client.agents.removeAgentSkill(partOfPath(example, 3), id(example)),
  'agents/search': findAgents,
  'agents/search-two-keys': findAgents,
  'agents/skill-create': (client, example) => client.agentSkills.createAgentSkill(bodyOf(example), 4199),
  'agents/skill-delete': deleteSkill,
  'agents/skill-delete-unknown': deleteSkill,
  'agents/skill-info': (client, example) => client.agentSkills.getAgentSkillListInfo(query(example, 'client')),
  'agents/skill-list': (client, example) => readAll(client.agentSkills.listAgentSkills(filter(example))),
  'agents/skill-read': readSkill,
  'agents/skill-read-unknown': readSkill,
  'agents/skill-update': (client, example) => client.agentSkills.updateAgentSkill(id(example), bodyOf(example)),
  'agents/update': updateAgent,
  'agents/update-bad-password': updateAgent,
  'agents/update-unlock': updateAgent,
};

/** Where our request differs from the printed one, and why. */
const asksOtherwise: Readonly<Record<string, (printed: Part) => unknown>> = {
  // Days go out as instants.
  'contacts/bulk-download-dates': (printed) => ({
    ...printed,
    startDate: Date.parse('2019-05-01'),
    endDate: Date.parse('2020-01-13'),
  }),
  // A bulk row has no country, since no export field has it, and always says `active`.
  'contacts/bulk-create': (printed) => ({
    createContactDetails: entriesOf(printed).map(({ country: _, ...row }) => ({ active: false, ...row })),
  }),
  // A type left out becomes NUMBER; we say so.
  'contacts/custom-field-update': (printed) => ({
    customFields: entriesOf(printed).map((field) => ({ ...field, dataType: 'NUMBER' })),
  }),
  // The page's table demands the account in the body.
  'contacts/update': (printed) => withAccount(printed, 'DOC1625198460001'),
  'contacts/update-unknown': (printed) => withAccount(printed, '1234567'),
};

function withAccount(printed: Part, account: string): Part {
  return { updateContactDetails: { account, ...(printed['updateContactDetails'] as Part) } };
}

/** The path and query, but for the numbers of paging, which are the client's own. The page forgot the name of `client` once. */
function toTarget(path: string): string {
  const { pathname, searchParams } = new URL(path.replace('?=4199', '?client=4199'), 'http://x');
  searchParams.delete('count');
  searchParams.delete('offset');
  searchParams.sort();
  return `${pathname}?${searchParams}`;
}

/** Printed values that are not read, or under another name: zeros that say "none", blocks in bits, and what nobody asked for. */
const unread =
  /\b(createdDate|modifiedDate|callAttempts\w+|position|dnd|dndDaily|happinessIndex|postalCode|next)=|\b(groupId|agentId|dueDate|initialLoad)=0$/;

function checkWrite(answer: unknown, { response }: Example): void {
  const { status, body } = response;
  const isRefused = status >= 400 || body?.['code'] !== undefined;
  expect(answer).toMatchObject({ kind: isRefused ? 'refused' : 'accepted', httpStatus: status });
  if (body?.['id'] !== undefined) expect(answer).toMatchObject({ id: String(body['id']) });
  if (body?.['updated'] !== undefined) expect(answer).toMatchObject({ reportedRows: body['updated'] });
  const words = body?.['message'] ?? body?.['errorMessage'];
  if (words !== undefined) expect(answer).toMatchObject({ message: expect.stringContaining(String(words)) });
}

function checkRead(answer: unknown, { response }: Example): void {
  const { status, body, text } = response;
  if (status === 404) expect(answer).toBeUndefined();
  else if (body === undefined) expect(answer).toBe(text ?? '');
  else {
    const printed = Array.isArray(answer) ? entriesOf(body) : (body['readContactDetails'] ?? body);
    if (Array.isArray(answer)) expect(answer).toHaveLength((printed as Part[]).length);
    const read = new Set(leavesOf(answer));
    expect(leavesOf(printed).filter((leaf) => !read.has(leaf) && !unread.test(leaf))).toEqual([]);
  }
}

/** A client of a LiveVox that gives the printed answer once; what comes after is empty. */
async function setupClient({
  request,
  response: printed,
}: Example): Promise<{ client: LiveVoxClient; asked: () => SeenRequest[] }> {
  const isDownload = 'exportableFields' in (request.body ?? {});
  const server = await startOddServer(
    afterLogin((response, nth) => {
      const { status, text, body = '' } = printed;
      if (isDownload) response.writeHead(status, { 'content-type': 'text/csv' }).end(text);
      else json(response, status, nth === 1 ? body : {});
    }),
  );
  const client = makeClient(server.baseUrl);
  onTestFinished(async () => {
    await client.close();
    await server.close();
  });
  return { client, asked: () => server.requests.filter(({ path }) => !path.startsWith('/session/')) };
}

describe('the client', () => {
  it('has a line for every example', () => {
    expect(Object.keys(asks).sort()).toEqual(examples.map(({ name }) => name).sort());
  });

  it.each(examples)('asks and reads $name', async (example) => {
    const { name, request, response } = example;
    // HTTP cannot carry a body with the 204 of Bulk Update; it comes with 200.
    const status = response.status === 204 && response.body !== undefined ? 200 : response.status;
    const given = { ...example, response: { ...response, status } };
    const { client, asked } = await setupClient(given);
    const answer = asks[name]!(client, example);
    if (name === 'agents/search-two-keys') {
      await expect(answer).rejects.toThrow(FatalError);
      expect(asked()).toEqual([]);
      return;
    }
    if (status === 403) await expect(answer).rejects.toThrow(FatalError);
    else if (request.verb === 'GET' || /search|download/.test(name)) checkRead(await answer, given);
    else checkWrite(await answer, given);
    const [sent] = asked();
    expect([sent!.verb, toTarget(sent!.path)]).toEqual([request.verb, toTarget(request.path)]);
    const printed = asksOtherwise[name]?.(request.body!) ?? request.body ?? {};
    expect(loosen(JSON.parse(sent!.body || '{}'))).toEqual(loosen(printed));
  });
});

describe('the sandbox', () => {
  it.each(examples)('takes and answers $name', async (example) => {
    const { name, request, response } = example;
    const caller = await setup({ contacts: 0 });
    await seeds[name]?.(caller, example);
    // Unasked, fetch would want it compressed.
    const headers = { 'accept-encoding': name === 'contacts/bulk-download-gzip' ? 'gzip' : 'identity' };
    const reply = await caller.call(request.verb, request.path, request.body, headers);
    expect(reply.status, reply.text).toBe(name === 'contacts/bulk-update' ? 200 : response.status);
    const answered = new Set(keysOf(reply.body));
    expect(keysOf(response.body ?? {}).filter((key) => key !== '' && !answered.has(key))).toEqual([]);
    if (response.text !== undefined) expect(reply.text.split('\n')[0]).toBe(response.text.split('\n')[0]);
  });
});
