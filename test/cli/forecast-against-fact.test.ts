/** Forecast and fact side by side: while the push goes on, after it, and where one of them is not known. */
import { expect, test } from 'vitest';
import { formatForecastAgainstFact } from '../../src/cli/forecast-against-fact.ts';

const forecast = { calls: 12, minutes: 2.4, endpoints: [] };
const fact = { calls: 1, minutes: 2.5, endpoints: [] };

test.each([
  ['pushed', forecast, fact, 'forecast 12 calls in 2.4 min; it took 1 call in 2.5 min'],
  ['pushing', forecast, fact, 'forecast 12 calls in 2.4 min; it has taken 1 call in 2.5 min so far'],
  ['planned', forecast, null, 'forecast 12 calls in 2.4 min'],
  [
    'proven',
    { ...forecast, minutes: null },
    fact,
    'forecast 12 calls, how long was not known; it took 1 call in 2.5 min',
  ],
  ['proven', null, fact, 'it took 1 call in 2.5 min'],
  ['planned', { ...forecast, calls: 0 }, null, ''],
  ['planned', null, null, ''],
])('%s', (state, foreseen, took, sentence) => {
  expect(formatForecastAgainstFact({ forecast: foreseen, fact: took, state })).toBe(sentence);
});
