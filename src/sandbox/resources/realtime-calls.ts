/** The metadata of one call of the day, by its session and transaction: while it runs, and when it is over. */
import { type Answer, json } from '../answer.ts';
import type { Call } from '../model/calls.ts';
import type { Exchange } from '../router.ts';
import { idNumber, refuseInput, refuseUnknown } from '../wire/agent-details.ts';
import { toWireJson } from '../wire/wire-json.ts';
import { readClient } from './client-scope.ts';

/** `GET /realtime/callData/inCall`; 404 when the call is over. */
export function readInCallMetadata(exchange: Exchange): Answer {
  const { firstName, lastName, ...call } = findCall(exchange, (one) => one.callEndTime === null);
  const { serviceId, callCenterId, account, zipCode, totalDue, callDirectionOutbound, callStartTime } = call;
  const shown = {
    consumer: { firstName, lastName },
    ...{ serviceId, callCenterId, account, zipCode, totalDue, callDirectionOutbound, callStartTime },
  };
  return json(toWireJson(exchange.world.dialect, shown));
}

/** `GET /realtime/callData/postCall`; 404 while the call runs. */
export function readPostCallMetadata(exchange: Exchange): Answer {
  const call = findCall(exchange, (one) => one.callEndTime !== null);
  const { serviceId, callEndTime, lvResult, phoneDialed, termCodeName } = call;
  const shown = { serviceId, callEndTime, lvResult, phoneDialed, termCodeName };
  return json(toWireJson(exchange.world.dialect, shown));
}

function findCall({ world, query }: Exchange, isRight: (call: Call) => boolean): Call {
  readClient(world, query);
  const session = readParameter(query, 'session');
  const transaction = idNumber.safeParse(readParameter(query, 'transaction'));
  if (!transaction.success) throw refuseInput('Invalid parameter [transaction]');
  const call = world.calls.find(session, transaction.data);
  if (call === undefined || !isRight(call)) throw refuseUnknown('Call', transaction.data);
  return call;
}

function readParameter(query: URLSearchParams, name: string): string {
  const value = query.get(name) ?? '';
  if (value === '') throw refuseInput(`Missing required parameter [${name}]`);
  return value;
}
