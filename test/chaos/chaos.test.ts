/**
 * The small form of `npm run chaos`: a dozen runs by fixed seeds, and the seeds that once failed. What is looked at after each stands in
 * findings.ts and stops.ts; that those can find something is shown first.
 */
import { describe, expect, inject, test } from 'vitest';
import { redisUrl } from '../support/redis.ts';
import { makeGround, toRedisOf } from './ground.ts';
import type { RecordRow } from './record.ts';
import { regressions } from './regressions.ts';
import { runMany, sayAll, sayRun } from './run-many.ts';
import { makeScenario } from './scenario.ts';
import { findLiftedStops } from './stops.ts';

/** From here a dozen seeds hold workers, zombies, lost queues and both queues. */
const firstSeed = 31;
const runs = 12;

describe('findLiftedStops', () => {
  const row = {
    account: 'A',
    accountBlock: 'no',
    phone1: '(201) 555-0100',
    phone1Block: 'yes',
    phone1CellConsent: 'no',
    phone2: '',
  };
  const versions = [{ since: 0, rows: [row as RecordRow] }];
  const number = { phone1: '2015550100', phone1Block: 'false', phone1BlockDaily: 'false', phone1CellConsent: 'false' };
  const write = (changes: Record<string, string>) => [
    { seq: 1, at: 1, account: 'A', kind: 'changed' as const, changes },
  ];

  test('a block that stands and is taken away is found', () => {
    const initial = new Map([['A', { ...number, phone1Block: 'true' }]]);
    expect(findLiftedStops(initial, write({ phone1Block: 'false' }), versions)).toHaveLength(1);
    expect(findLiftedStops(initial, write({ phone1Block: 'false', phone1BlockDaily: 'true' }), versions)).toEqual([]);
    expect(findLiftedStops(initial, write({ phone1Block: 'false', accountBlock: 'true' }), versions)).toEqual([]);
  });

  test('a new number that comes without its block is found, at any ordinal; one that was never stopped is not', () => {
    const initial = new Map([['A', { ...number, phone1: '2015550199' }]]);
    expect(findLiftedStops(initial, write({ phone1: '2015550100' }), versions)).toHaveLength(1);
    expect(findLiftedStops(initial, write({ phone3: '2015550100' }), versions)).toHaveLength(1);
    expect(findLiftedStops(initial, write({ phone1: '2015550100', phone1Block: 'true' }), versions)).toEqual([]);
    expect(findLiftedStops(new Map([['A', number]]), write({ lastName: 'Smith' }), versions)).toEqual([]);
  });

  test('a contact that is created without its block is found', () => {
    const create = (phone1Block: string) => [{ ...write({ ...number, phone1Block })[0]!, kind: 'created' as const }];
    expect(findLiftedStops(new Map(), create('false'), versions)).toHaveLength(1);
    expect(findLiftedStops(new Map(), create('true'), versions)).toEqual([]);
  });

  test('a withdrawn consent that comes back is found', () => {
    const initial = new Map([['A', number]]);
    expect(findLiftedStops(initial, write({ phone1CellConsent: 'true' }), versions)).toHaveLength(1);
  });
});

test('a seed gives one scenario', () => {
  const ground = makeGround(undefined);
  expect(makeScenario(7, ground)).toEqual(makeScenario(7, ground));
  expect(makeScenario(8, ground)).not.toEqual(makeScenario(7, ground));
});

test(`${runs} runs by chance: after the faults one sync is enough, and nothing was sent, lifted or called proven that must not be`, {
  timeout: 900_000,
}, async () => {
  const results = await runMany({
    seeds: [...Array.from({ length: runs }, (_, index) => firstSeed + index), ...regressions.map(({ seed }) => seed)],
    jobs: 2,
    ground: makeGround(redisUrl),
    servers: (job) => ({
      build: inject('program'),
      databaseUrl: inject('databaseUrl'),
      templateName: inject('templateName'),
      redisUrl: toRedisOf(redisUrl, job),
    }),
    onEnd: (result) => process.stderr.write(`${sayRun(result)}\n`),
  });
  process.stderr.write(`${sayAll(results)}\n`);
  expect(results.flatMap(({ seed, violations }) => violations.map((text) => `seed ${seed}: ${text}`))).toEqual([]);
});
