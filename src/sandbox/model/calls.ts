/**
 * The calls of the day, which the two metadata methods look up by session and transaction: in-call while it runs,
 * post-call when it is over. Four to start with, two of them running.
 */
import { type Dice, pick, roll, toHash } from './dice.ts';
import { firstNames, lastNames } from './pools.ts';
import type { Service } from './services.ts';

export type Call = {
  readonly session: string;
  readonly transaction: number;
  readonly serviceId: number;
  readonly callCenterId: number;
  readonly firstName: string;
  readonly lastName: string;
  readonly account: string | null;
  readonly zipCode: string | null;
  readonly totalDue: number | null;
  readonly callDirectionOutbound: boolean;
  /** Epoch ms, as is the end. */
  readonly callStartTime: number;
  /** Null while it runs. */
  readonly callEndTime: number | null;
  readonly lvResult: string;
  readonly phoneDialed: string;
  readonly termCodeName: string | null;
};

export type CallBook = {
  readonly list: () => readonly Call[];
  readonly find: (session: string, transaction: number) => Call | undefined;
  /** Adds the call, or puts it in the place of the one with its session and transaction. */
  readonly put: (call: Call) => void;
};

const purpose = 72;
const defaultCalls = 4;

/** `asOf`: epoch ms, nothing is younger. */
export function makeCallBook(seed: number, asOf: number, services: readonly Service[]): CallBook {
  const calls = new Map<string, Call>();
  const put = (call: Call): void => {
    calls.set(toKey(call.session, call.transaction), call);
  };
  for (let index = 0; index < defaultCalls; index += 1) put(makeDefaultCall(index, { seed, asOf, services }));
  return {
    list: () => [...calls.values()],
    find: (session, transaction) => calls.get(toKey(session, transaction)),
    put,
  };
}

function toKey(session: string, transaction: number): string {
  return `${transaction} ${session}`;
}

type Population = { readonly seed: number; readonly asOf: number; readonly services: readonly Service[] };

function makeDefaultCall(index: number, { seed, asOf, services }: Population): Call {
  const dice: Dice = { state: toHash(seed, index, purpose) };
  const service = pick(dice, services);
  const callStartTime = asOf - roll(dice, 600_000) - 60_000;
  return {
    session: `UD6134T${100_000 + index}@192.0.2.81`,
    transaction: 21_162_784_000 + index,
    serviceId: service.id,
    callCenterId: service.callCenterId,
    firstName: pick(dice, firstNames),
    lastName: pick(dice, lastNames),
    account: `A${String(index + 1).padStart(7, '0')}`,
    zipCode: index === 0 ? null : '02101',
    totalDue: roll(dice, 100_000) / 100,
    callDirectionOutbound: index !== 1,
    callStartTime,
    callEndTime: index < 2 ? null : callStartTime + roll(dice, 60_000),
    lvResult: index === 2 ? 'Invalid Phone Number' : 'Operator Transfer',
    phoneDialed: `617555${1000 + roll(dice, 9000)}`,
    termCodeName: index === 2 ? null : 'Promise to Pay',
  };
}
