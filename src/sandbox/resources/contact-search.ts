/**
 * Find Matching Contact. Goes through all contacts one by one and holds only the page asked for (with a sort: what comes
 * before it too), letting other requests have their turn. Without a sort the order is that of creation, and the search
 * ends with the page.
 */
import { setImmediate } from 'node:timers/promises';
import type { Answer } from '../answer.ts';
import { makeBlankRow } from '../model/columns.ts';
import { type Matches, makeSearch } from '../model/contact-search.ts';
import { makeSortedSlots } from '../model/contact-sort.ts';
import type { Exchange } from '../router.ts';
import { toMatchView } from '../wire/contact-view.ts';
import { readPage, toListAnswer } from '../wire/page.ts';
import { parseBody } from '../wire/parse-body.ts';
import { searchBody } from '../wire/search-body.ts';
import type { World } from '../world.ts';
import { toViewOptions } from './contacts.ts';

/** Contacts between two pauses. */
const stretch = 2000;

/** `POST /contact/contacts/search?count&offset` */
export async function findMatchingContacts(exchange: Exchange): Promise<Answer> {
  const { world, query, body } = exchange;
  const page = readPage(query);
  const { search, sort } = parseBody(searchBody, body);
  const matches = makeSearch(search, { zone: world.zone, today: world.today() });
  // One more than the page, to know whether another follows.
  const limit = page.offset + page.count + 1;
  const sorted = makeSortedSlots(sort ?? [], limit);
  let found = 0;
  for await (const { slot, row } of scan(world, matches)) {
    sorted.add(slot, row);
    found += 1;
    if (!sort?.length && found === limit) break;
  }
  const slots = sorted.take().slice(page.offset, page.offset + page.count);
  return toListAnswer(exchange, {
    page,
    key: 'findMatchingContactsDetails',
    items: slots
      .filter(world.contacts.isHeld)
      .map((slot) => toMatchView(world.contacts.read(slot), toViewOptions(world))),
    hasMore: found >= limit,
    path: 'contact/contacts/search',
  });
}

/** The contacts that match; the row is the same object each time. */
async function* scan({ contacts }: World, matches: Matches) {
  const row = makeBlankRow();
  for (let slot = 0; slot < contacts.slots(); slot += 1) {
    if (slot % stretch === stretch - 1) await setImmediate();
    if (!contacts.isHeld(slot)) continue;
    contacts.fill(row, slot);
    if (matches(row)) yield { slot, row };
  }
}
