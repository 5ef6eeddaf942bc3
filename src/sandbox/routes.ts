/**
 * All routes of the sandbox, one line each. A new vendor method is a handler in its resource's file and a line here;
 * its name is what the log and the faults call it.
 */

import { countContacts, listContacts, purgeContact, putContact, readContact } from './resources/admin-contacts.ts';
import {
  addFaults,
  clearFaults,
  clearLog,
  expireSessions,
  putDialect,
  readCreates,
  readDialect,
  readLog,
  setClock,
} from './resources/admin-controls.ts';
import { createContacts } from './resources/bulk-create.ts';
import { downloadContacts } from './resources/bulk-download.ts';
import { updateContacts } from './resources/bulk-update.ts';
import { listCustomFields } from './resources/custom-fields.ts';
import { updateDnd } from './resources/multi-dnd.ts';
import { login, logout, validateSession } from './resources/sessions.ts';
import type { Body, Route } from './router.ts';
import type { Role } from './session-book.ts';

const administrators: readonly Role[] = ['Sysadmin', 'Superuser'];
const customFieldReaders: readonly Role[] = ['Sysadmin', 'Superuser', 'Manager', 'IT User'];
const bulk = '/contact/contacts/bulk';

const has =
  (key: string) =>
  (body: Body): boolean =>
    key in body;

/** The vendor's methods. */
// biome-ignore format: one route, one line
export const vendorRoutes: readonly Route[] = [
  { name: 'login', method: 'POST', path: '/session/login', roles: 'open', handle: login },
  { name: 'validate', method: 'GET', path: '/session/validate/{sessionId}', roles: 'open', handle: validateSession },
  { name: 'validate', method: 'GET', path: '/session/validate', roles: 'open', handle: validateSession },
  { name: 'logout', method: 'PUT', path: '/session/logout/{sessionId}', roles: 'open', handle: logout },
  { name: 'bulk-download', method: 'POST', path: bulk, roles: administrators, takes: has('exportableFields'), handle: downloadContacts },
  { name: 'bulk-create', method: 'POST', path: bulk, roles: administrators, takes: has('createContactDetails'), handle: createContacts },
  { name: 'bulk-update', method: 'PUT', path: bulk, roles: administrators, handle: updateContacts },
  { name: 'multi-dnd', method: 'POST', path: '/contact/contacts/dnd', roles: administrators, handle: updateDnd },
  { name: 'list-custom-fields', method: 'GET', path: '/contact/contacts/customFields', roles: customFieldReaders, handle: listCustomFields },
];

/** The sandbox's own: no session, no faults, no log, from this machine only. */
// biome-ignore format: one route, one line
export const adminRoutes: readonly Route[] = [
  { name: 'count', method: 'GET', path: '/sandbox/count', roles: 'open', handle: countContacts },
  { name: 'contacts', method: 'GET', path: '/sandbox/contacts', roles: 'open', handle: listContacts },
  { name: 'contact', method: 'GET', path: '/sandbox/contacts/{account}', roles: 'open', handle: readContact },
  { name: 'put-contact', method: 'PUT', path: '/sandbox/contacts/{account}', roles: 'open', handle: putContact },
  { name: 'purge-contact', method: 'DELETE', path: '/sandbox/contacts/{account}', roles: 'open', handle: purgeContact },
  { name: 'log', method: 'GET', path: '/sandbox/log', roles: 'open', handle: readLog },
  { name: 'clear-log', method: 'DELETE', path: '/sandbox/log', roles: 'open', handle: clearLog },
  { name: 'creates', method: 'GET', path: '/sandbox/creates', roles: 'open', handle: readCreates },
  { name: 'expire-sessions', method: 'POST', path: '/sandbox/sessions/expire', roles: 'open', handle: expireSessions },
  { name: 'dialect', method: 'GET', path: '/sandbox/dialect', roles: 'open', handle: readDialect },
  { name: 'put-dialect', method: 'PUT', path: '/sandbox/dialect', roles: 'open', handle: putDialect },
  { name: 'faults', method: 'POST', path: '/sandbox/faults', roles: 'open', handle: addFaults },
  { name: 'clear-faults', method: 'DELETE', path: '/sandbox/faults', roles: 'open', handle: clearFaults },
  { name: 'clock', method: 'POST', path: '/sandbox/clock', roles: 'open', handle: setClock },
];
