/** A plan as one JSON document, for --json and .json files, or as a line per row. Rows are written as they come, so that a plan of any size fits. */
import type { PlanListing } from './plan-rows.ts';

/** The document: plan, whether it is masked, totals of the filter, rows listed, rows. */
export async function* writeJson(listing: PlanListing): AsyncGenerator<string> {
  yield `${JSON.stringify(toJsonHead(listing)).slice(0, -1)},"rows":[`;
  let separator = '\n';
  for await (const batch of listing.rows) {
    if (batch.length === 0) continue;
    yield separator + batch.map((row) => JSON.stringify(row)).join(',\n');
    separator = ',\n';
  }
  yield ']}\n';
}

/** What the document says besides its rows. */
export function toJsonHead({ plan, isMasked, totals, listed }: PlanListing): object {
  return { plan, masked: isMasked, totals, listed };
}

export async function* writeJsonLines({ rows }: PlanListing): AsyncGenerator<string> {
  for await (const batch of rows) yield batch.map((row) => `${JSON.stringify(row)}\n`).join('');
}
