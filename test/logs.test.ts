/** docs/logs.md, held against every log line that the source can write; and that what no line may hold does not get out. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { FatalError, RetriableError, toLogReason } from '../src/errors.ts';
import { type LogCall, listLogCalls } from './support/log-calls.ts';
import { root } from './support/source-files.ts';

type Row = { readonly event: string; readonly levels: readonly string[]; readonly facts: readonly string[] };

const calls = listLogCalls('src', 'jobs');

/** The one call whose event is chosen when it runs: how an attempt at a job ended. */
const verdicts: readonly LogCall[] = [
  ['error', 'job.failed'],
  ['warn', 'job.retried'],
  ['info', 'job.delayed'],
  ['info', 'job.put_back'],
].map(([level = '', event = '']) => ({ place: 'jobs/process-job.ts', level, events: [event], facts: ['reason'] }));

const rows: readonly Row[] = [
  ...readFileSync(join(root, 'docs/logs.md'), 'utf8').matchAll(/^\| `([\w.]+)` \| ([a-z, ]+) \| (.*?) \| .+ \|$/gm),
].map(([, event = '', levels = '', facts = '']) => ({
  event,
  levels: levels.split(', '),
  facts: [...facts.matchAll(/`(\w+)`/g)].map(([, fact = '']) => fact),
}));

describe('docs/logs.md', () => {
  test('the source chooses an event when it runs in one place alone', () => {
    const chosen = calls.filter(({ events }) => events.length === 0);
    expect(chosen.map(({ place }) => place.split(':')[0])).toEqual(['jobs/process-job.ts']);
    const source = readFileSync(join(root, 'jobs/process-job.ts'), 'utf8');
    const named = [...source.matchAll(/\['(\w+)', '(job\.\w+)'\]/g)].map(([, level, event]) => [level, event]);
    expect(named).toEqual(verdicts.map(({ level, events: [event] }) => [level, event]));
  });

  test('has every event with its levels and the facts that its calls name, and no other', () => {
    const all = [...calls, ...verdicts].filter(({ events }) => events.length > 0);
    const written = new Map<string, { levels: Set<string>; facts: Set<string> }>();
    for (const { level, events, facts } of all) {
      for (const event of events) {
        const known = written.get(event) ?? { levels: new Set(), facts: new Set() };
        known.levels.add(level);
        for (const fact of facts) known.facts.add(fact);
        written.set(event, known);
      }
    }
    expect(written.size).toBeGreaterThan(60);
    expect(rows.map(({ event }) => event).sort()).toEqual([...written.keys()].sort());
    for (const { event, levels, facts } of rows) {
      expect([...levels].sort(), event).toEqual([...(written.get(event)?.levels ?? [])].sort());
      expect(
        [...(written.get(event)?.facts ?? [])].filter((fact) => !facts.includes(fact)),
        event,
      ).toEqual([]);
    }
  });

  test('an event is a subject and what became of it, in small letters', () => {
    expect(rows.filter(({ event }) => !/^[a-z]+(\.[a-z_]+)+$/.test(event)).map(({ event }) => event)).toEqual([]);
  });
});

describe('toLogReason', () => {
  const quoting = new pg.DatabaseError('invalid input syntax for type date: "1970-01-02 Jane Doe"', 0, 'error');
  quoting.code = '22P02';

  test('says our own sentence', () => {
    expect(toLogReason(new RetriableError('LiveVox gave no answer.', { cause: quoting }))).toBe(
      'LiveVox gave no answer.',
    );
  });

  test.each([
    ['an error of the database', quoting, 'DatabaseError 22P02'],
    ['one that wraps it', new Error('Jane Doe', { cause: quoting }), 'DatabaseError 22P02'],
    ['several', new AggregateError([quoting], 'Jane Doe'), 'DatabaseError 22P02'],
    ['an error without a code', new TypeError('Jane Doe'), 'TypeError'],
    ['no error at all', 'Jane Doe', 'string'],
    ['several, the first ours', new AggregateError([new FatalError('Ours.')]), 'Ours.'],
  ])('of %s says what it is', (_, error, reason) => {
    expect(toLogReason(error)).toBe(reason);
  });
});

test('a fact that no line may have is redacted, also where a log carries it', () => {
  const script = `
    import { makeLog } from '${join(root, 'src/log.ts')}';
    const log = makeLog('info');
    log.info('a.b', { account: 'Canary-1', runId: 'r1' });
    log.with({ password: 'Canary-2' }).warn('a.c', { raw: 'Canary-3' });`;
  const { execPath } = process;
  const options = { cwd: root, encoding: 'utf8' } as const;
  const shell = `"${execPath}" --import tsx --input-type=module -e "$SCRIPT" 2>&1`;
  const lines = execFileSync('sh', ['-c', shell], { ...options, env: { ...process.env, SCRIPT: script } });
  expect(lines).toContain('"runId":"r1"');
  expect(lines).toContain('"account":"[Redacted]"');
  expect(lines.match(/a\.[bc]/g)).toEqual(['a.b', 'a.c']);
  expect(lines).not.toContain('Canary');
});
