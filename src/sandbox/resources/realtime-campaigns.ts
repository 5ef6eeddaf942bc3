/** Campaign Level Statistics. The filter may name campaigns, services or call centers, but only one of the three. */
import { z } from 'zod';
import { type Answer, json } from '../answer.ts';
import { listCampaigns } from '../model/campaigns.ts';
import type { Exchange } from '../router.ts';
import { idNumber, refuseInput } from '../wire/agent-details.ts';
import { parseBody } from '../wire/parse-body.ts';
import { toWireJson } from '../wire/wire-json.ts';

const ids = z.array(z.strictObject({ id: idNumber })).optional();
const statsBody = z.strictObject({
  filter: z.strictObject({ campaign: ids, service: ids, callCenter: ids }).nullish(),
});

/** `POST /realtime/campaign/stats` */
export function campaignLevelStatistics({ world, body }: Exchange): Answer {
  const { campaign, service, callCenter } = parseBody(statsBody, body).filter ?? {};
  if ([campaign, service, callCenter].filter((list) => list !== undefined).length > 1)
    throw refuseInput('Invalid input [no more than one filter may be specified]');
  const among = (wanted: typeof campaign, id: number): boolean =>
    wanted === undefined || wanted.some((one) => one.id === id);
  const stats = listCampaigns(world.seed, world.services.list())
    .filter(
      (one) => among(campaign, one.campaignId) && among(service, one.serviceId) && among(callCenter, one.callCenterId),
    )
    .map(({ callCenterId: _, ...shown }) => shown);
  return json(toWireJson(world.dialect, { stats }));
}
