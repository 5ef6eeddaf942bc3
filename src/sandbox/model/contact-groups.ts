/**
 * The client's contact groups: the twelve that generated contacts belong to, and what was created since. Names may
 * repeat, as in the vendor's example; groups are never deleted.
 */
import { dayMs } from '../client-zone.ts';
import { firstGroupId, groupCount } from './population.ts';

type ContactGroup = {
  readonly id: number;
  readonly name: string;
  readonly createdBy: string;
  readonly modifiedBy: string;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly modifiedAt: number;
};

/** Who writes, and when (epoch ms). */
export type GroupStamp = { readonly by: string; readonly at: number };

export type GroupBook = {
  /** By id. */
  readonly list: () => readonly ContactGroup[];
  readonly find: (id: number) => ContactGroup | undefined;
  /** Under the next free id unless one is given; a group with that id is replaced. */
  readonly create: (name: string, stamp: GroupStamp, id?: number) => ContactGroup;
  /** False when there is no such group. */
  readonly rename: (id: number, name: string, stamp: GroupStamp) => boolean;
};

// biome-ignore format: a pool reads better as a block
const names = [
  'Early Out', 'Late Stage', 'Northwind Health', 'Contoso Bank', 'Fabrikam, Inc.', 'Payment Plans', 'Disputes',
  'Broken Promises', 'Skip Tracing', 'Legal', 'Early Out', 'Customer Care',
];
const founder = 'Product Management\\Smith, Mary';

/** The book of the start; no group was changed after `asOf`. */
export function makeGroupBook(asOf: number): GroupBook {
  const groups = new Map<number, ContactGroup>();
  const create: GroupBook['create'] = (name, { by, at }, id = Math.max(...groups.keys()) + 1) => {
    const group = { id, name, createdBy: by, modifiedBy: by, createdAt: at, modifiedAt: at };
    groups.set(id, group);
    return group;
  };
  for (let index = 0; index < groupCount; index += 1) {
    const stamp = { by: founder, at: asOf - (1000 - index) * dayMs };
    create(names[index] ?? 'Others', stamp, firstGroupId + index);
  }
  return {
    list: () => [...groups.values()].sort((left, right) => left.id - right.id),
    find: (id) => groups.get(id),
    create,
    rename: (id, name, { by, at }) => {
      const group = groups.get(id);
      if (group !== undefined) groups.set(id, { ...group, name, modifiedBy: by, modifiedAt: at });
      return group !== undefined;
    },
  };
}
