/** A LiveVox in memory for tests of the push: says no to some contacts, loses answers, and remembers every request. */
import type { BeforeSend, ContactRows, ContactWrite, WriteAnswer } from '../../src/livevox/index.ts';

export type Method = 'create' | 'update' | 'dnd' | 'delete';

/** The answer to a request of these accounts; undefined: accepted. */
export type Says = (
  method: Method,
  accounts: readonly string[],
) => WriteAnswer | undefined | Promise<WriteAnswer | undefined>;

type Request = { readonly method: Method; readonly accounts: readonly string[] };

export const refusal = {
  kind: 'refused',
  httpStatus: 400,
  code: '9',
  message: 'Request could not be processed',
} as const;
export const tooLarge = { kind: 'refused', httpStatus: 413, message: 'HTTP 413' } as const;
export const lost = { kind: 'unknown', reason: 'the connection was reset' } as const;

export function makeFakeLiveVox(says: Says = () => undefined) {
  const requests: Request[] = [];
  const answer = async (method: Method, rows: readonly ContactWrite[]): Promise<WriteAnswer> => {
    const accounts = rows.map(({ account }) => account);
    requests.push({ method, accounts });
    return (await says(method, accounts)) ?? { kind: 'accepted', httpStatus: 200, reportedRows: accounts.length };
  };
  const bulk = (method: Method) => async (rows: ContactRows) =>
    answer(method, typeof rows === 'function' ? await rows() : rows);
  const single = (method: Method) => async (write: ContactWrite, _signal?: AbortSignal, beforeSend?: BeforeSend) => {
    await beforeSend?.();
    return answer(method, [write]);
  };
  const livevox = {
    sendBulkCreate: bulk('create'),
    sendBulkUpdate: bulk('update'),
    sendMultipleContactsDnd: bulk('dnd'),
    sendDeleteContact: async (account: string, _signal?: AbortSignal, beforeSend?: BeforeSend) => {
      await beforeSend?.();
      return answer('delete', [{ account, sends: {} }]);
    },
    sendCreateContact: single('create'),
    sendUpdateContact: single('update'),
    sendContactDnd: single('dnd'),
  };
  return { livevox, requests };
}
