/** The campaigns of the day, one or two per service, with numbers that add up. Reproducible from the seed. */
import { type Dice, roll, toHash } from './dice.ts';
import type { Service } from './services.ts';

export type Campaign = {
  readonly campaignId: number;
  readonly serviceId: number;
  readonly callCenterId: number;
  /** Records uploaded, those of them that could be loaded, and those still to be dialed. */
  readonly uploaded: number;
  readonly loaded: number;
  readonly remaining: number;
  /** Adds up to `loaded`. */
  readonly timezoneBreakdown: readonly { readonly timezone: string; readonly count: number }[];
};

/** The id of the first campaign of the first service. */
const firstCampaignId = 103_629_512;
const purpose = 73;
const timezones = ['AL', 'AT', 'CHT', 'CT', 'ET', 'HI', 'MT', 'PT', 'SAFE', 'UK'];
const mainTimezones = ['CT', 'ET', 'MT', 'PT'];

export function listCampaigns(seed: number, services: readonly Service[]): Campaign[] {
  return services.flatMap((service, index) =>
    [0, 1].slice(0, 2 - (index % 2)).map((nth) => makeCampaign(seed, service, firstCampaignId + 10 * index + nth)),
  );
}

function makeCampaign(seed: number, service: Service, campaignId: number): Campaign {
  const dice: Dice = { state: toHash(seed, campaignId, purpose) };
  const counts = new Map(mainTimezones.map((timezone) => [timezone, roll(dice, 500)]));
  const timezoneBreakdown = timezones.map((timezone) => ({ timezone, count: counts.get(timezone) ?? 0 }));
  const loaded = timezoneBreakdown.reduce((sum, { count }) => sum + count, 0);
  return {
    campaignId,
    serviceId: service.id,
    callCenterId: service.callCenterId,
    uploaded: loaded + roll(dice, 50),
    loaded,
    remaining: roll(dice, loaded + 1),
    timezoneBreakdown,
  };
}
