/**
 * What the sandbox must hold before it can answer the vendor's printed examples: the contacts, groups, notes, agents, skills and services they
 * name, and the dialect where the example follows one reading of the pages.
 */
import { expect } from 'vitest';
import type { Caller } from '../sandbox/caller.ts';
import { type Example, entriesOf, type Part, partOfPath, toWrite } from './vendor-example.ts';

type Seed = (caller: Caller, example: Example) => Promise<void>;

async function put({ call }: Caller, path: string, body: unknown): Promise<void> {
  const reply = await call(path.endsWith('/notes') ? 'POST' : 'PUT', path, body);
  expect(reply.status, `${path} ${reply.text}`).toBeLessThan(300);
}

const seen =
  /^(active|balance|accountToSpeak|originalAccountNumber|address[12]|city|state|firstName|lastName|email|ssn|zipCode|guarantor\w+|phone\d+|agentId)$/;

/** Contacts as an answer shows them, or a request names them. */
async function putContacts(caller: Caller, contacts: readonly Part[], extra: Part = {}): Promise<void> {
  for (const contact of contacts) {
    const { account, sends } = toWrite(contact);
    const kept = Object.entries(sends).filter(
      ([field, value]) => seen.test(field) && !/^(null|undefined|)$/.test(value ?? ''),
    );
    await put(caller, `/sandbox/contacts/${account}`, { fields: { ...Object.fromEntries(kept), ...extra } });
  }
}

const named: Seed = async (caller, { request, response }) => {
  const answered = entriesOf(response.body);
  await putContacts(caller, answered.length > 0 ? answered : entriesOf(request.body));
};
async function putOthers(caller: Caller, contacts: number): Promise<void> {
  for (let number = 1; number <= contacts; number += 1)
    await put(caller, `/sandbox/contacts/10999-${number}`, { fields: {} });
}
/** The contacts answered, and so many others after them. */
const among =
  (others: number): Seed =>
  async (caller, { response }) => {
    await putContacts(caller, entriesOf(response.body), { lastLoadDate: '2024-03-12T06:15:09Z' });
    await putOthers(caller, others);
  };
const inPath =
  (fromEnd = 1): Seed =>
  (caller, example) =>
    putContacts(caller, [{ account: partOfPath(example, fromEnd) }]);
const group: Seed = (caller, example) => put(caller, `/sandbox/groups/${partOfPath(example)}`, { name: 'Client BOA' });
const notes: Seed = async (caller) => {
  await put(caller, '/sandbox/contacts/123456', { fields: {} });
  await put(caller, '/sandbox/contacts/123456/notes', { id: 1489384, note: 'Caller was hostile' });
};
const services: Seed = async (caller) => {
  for (const service of [40789, 17798, 17885, 43131])
    await put(caller, `/sandbox/services/${service}`, { clientId: 4199 });
  await put(caller, '/sandbox/services/38184', { clientId: 4199, acdMode: 'No ACD' });
  await put(caller, '/sandbox/agents/312012', {
    clientId: 4199,
    services: [17885],
    skills: [{ id: 1022, proficiency: 1 }],
  });
};
const agent: Seed = (caller, example) => put(caller, `/sandbox/agents/${partOfPath(example)}`, {});
const agentsShown: Seed = async (caller, example) => {
  const clientId = Number(new URL(example.request.path, 'http://x').searchParams.get('client'));
  for (const [index, entry] of [
    { loginId: 'A', lastName: 'x' },
    { loginId: 'B' },
    ...entriesOf(example.response.body),
    { loginId: 'ZZ' },
  ].entries()) {
    const { id: agentId = index + 1, ...shown } = entry as Part;
    await put(caller, `/sandbox/agents/${agentId}`, { clientId, ...shown });
  }
};
const skill: Seed = (caller, example) =>
  put(caller, `/sandbox/agent-skills/${partOfPath(example)}`, { clientId: 4199, name: 'SPANISH' });
const dialect =
  (changes: Part, then?: Seed): Seed =>
  async (caller, example) => {
    await put(caller, '/sandbox/dialect', changes);
    await then?.(caller, example);
  };

/** What an example needs to be there. */
export const seeds: Readonly<Record<string, Seed>> = {
  // The seventh contact is one with three accounts, some with custom fields.
  'contacts/associated-accounts': async (caller, example) => {
    await putOthers(caller, 6);
    await inPath(2)(caller, example);
  },
  // HTTP cannot carry the printed body with the printed 204.
  'contacts/bulk-update': dialect({ update: '200' }, named),
  'contacts/create': (caller) => put(caller, '/sandbox/groups/12371', { name: 'x' }),
  'contacts/create-existing': dialect({ exists: '202' }, (caller) =>
    put(caller, '/sandbox/contacts/1246583', { fields: {} }),
  ),
  'contacts/custom-field-read': (caller) =>
    put(caller, '/contact/contacts/customFields', {
      customFields: [{ field: 'COL7', label: 'Test', dataType: 'LIST', listValues: ['blue', 'green', 'red'] }],
    }),
  'contacts/delete': inPath(),
  'contacts/dnd': inPath(2),
  'contacts/group-read': group,
  'contacts/group-update': group,
  'contacts/list': among(10),
  'contacts/multi-dnd': named,
  'contacts/note-list': notes,
  'contacts/note-read': notes,
  'contacts/read': (caller, { response }) => putContacts(caller, [response.body!['readContactDetails'] as Part]),
  'contacts/search-many-conditions': among(0),
  'contacts/search-one-condition': among(4),
  'contacts/update': async (caller, example) => {
    await put(caller, '/sandbox/groups/6460', { name: 'x' });
    await inPath()(caller, example);
  },
  'agents/add-service': services,
  'agents/add-service-bad-type': dialect({ errors: 'errorCode' }, services),
  'agents/add-skill': services,
  'agents/create': services,
  'agents/create-bad-password': services,
  'agents/create-bad-service': dialect({ errors: 'requestId' }, services),
  'agents/delete': agent,
  'agents/info': (caller) => put(caller, '/sandbox/agents/1', { clientId: 4199 }),
  'agents/list': agentsShown,
  'agents/read': (caller, { response }) => {
    const { assignedService, assignedAgentSkill, ...shown } = response.body!;
    const set = { services: (assignedService as { id: number }[]).map((one) => one.id), skills: assignedAgentSkill };
    return put(caller, '/sandbox/agents/324515', { ...shown, ...set });
  },
  'agents/related': async (caller, example) => {
    await services(caller, example);
    await put(caller, '/sandbox/agents/99057', { services: [17798, 17885, 40789, 43131] });
  },
  'agents/remove-service': services,
  'agents/remove-skill': services,
  'agents/search': agentsShown,
  'agents/search-two-keys': dialect({ errors: 'errorCode' }, services),
  'agents/skill-delete': skill,
  'agents/skill-info': services,
  'agents/skill-list': dialect({ lastNext: 'null' }, async (caller, example) => {
    for (const { id, name } of entriesOf(example.response.body))
      await put(caller, `/sandbox/agent-skills/${id}`, { clientId: 4199, name });
  }),
  'agents/skill-read': async (caller, example) => {
    await skill(caller, example);
    for (const { id: agentId, proficiency } of entriesOf(example.response.body))
      await put(caller, `/sandbox/agents/${agentId}`, { skills: [{ id: 8945, proficiency }] });
  },
  'agents/skill-update': skill,
  'agents/update': agent,
  'agents/update-bad-password': dialect({ errors: 'errorCode' }, agent),
  'agents/update-unlock': agent,
};
