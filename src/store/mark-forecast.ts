/** Notes what a plan is expected to take, until it is being sent. One row of sync.change_sets by its primary key. */
import type { Endpoint } from '../contact/index.ts';
import type { Queryable } from './connection.ts';

/** What a time was reckoned from; `unknown`: there was nothing to reckon from. */
export type ForecastBasis = 'limit' | 'learnt_limit' | 'measured' | 'unknown';

export type Forecast = {
  /** Requests that would be sent. */
  readonly calls: number;
  /** Null when the time of any endpoint is unknown. */
  readonly minutes: number | null;
  readonly endpoints: readonly {
    readonly endpoint: Endpoint;
    /** Contacts in its requests. */
    readonly rows: number;
    readonly calls: number;
    readonly minutes: number | null;
    readonly basis: ForecastBasis;
  }[];
};

export async function markForecast(db: Queryable, changeSetId: string, forecast: Forecast): Promise<void> {
  await db.query(
    `update sync.change_sets set forecast = $2 where id = $1 and state in ('planned', 'held', 'approved')`,
    [changeSetId, JSON.stringify(forecast)],
  );
}
