/**
 * Who leaves next in a lane. Chunks are claimed before their slot has come, and a lane with a limit may make them wait for a minute; an
 * urgent one that arrives meanwhile must not wait behind them. So a call is not bound to the chunk it was made for: when it has its
 * slot, the most urgent chunk that waits in its lane leaves with it, and the one it was made for goes with a later call.
 * Each chunk gets the answer of the call that carried it. In memory: the chunks are claimed by the same push.
 * What would surprise: a chunk that gives up waiting takes a call with it, but never one that has another chunk on board.
 */

type Waiting<Item, Answer> = {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
};

/** A call whose turn has not come; aborted when there is nothing left for it to carry. */
type Idle = AbortController;

/** As many items wait as calls are idle. */
type Lane<Item, Answer> = { readonly waiting: Waiting<Item, Answer>[]; readonly idle: Idle[] };

export type Turns<Item, Answer> = {
  /**
   * Has an item leave with a call of its lane, and gives the answer to it. `call` asks for the item that leaves with it (`next`) when its turn
   * has come, before each attempt: the same one each time. A call that fails before that fails for an item that still waits. An item that still
   * waits when `giveUp` is aborted leaves no more and fails with its reason; `signal` ends the call that is then too many.
   */
  readonly take: (
    lane: string,
    item: Item,
    call: (next: () => Item, signal: AbortSignal) => Promise<Answer>,
    giveUp?: AbortSignal,
  ) => Promise<Answer>;
};

export function makeTurns<Item extends { readonly isUrgent: boolean }, Answer>(): Turns<Item, Answer> {
  const lanes = new Map<string, Lane<Item, Answer>>();
  return {
    take: (name, item, call, giveUp) =>
      new Promise((resolve, reject) => {
        giveUp?.throwIfAborted();
        const lane = lanes.get(name) ?? { waiting: [], idle: [] };
        lanes.set(name, lane);
        const own = { item, resolve, reject };
        const idle = new AbortController();
        lane.waiting.push(own);
        lane.idle.push(idle);
        let taken: Waiting<Item, Answer> | undefined;
        const next = (): Item => {
          idle.signal.throwIfAborted();
          if (taken === undefined) remove(lane.idle, idle);
          taken ??= takeMostUrgent(lane.waiting);
          return taken.item;
        };
        const end = (settle: (carried: Waiting<Item, Answer>) => void): void => {
          if (idle.signal.aborted) return;
          if (taken === undefined) remove(lane.idle, idle);
          settle(taken ?? takeOwn(lane.waiting, own));
        };
        giveUp?.addEventListener('abort', () => withdraw(lane, own, idle, giveUp.reason), { once: true });
        call(next, idle.signal).then(
          (answer) => end((carried) => carried.resolve(answer)),
          (error: unknown) => end((carried) => carried.reject(error)),
        );
      }),
  };
}

/** The call that was made for it goes with it, or, where that one carries another, one that carries nothing. */
function withdraw<Item, Answer>(
  lane: Lane<Item, Answer>,
  own: Waiting<Item, Answer>,
  idle: Idle,
  reason: unknown,
): void {
  if (!remove(lane.waiting, own)) return;
  const spare = lane.idle.includes(idle) ? idle : lane.idle.at(-1)!;
  remove(lane.idle, spare);
  spare.abort(reason);
  own.reject(reason);
}

/** The first urgent one, else the first. */
function takeMostUrgent<W extends { readonly item: { readonly isUrgent: boolean } }>(queue: W[]): W {
  const urgent = queue.findIndex(({ item }) => item.isUrgent);
  return queue.splice(Math.max(0, urgent), 1)[0]!;
}

/** The one the call was made for; where another call has taken it, the last. */
function takeOwn<W>(queue: W[], own: W): W {
  const index = queue.indexOf(own);
  return queue.splice(index === -1 ? queue.length - 1 : index, 1)[0]!;
}

/** Whether it was there. */
function remove<T>(list: T[], one: T): boolean {
  const index = list.indexOf(one);
  if (index !== -1) list.splice(index, 1);
  return index !== -1;
}
