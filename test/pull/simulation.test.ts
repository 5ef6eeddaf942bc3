/** Random histories, a few here; SIMULATIONS=10000 lives so many, SIMULATION_SEED=17 begins with that one. */
import { expect, it } from 'vitest';
import { setupDatabase } from '../support/database.ts';
import { setupFolder } from '../support/folder.ts';
import { type HistoryCounts, liveHistory } from './simulation.ts';

const histories = Number(process.env['SIMULATIONS'] ?? 60);
const firstSeed = Number(process.env['SIMULATION_SEED'] ?? 1);
const atOnce = 3;

it(
  `after each event of ${histories} random histories, covered time is in the mirror as LiveVox shows it`,
  async () => {
    const { store } = await setupDatabase();
    const folder = await setupFolder();
    const total: HistoryCounts = { events: 0, pulls: 0, failed: 0, compared: 0 };
    let next = firstSeed;
    const lives = async (): Promise<void> => {
      while (next < firstSeed + histories) {
        const seed = next;
        next += 1;
        const counts = await liveHistory({ seed, store, folder });
        for (const key of Object.keys(total) as (keyof HistoryCounts)[]) total[key] += counts[key];
      }
    };
    await Promise.all(Array.from({ length: atOnce }, lives));
    process.stderr.write(`${histories} histories from seed ${firstSeed}: ${JSON.stringify(total)}\n`);
    expect(total.compared).toBeGreaterThan(histories);
    expect(total.failed).toBeGreaterThan(0);
  },
  60_000 + histories * 2_000,
);
