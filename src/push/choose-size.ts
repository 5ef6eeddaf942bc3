/**
 * How many contacts the next bulk request may carry. The vendor publishes no sizes, so they are learnt: halved when a request was too
 * large, or so slow that its answer got lost; grown by a quarter after sixteen full requests in a row were accepted; never above what is
 * configured. Pure.
 */

export type ChunkSize = {
  /** Contacts in a request, at most. */
  readonly sizeRows: number;
  /** Requests of that size that were accepted since it changed last. */
  readonly acceptedInARow: number;
};

/** What a request of so many contacts taught. */
export type SizeLesson = { readonly kind: 'accepted' | 'too_many' | 'lost'; readonly rows: number };

/** So many full requests in a row are needed before a larger one is tried: of seventeen, one at most is refused for its size. */
const acceptedBeforeGrowth = 16;
const growth = 1.25;

/** The size after a lesson, with the reason where the size itself changes; undefined when nothing is to be remembered. */
export function chooseSize(
  known: ChunkSize | undefined,
  lesson: SizeLesson,
  configuredRows: number,
): (ChunkSize & { readonly reason?: string }) | undefined {
  const sizeRows = Math.min(known?.sizeRows ?? configuredRows, configuredRows);
  if (lesson.kind === 'accepted')
    return grow({ sizeRows, acceptedInARow: known?.acceptedInARow ?? 0 }, lesson, configuredRows);
  // A small remainder whose connection broke says nothing about large requests.
  if (lesson.kind === 'lost' && lesson.rows * 2 <= sizeRows) return undefined;
  const halved = Math.min(sizeRows, Math.max(1, Math.floor(lesson.rows / 2)));
  if (halved === sizeRows) return undefined;
  const reason =
    lesson.kind === 'lost' ? `no answer to ${lesson.rows} contacts` : `${lesson.rows} contacts were too many`;
  return { sizeRows: halved, acceptedInARow: 0, reason };
}

function grow(
  { sizeRows, acceptedInARow }: ChunkSize,
  { rows }: SizeLesson,
  configuredRows: number,
): (ChunkSize & { readonly reason?: string }) | undefined {
  if (sizeRows >= configuredRows || rows < sizeRows) return undefined;
  if (acceptedInARow + 1 < acceptedBeforeGrowth) return { sizeRows, acceptedInARow: acceptedInARow + 1 };
  const grown = Math.min(configuredRows, Math.max(sizeRows + 1, Math.floor(sizeRows * growth)));
  return {
    sizeRows: grown,
    acceptedInARow: 0,
    reason: `${acceptedBeforeGrowth} requests of ${sizeRows} were accepted`,
  };
}

/**
 * Whether a refusal is about the number of contacts in the request: 413, or words that say so. Words about a field ("exceeds the maximum length
 * of 50 characters") or about a rate of calls are about something else; a request that is split for the wrong reason costs a few more requests.
 */
export function isTooMany(refusal: {
  readonly httpStatus?: number | undefined;
  readonly message?: string | undefined;
}): boolean {
  if (refusal.httpStatus === 413) return true;
  const words = (refusal.message ?? '').toLowerCase().replace(/^http \d+(, code [^:]*)?:?/, '');
  if (!/\b(too many|too large|too big|exceed\w*|limit\w*|max(imum)?)\b/.test(words)) return false;
  return !/\b(length|long|characters?|chars?|digits?|fields?|columns?|values?|col\d+|phones?|numbers?|balance|amount|date|ordinals?|per (second|minute|hour|day)|rate|calls|attempts|requests)\b/.test(
    words,
  );
}
