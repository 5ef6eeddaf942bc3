/**
 * The client's services and the call centers they belong to. Only a service with an ACD mode may be given to an agent;
 * one of the four has none, so that this refusal can be met.
 */
import { clientId } from './population.ts';

/** The six modes whose services may be given to agents, and the one whose may not. */
export const acdModes = [
  'Agent At Ready In',
  'Agent At Ready Out',
  'Agent Call Out',
  'Manual',
  'HCI',
  'Strict HCI',
  'No ACD',
] as const;

export type Service = {
  readonly id: number;
  readonly clientId: number;
  readonly name: string;
  readonly callCenterId: number;
  readonly callCenterName: string;
  readonly acdMode: (typeof acdModes)[number];
};

const collections = { clientId, callCenterId: 1623, callCenterName: 'Collections' };
const earlyOut = { clientId, callCenterId: 1624, callCenterName: 'Early Out' };

/** Always the same, whatever the seed. */
export const defaultServices: readonly Service[] = [
  { id: 38_049, name: 'Manual (Manual 4)', acdMode: 'Manual', ...collections },
  { id: 38_050, name: 'Inbound', acdMode: 'Agent At Ready In', ...collections },
  { id: 38_051, name: 'Early Out HCI', acdMode: 'HCI', ...earlyOut },
  { id: 38_052, name: 'Messages', acdMode: 'No ACD', ...earlyOut },
];

export function isAcdService(service: Service): boolean {
  return service.acdMode !== 'No ACD';
}
