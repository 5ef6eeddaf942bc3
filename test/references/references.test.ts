import { describe, expect, test } from 'vitest';
import { RetriableError } from '../../src/errors.ts';
import { addFaults, clearFaults, fetchLog, putContact } from '../support/sandbox-admin.ts';
import { setupReferences } from './setup.ts';

const hourMs = 3_600_000;

async function admin(sandbox: { readonly url: string }, method: string, path: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${sandbox.url}/sandbox/${path}`, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}

describe('lists of reference data', () => {
  test('the first pull brings groups, agents, skills and who has them', async () => {
    const { pull, select } = await setupReferences();
    expect(await pull()).toMatchObject({ added: 60, referenceLists: 3 });
    const [counts] = await select(
      `select (select count(*)::int from mirror.contact_groups) as groups, (select count(*)::int from mirror.agents) as agents,
              (select count(*)::int from mirror.agent_skills where description <> '') as skills,
              (select count(distinct agent_id)::int > 5 from mirror.agent_proficiencies where proficiency between 1 and 5) as have`,
    );
    expect(counts).toEqual({ groups: 12, agents: 20, skills: 5, have: true });
    const unknown = await select(
      `select c.account from mirror.contacts c
        where c.group_id not in (select id from mirror.contact_groups) or c.agent_id not in (select id from mirror.agents)`,
    );
    expect(unknown).toEqual([]);
    const [agent] = await select(`select * from mirror.agents where login_id = 'AGENT02'`);
    expect(agent).toMatchObject({ tenant: 'acme', active: true, gone_at: null, last_login: expect.any(Date) });
    expect(Object.keys(agent ?? {}).join()).not.toMatch(/password|ip/i);
  });

  test('what is fresh is not read again, what is old is', async () => {
    const { read, pull, clock, sandbox } = await setupReferences();
    await pull();
    const before = (await fetchLog(sandbox)).length;
    clock.at = new Date(clock.at.getTime() + 23 * hourMs);
    expect(await read()).toEqual({});
    expect(await fetchLog(sandbox)).toHaveLength(before);
    clock.at = new Date(clock.at.getTime() + hourMs);
    expect(await read()).toEqual({ referenceLists: 3 });
  });

  test('when nothing is to do it costs one query', async () => {
    const { read, pull, store } = await setupReferences();
    await pull();
    const asked: unknown[] = [];
    const { query } = store.pool;
    store.pool.query = ((...args: unknown[]) => {
      asked.push(args[0]);
      return (query as (...all: unknown[]) => unknown).apply(store.pool, args);
    }) as typeof query;
    await read();
    store.pool.query = query;
    expect(asked).toHaveLength(1);
  });

  test('what is configured away is not asked for', async () => {
    const { pull, sandbox } = await setupReferences();
    expect(await pull({ contactGroups: false, agents: false, agentSkills: false })).not.toHaveProperty(
      'referenceLists',
    );
    expect(await fetchLog(sandbox, 'list-groups')).toEqual([]);
  });

  test('what LiveVox no longer lists stays with the moment it was missed, and comes back', async () => {
    const { pull, read, select, clock, sandbox } = await setupReferences();
    await pull();
    const groups = await select(`select id, name from mirror.contact_groups order by id`);
    clock.at = new Date(clock.at.getTime() + 24 * hourMs);
    const some = async function* () {
      yield { id: String(groups[0]?.['id']), name: 'Renamed\u0000 here' };
      yield { id: String(groups[0]?.['id']), name: 'Renamed\u0000 here' };
    };
    await read({ agents: false, agentSkills: false }, { listContactGroups: some });
    expect(
      await select(`select name, gone_at from mirror.contact_groups order by gone_at is not null, id limit 2`),
    ).toEqual([
      { name: 'Renamed here', gone_at: null },
      { name: groups[1]?.['name'], gone_at: clock.at },
    ]);
    await admin(sandbox, 'PUT', `groups/${groups[1]?.['id']}`, { name: 'Back again' });
    clock.at = new Date(clock.at.getTime() + 24 * hourMs);
    await read({ agents: false, agentSkills: false });
    expect(await select(`select count(*)::int as n from mirror.contact_groups where gone_at is null`)).toEqual([
      { n: 12 },
    ]);
    expect(await select(`select name from mirror.contact_groups where id = $1`, [groups[1]?.['id']])).toEqual([
      { name: 'Back again' },
    ]);
  });

  test('a list that our user may not see is a warning, is tried again after an hour, and keeps nobody else from being read', async () => {
    const { pull, read, select, warnings, clock, sandbox } = await setupReferences();
    await addFaults(sandbox, { route: 'list-agents', kind: 'status', status: 403 });
    expect(await pull()).toMatchObject({ added: 60, referenceLists: 2, referencesFailed: 1 });
    expect(warnings).toEqual([
      [
        'references.list.failed',
        { list: 'agents', reason: expect.stringContaining('does not let this user call "List Agents"') },
      ],
    ]);
    expect(await read()).toEqual({});
    clock.at = new Date(clock.at.getTime() + hourMs);
    await clearFaults(sandbox);
    expect(await read()).toEqual({ referenceLists: 1 });
    expect(await select(`select list from mirror.reference_lists where refused_at is not null`)).toEqual([]);
  });

  test('when LiveVox is not well the pull is merged all the same, and the next one reads the rest', async () => {
    const { pull, read, warnings, sandbox } = await setupReferences();
    await addFaults(sandbox, { route: 'list-groups', kind: 'status', status: 503 });
    expect(await pull()).toMatchObject({ added: 60, referencesFailed: 1 });
    expect(warnings.map(([event]) => event)).toEqual(['references.list.failed']);
    expect(await fetchLog(sandbox, 'list-agents')).toEqual([]);
    await clearFaults(sandbox);
    expect(await read()).toEqual({ referenceLists: 3 });
  });

  test('an interruption is an interruption', async () => {
    const { pull, read, clock } = await setupReferences();
    await pull();
    clock.at = new Date(clock.at.getTime() + 24 * hourMs);
    const stop = new AbortController();
    const reason = new Error('stopped by the operator');
    const listContactGroups = async function* () {
      stop.abort(reason);
      yield* [];
      throw new RetriableError('cut off');
    };
    await expect(read({}, { listContactGroups }, stop.signal)).rejects.toBe(reason);
  });
});

describe('notes and associated accounts', () => {
  const details = { notes: true, associatedAccounts: true };

  test('those of the changed contacts are read, with times and calls, and nobody else’s', async () => {
    const { pull, select, sandbox } = await setupReferences({ contacts: 45 });
    const counts = await pull(details);
    expect(counts).toMatchObject({ added: 45, contactsRead: 45 });
    const [notes] = await select(
      `select count(*)::int as n, count(create_date)::int as dated, count(session_id)::int as calls, count(distinct account)::int as contacts
         from mirror.contact_notes where gone_at is null`,
    );
    expect(notes?.['n']).toBeGreaterThan(20);
    expect([notes?.['dated'], notes?.['calls']]).toEqual([notes?.['n'], notes?.['n']]);
    const [company] = await select(
      `select * from mirror.associated_accounts where billing_city is not null and custom_fields <> '[]' order by account limit 1`,
    );
    expect(company).toMatchObject({
      annual_revenue: expect.any(String),
      num_of_employees: expect.any(String),
      billing_street: expect.any(String),
      shipping_postal_code: expect.any(String),
      classification_name: expect.any(String),
      created_date: expect.any(Date),
      custom_fields: [{ field: 'COL1', value: expect.any(String) }],
    });
    await putContact(sandbox, 'A0000007', { firstName: 'Nora' });
    const before = (await fetchLog(sandbox, 'list-notes')).length;
    expect(await pull(details)).toMatchObject({ changed: 1, contactsRead: 1 });
    expect(await fetchLog(sandbox, 'list-notes')).toHaveLength(before + 1);
    expect(await pull(details)).not.toHaveProperty('contactsRead');
  });

  test('a note that is known is not read again by itself; a new one and a changed one are; one that is gone stays', async () => {
    const { pull, select, sandbox } = await setupReferences({ contacts: 1 });
    await putContact(sandbox, 'N1', { firstName: 'Nora' });
    await admin(sandbox, 'POST', 'contacts/N1/notes', { note: 'Promised to pay', id: 5 });
    await pull({ notes: true });
    const read = (await fetchLog(sandbox, 'read-note')).length;
    await select(
      `insert into mirror.contact_notes (tenant, account, id, note, fetched_at) values ('acme', 'N1', 4, 'old', now())`,
    );
    await admin(sandbox, 'POST', 'contacts/N1/notes', { note: 'Paid', id: 6 });
    await putContact(sandbox, 'N1', { firstName: 'Nina' });
    await pull({ notes: true });
    expect(await fetchLog(sandbox, 'read-note')).toHaveLength(read + 1);
    expect(
      await select(
        `select id::int, note, gone_at is null as there, create_date is null as bare from mirror.contact_notes where account = 'N1' order by id`,
      ),
    ).toEqual([
      { id: 4, note: 'old', there: false, bare: true },
      { id: 5, note: 'Promised to pay', there: true, bare: false },
      { id: 6, note: 'Paid', there: true, bare: false },
    ]);
  });

  test('the budget is kept, the latest change comes first, and the rest is done by the next pulls', async () => {
    const { pull, select, sandbox } = await setupReferences({ contacts: 50 });
    await putContact(sandbox, 'LATEST', { firstName: 'Nora' });
    expect(await pull({ ...details, maxContacts: 25 })).toMatchObject({ added: 51, contactsRead: 25 });
    const waiting = await select(`select account from sync.reference_backlog`);
    expect(waiting).toHaveLength(26);
    const [order] = await select(
      `select bool_and(c.modify_date <= first.read) as latest_first
         from sync.reference_backlog b join mirror.contacts c using (tenant, account),
              (select min(modify_date) as read from mirror.contacts
                where account not in (select account from sync.reference_backlog)) first`,
    );
    expect(order).toEqual({ latest_first: true });
    expect(await select(`select has_backlog from mirror.freshness`)).toEqual([{ has_backlog: true }]);
    expect(await pull({ ...details, maxContacts: 25 })).toMatchObject({ added: 0, contactsRead: 25 });
    expect(await pull({ ...details, maxContacts: 25 })).toMatchObject({ contactsRead: 1 });
    expect(await pull({ ...details, maxContacts: 25 })).not.toHaveProperty('contactsRead');
  });

  test('a contact that a crash kept off the backlog is put there by the next pull that brings changes', async () => {
    const { pull, select, sandbox } = await setupReferences({ contacts: 3 });
    await pull(details);
    await putContact(sandbox, 'A0000002', { firstName: 'Nora' });
    // As if the process had died right after the merge.
    await pull({});
    await putContact(sandbox, 'A0000003', { firstName: 'Nina' });
    expect(await pull(details)).toMatchObject({ changed: 1, contactsRead: 2 });
    expect(await select(`select count(*)::int as n from sync.reference_backlog`)).toEqual([{ n: 0 }]);
  });

  test('what our user may not see is left out with one warning, and the other kind is read', async () => {
    const { pull, select, warnings, sandbox } = await setupReferences({ contacts: 30 });
    await addFaults(sandbox, { route: 'list-notes', kind: 'status', status: 403 });
    expect(await pull(details)).toMatchObject({ contactsRead: 30, referencesFailed: 1 });
    expect(warnings.map(([event]) => event)).toEqual(['references.contacts.failed']);
    expect(await fetchLog(sandbox, 'list-notes')).toHaveLength(1);
    expect(await select(`select count(*)::int > 0 as some from mirror.associated_accounts`)).toEqual([{ some: true }]);
    expect(await pull({ notes: true })).not.toHaveProperty('contactsRead');
  });

  test('a contact that LiveVox does not show, or that cannot stand in an address, is not asked for for ever', async () => {
    const { pull, read, select, warnings, sandbox } = await setupReferences({ contacts: 2 });
    await putContact(sandbox, 'search', { firstName: 'Nora' });
    expect(await pull({ notes: true, maxContacts: 1 })).toMatchObject({ contactsUnreadable: 1 });
    await addFaults(sandbox, { route: 'list-notes', kind: 'status', status: 404, body: 'Not here' });
    expect(await read({ notes: true })).toEqual({ contactsUnreadable: 2 });
    expect(warnings).toEqual([]);
    expect(await select(`select account from sync.reference_backlog`)).toEqual([]);
  });

  test('when LiveVox is not well, those who were not read wait', async () => {
    const { pull, select, warnings, sandbox } = await setupReferences({ contacts: 30 });
    await addFaults(sandbox, { route: 'list-contact-accounts', kind: 'status', status: 500 });
    expect(await pull(details)).toMatchObject({ added: 30, referencesFailed: 1 });
    expect(warnings.map(([event]) => event)).toEqual(['references.contacts.failed']);
    expect(await select(`select count(*)::int as n from sync.reference_backlog`)).toEqual([{ n: 30 }]);
    await clearFaults(sandbox);
    expect(await pull(details)).toMatchObject({ contactsRead: 30 });
  });
});

describe('the tenant’s view', () => {
  test('is there after the first pull, and follows the labels that LiveVox shows', async () => {
    const { pull, select, sandbox } = await setupReferences();
    await pull();
    const [row] = await select(
      `select count(*)::int as n, count("Score COL3")::int > 20 as numbers, max("Placement Date") <= current_date as dates from mirror.acme_contacts`,
    );
    expect(row).toEqual({ n: 60, numbers: true, dates: true });
    expect(await select(`select contacts_view, time_zone from mirror.tenants`)).toEqual([
      { contacts_view: 'acme_contacts', time_zone: 'America/New_York' },
    ]);
    const session = await fetch(`${sandbox.url}/session/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'LV-Access': sandbox.credentials.accessToken },
      body: JSON.stringify({ ...sandbox.credentials, accessToken: undefined }),
    });
    const { sessionId } = (await session.json()) as { sessionId: string };
    const customFields = [{ field: 'COL3', label: 'Risk', dataType: 'NUMBER' }];
    const put = await fetch(`${sandbox.url}/contact/contacts/customFields`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'LV-Session': sessionId },
      body: JSON.stringify({ customFields }),
    });
    expect(put.ok).toBe(true);
    await pull();
    // The other field labelled Score is the only one now.
    expect(
      await select(
        `select count("Risk")::int > 20 as risk, count("Score")::int > 20 as score from mirror.acme_contacts`,
      ),
    ).toEqual([{ risk: true, score: true }]);
  });

  test('that cannot be changed is a warning that names what stands on it, not a failed pull', async () => {
    const { pull, read, select, warnings, store } = await setupReferences();
    await pull();
    await select(`create view public.report as select "Company COL1" from mirror.acme_contacts`);
    await store.pool.query(`update mirror.custom_fields set label = 'Firm' where field = 'COL1'`);
    expect(await read()).toEqual({ referencesFailed: 1 });
    expect(warnings).toEqual([
      ['references.view.kept', { view: 'acme_contacts', reason: 'depended_on', by: 'report' }],
    ]);
  });
});
