/**
 * Real-time numbers about services: calls on hold, live connects in intervals of five minutes, and the statistics of the
 * day, the last for services with agents only. Which values are texts follows the page's examples.
 */
import { type Answer, json } from '../answer.ts';
import { isAcdService, type Service } from '../model/services.ts';
import { makeServiceDay } from '../model/workday.ts';
import type { Exchange } from '../router.ts';
import { toWireJson } from '../wire/wire-json.ts';
import type { World } from '../world.ts';
import { readServices } from './service-scope.ts';

const intervalMs = 300_000;

/** `POST /realtime/service/calls/status` */
export function getHoldServiceDetails(exchange: Exchange): Answer {
  const { world } = exchange;
  const callsDetails = readServices(exchange).flatMap((service) => {
    const { callsOnHold } = makeServiceDay(world.seed, service.id);
    return Array.from({ length: callsOnHold }, (_, index) => toHeldCall(world, service, index));
  });
  return json(toWireJson(world.dialect, { callsDetails, timeStamp: String(world.now()) }));
}

function toHeldCall(world: World, service: Service, index: number) {
  const skill = world.agentSkills.list()[index];
  return {
    serviceName: service.name,
    serviceId: String(service.id),
    name: `Caller ${index + 1}`,
    account: `A${String(index + 1).padStart(7, '0')}`,
    phone: `617555${1000 + index}`,
    // Seconds here, as in the example; milliseconds everywhere else.
    timeStamp: String(Math.floor(world.now() / 1000) - 60 * (index + 1)),
    agentSkill: skill === undefined ? '' : String(skill.id),
    priority: '1',
  };
}

/** `POST /realtime/service/liveConnects`: the last 30 minutes, oldest first. */
export function getLiveConnects(exchange: Exchange): Answer {
  const { world } = exchange;
  const days = readServices(exchange).map(({ id }) => makeServiceDay(world.seed, id).liveConnects);
  const latest = Math.floor(world.now() / intervalMs) * intervalMs;
  const intervals = days[0] ?? [];
  const liveConnects = intervals.map((_, index) => ({
    total: String(days.reduce((sum, day) => sum + (day[index] ?? 0), 0)),
    timeStamp: String(latest - (intervals.length - 1 - index) * intervalMs),
  }));
  return json(toWireJson(world.dialect, { liveConnects }));
}

/** `POST /realtime/service/stats` */
export function getServiceStatistics(exchange: Exchange): Answer {
  const { world } = exchange;
  const stats = readServices(exchange)
    .filter(isAcdService)
    .map((service) => toStatistics(world, service));
  return json(toWireJson(world.dialect, { stats }));
}

function toStatistics(world: World, service: Service) {
  const { liveConnects: _, callsOnHold, ...day } = makeServiceDay(world.seed, service.id);
  const agents = world.agents.list().filter((agent) => agent.active && agent.services.has(service.id));
  return {
    calls: [],
    serviceId: String(service.id),
    serviceName: service.name,
    ...day,
    pacingMethod: 'Max CIP',
    throttle: '750',
    units: 'calls',
    callsWithAgent: Math.min(callsOnHold, agents.length),
    totalAgents: agents.length,
    callCenterId: String(service.callCenterId),
    callCenterName: service.callCenterName,
  };
}
