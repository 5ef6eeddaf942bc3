/**
 * A small table of records by id, in the order they were put, with the instant of its last change: what the sandbox
 * keeps of agents, agent skills and services. Records are changed in place; whoever does so calls `touch`.
 */

export type RecordBook<Item extends { readonly id: number }> = {
  readonly has: (id: number) => boolean;
  readonly find: (id: number) => Item | undefined;
  readonly list: () => readonly Item[];
  /** Adds the record, or puts it in the place of the one with its id. */
  readonly put: (record: Item) => void;
  /** False when there was none. */
  readonly remove: (id: number) => boolean;
  /** Notes that a record was changed in place. */
  readonly touch: () => void;
  /** One more than the largest id there ever was. */
  readonly nextId: () => number;
  /** Epoch ms. */
  readonly lastModified: () => number;
};

/** A book that holds `records`, last changed at `asOf` (epoch ms). */
export function makeRecordBook<Item extends { readonly id: number }>(
  records: readonly Item[],
  { asOf, now }: { readonly asOf: number; readonly now: () => number },
): RecordBook<Item> {
  const byId = new Map(records.map((record) => [record.id, record]));
  let modifiedAt = asOf;
  let largestId = Math.max(0, ...byId.keys());
  const touch = (): void => {
    modifiedAt = now();
  };
  return {
    has: (id) => byId.has(id),
    find: (id) => byId.get(id),
    list: () => [...byId.values()],
    put: (record) => {
      byId.set(record.id, record);
      largestId = Math.max(largestId, record.id);
      touch();
    },
    remove: (id) => {
      if (!byId.delete(id)) return false;
      touch();
      return true;
    },
    touch,
    nextId: () => largestId + 1,
    lastModified: () => modifiedAt,
  };
}
