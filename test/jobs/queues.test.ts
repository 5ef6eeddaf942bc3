import { describe, expect, test } from 'vitest';
import { chooseBackoffMs, parsePayload, queueNames, queues } from '../../jobs/queues.ts';
import { FatalError } from '../../src/errors.ts';

const runId = '6b1f3c52-5a0d-4f5e-9f0e-0d6b9a3c1e77';

describe('parsePayload', () => {
  test('a step names its tenant, its run and its place', () => {
    expect(parsePayload('push', { tenant: 'acme', runId, ordinal: 4 })).toEqual({ tenant: 'acme', runId, ordinal: 4 });
  });

  test('a nightly is opened by its tenant and closed by its run', () => {
    expect(parsePayload('nightly', { tenant: 'acme' })).toEqual({ tenant: 'acme' });
    expect(parsePayload('nightly', { tenant: 'acme', runId })).toEqual({ tenant: 'acme', runId });
  });

  test.each(queueNames)('%s takes nothing besides ids, and does not quote what it refuses', (name) => {
    const payload = { tenant: 'acme', runId, ordinal: 1, firstName: 'Jane Doe' };
    expect(() => parsePayload(name, payload)).toThrow(FatalError);
    expect(() => parsePayload(name, payload)).toThrow(/^(?!.*Jane)/);
  });
});

describe('chooseBackoffMs', () => {
  test('the waits double up to a minute', () => {
    const waits = [1, 2, 3, 6, 7, 8, 199].map((attempt) => chooseBackoffMs('pull', attempt));
    expect(waits).toEqual([1_000, 2_000, 4_000, 32_000, 60_000, 60_000, 60_000]);
  });

  test('no wait is as long as the two minutes of silence after which a run may be replaced', () => {
    for (const name of queueNames) expect(chooseBackoffMs(name, queues[name].attempts)).toBeLessThan(120_000);
  });
});
