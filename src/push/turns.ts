/**
 * Who leaves next in a lane. Chunks are claimed before their slot has come, and a lane with a limit may make them wait for a minute; an
 * urgent one that arrives meanwhile must not wait behind them. So a call is not bound to the chunk it was made for: when it has its
 * slot, the most urgent chunk that waits in its lane leaves with it, and the one it was made for goes with a later call.
 * Each chunk gets the answer of the call that carried it. In memory: the chunks are claimed by the same push.
 */

type Waiting<Item, Answer> = {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
};

export type Turns<Item, Answer> = {
  /**
   * Has an item leave with a call of its lane, and gives the answer to it. `call` asks for the item that leaves with it (`next`) when its turn
   * has come, before each attempt: the same one each time. A call that fails before that fails for an item that still waits.
   */
  readonly take: (lane: string, item: Item, call: (next: () => Item) => Promise<Answer>) => Promise<Answer>;
};

export function makeTurns<Item extends { readonly isUrgent: boolean }, Answer>(): Turns<Item, Answer> {
  const lanes = new Map<string, Waiting<Item, Answer>[]>();
  return {
    take: (lane, item, call) =>
      new Promise((resolve, reject) => {
        const queue = lanes.get(lane) ?? [];
        lanes.set(lane, queue);
        const own = { item, resolve, reject };
        queue.push(own);
        let taken: Waiting<Item, Answer> | undefined;
        const next = (): Item => {
          taken ??= takeMostUrgent(queue);
          return taken.item;
        };
        // As many wait as there are calls whose turn has not come: so there is always one for a call that ends early.
        const carried = (): Waiting<Item, Answer> => taken ?? takeOwn(queue, own);
        call(next).then(
          (answer) => carried().resolve(answer),
          (error: unknown) => carried().reject(error),
        );
      }),
  };
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
