import { describe, expect, it } from 'vitest';
import { closeStore, makeStoredSlots, openStore } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';

const window = { starts: 5, perMs: 10_000 };

describe('bookSlot', () => {
  it('connections that book a new lane at the same time get slots of one row', async () => {
    const { store, url } = await setupDatabase();
    const other = await openStore(url);
    const places = [makeStoredSlots(store), makeStoredSlots(other)];
    await Promise.all(Array.from({ length: 40 }, (_, i) => places[i % 2]?.book('new lane', [window], 600_000)));
    await closeStore(other);
    const kept = await store.pool.query<{ gapMs: number | null }>(
      `select extract(epoch from slot - lag(slot, 5) over (order by slot)) * 1000 as "gapMs"
         from sync.lane_slots, unnest(slots) as slot`,
    );
    const gaps = kept.rows.flatMap(({ gapMs }) => (gapMs === null ? [] : [Number(gapMs)]));
    expect(kept.rows).toHaveLength(40);
    expect(Math.min(...gaps)).toBe(10_000);
  });

  it('keeps 200 starts, and more where a window needs them', async () => {
    const { store } = await setupDatabase();
    const slots = makeStoredSlots(store);
    const count = async (): Promise<number | undefined> => {
      const kept = await store.pool.query<{ kept: number }>(`select cardinality(slots) as kept from sync.lane_slots`);
      return kept.rows[0]?.kept;
    };
    for (let i = 0; i < 201; i += 1) await slots.book('lane', [], 0);
    expect(await count()).toBe(200);
    await slots.book('lane', [{ starts: 300, perMs: 1_000 }], 0);
    expect(await count()).toBe(201);
  });

  it('slots booked by a clock that was set back since block nobody', async () => {
    const { store } = await setupDatabase();
    const slots = makeStoredSlots(store);
    await slots.book('lane', [window], 0);
    await store.pool.query(`update sync.lane_slots set slots = array[clock_timestamp() + interval '1 hour']`);
    expect(await slots.book('lane', [window], 60_000)).toMatchObject({ waitMs: 0 });
  });
});
