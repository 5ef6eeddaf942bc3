/**
 * The filters of the real-time methods. Everywhere but in the feed's example ids are texts; both spellings are as the page prints them.
 * Between the kinds of a filter LiveVox reads "or".
 */
import { FatalError } from '../errors.ts';
import { type LiveVoxId, toIdJson, toIdText } from './livevox-id.ts';

/** Which interaction events a feed shall bring; what is left out does not filter. */
export type InteractionFilter = {
  /** `EMAIL`, `SMS`, `VOICE`, …. */
  readonly interactionTypes?: readonly string[];
  readonly callCenterIds?: readonly LiveVoxId[];
  readonly serviceIds?: readonly LiveVoxId[];
};

/** Which services a statistic shall cover; with both given, LiveVox takes what belongs to either. */
export type ServiceFilter = {
  readonly serviceIds?: readonly LiveVoxId[];
  readonly callCenterIds?: readonly LiveVoxId[];
};

/** Which campaigns a statistic shall cover; LiveVox takes one kind of filter only. */
export type CampaignFilter =
  | { readonly campaignIds?: readonly LiveVoxId[]; readonly serviceIds?: never; readonly callCenterIds?: never }
  | { readonly serviceIds: readonly LiveVoxId[]; readonly campaignIds?: never; readonly callCenterIds?: never }
  | { readonly callCenterIds: readonly LiveVoxId[]; readonly campaignIds?: never; readonly serviceIds?: never };

type WireFilter = Readonly<Record<string, readonly Readonly<Record<string, string | number>>[] | undefined>>;

/** The `filter` of an interaction feed; undefined when nothing is filtered. @throws FatalError for an id that is none, or an empty list. */
export function toInteractionFilter(filter: InteractionFilter = {}): WireFilter | undefined {
  return toFilter({
    interactionType: filter.interactionTypes?.map((type) => ({ type })),
    callCenter: filter.callCenterIds?.map((id) => ({ id: toIdJson(id) })),
    service: filter.serviceIds?.map((id) => ({ id: toIdJson(id) })),
  });
}

/** The `filter` of a statistic; undefined when nothing is filtered. @throws FatalError for an id that is none, or an empty list. */
export function toStatisticsFilter(filter: ServiceFilter | CampaignFilter = {}): WireFilter | undefined {
  const toIds = (ids?: readonly LiveVoxId[]): { id: string }[] | undefined => ids?.map((id) => ({ id: toIdText(id) }));
  return toFilter({
    campaign: 'campaignIds' in filter ? toIds(filter.campaignIds) : undefined,
    service: toIds(filter.serviceIds),
    callCenter: toIds(filter.callCenterIds),
  });
}

function toFilter(filter: WireFilter): WireFilter | undefined {
  const given = Object.entries(filter).filter(([, entries]) => entries !== undefined);
  const empty = given.find(([, entries]) => entries?.length === 0);
  // It may ask for nothing at all, or for everything: nobody knows.
  if (empty !== undefined) throw new FatalError(`The filter by ${empty[0]} names none: leave it out`);
  return given.length === 0 ? undefined : Object.fromEntries(given);
}
