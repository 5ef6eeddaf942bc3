/** `lvsync dead`: what LiveVox refuses, in a person's hands. */
import { describe, expect, test } from 'vitest';
import type { Patch } from '../../src/contact/index.ts';
import { insertChunks, insertDeadLetter, type Store } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';
import { setupFolder } from '../support/folder.ts';
import { type LvsyncResult, runLvsync } from '../support/run-lvsync.ts';
import { storePlan } from '../support/stored-plan.ts';

const words = 'Invalid phone 2015550123 of "Sally\u001b[2J Yam"';

const patches: readonly Patch[] = [
  {
    account: 'A1',
    operation: 'block',
    endpoint: 'multi_dnd',
    changes: { phone1Block: ['false', 'true'] },
    sends: { phone1: '2015550123', phone1Block: 'PERMANENT' },
  },
  {
    account: 'A2',
    operation: 'create',
    endpoint: 'bulk_create',
    changes: { lastName: [null, 'Yam'], firstName: [null, 'Sally'] },
    sends: { lastName: 'Yam', firstName: 'Sally', active: 'true' },
  },
];

type Setup = {
  readonly store: Store;
  readonly changeSetId: string;
  /** Letter of the block of A1. */
  readonly stop: string;
  /** Letter of the create of A2. */
  readonly create: string;
  readonly dead: (...argv: string[]) => Promise<LvsyncResult>;
};

async function setup(): Promise<Setup> {
  const { store, url } = await setupDatabase();
  const cwd = await setupFolder({ 'lvsync.config.json': '{"tenants":{"acme":{},"beta":{}}}' });
  const { changeSetId } = await storePlan(store, { tenant: 'acme', patches });
  await insertChunks(store, { tenant: 'acme', changeSetId, chunkRows: 1 });
  const note = (chunkSeq: number) =>
    insertDeadLetter(store.pool, {
      tenant: 'acme',
      changeSetId,
      chunkSeq,
      httpStatus: 400,
      code: '12',
      message: words,
    });
  const [stop, create] = [await note(1), await note(2)];
  const dead = (...argv: string[]) =>
    runLvsync(['dead', ...argv, ...(argv.includes('--tenant') ? [] : ['--tenant', 'acme'])], {
      cwd,
      env: { DATABASE_URL: url },
    });
  return { store, changeSetId, stop: stop!, create: create!, dead };
}

async function readAudit(store: Store): Promise<readonly unknown[]> {
  const found = await store.pool.query('select tenant, actor, action, detail from sync.audit order by id');
  return found.rows;
}

function toCells(line: string): readonly string[] {
  return line.split(/ {2,}/);
}

describe('lvsync dead list', () => {
  test('a line for each, what LiveVox quotes hidden, no control characters, no credentials needed', async () => {
    const { stop, create, dead } = await setup();
    const { code, stdout, stderr } = await dead('list');
    expect([code, stderr]).toEqual([0, []]);
    const since = expect.stringMatching(/^20..-..-..T..:..:..Z$/);
    expect(stdout.trimEnd().split('\n').map(toCells)).toEqual([
      ['id', 'state', 'since', 'times', 'account', 'operation', 'fields', 'status', 'LiveVox says'],
      [create, 'open', since, '1', 'A2', 'create', 'firstName lastName', '400', '(12) Invalid phone … of …'],
      [stop, 'open', since, '1', 'A1', 'block', 'phone1Block', '400', '(12) Invalid phone … of …'],
      ['2 changes that LiveVox refuses; what it quotes is hidden, --unmask shows it'],
    ]);
  });

  test('whoever wants the words whole is recorded first', async () => {
    const { store, dead } = await setup();
    const { code, stdout } = await dead('list', '--unmask', '--by', 'Ann Lee');
    expect([code, stdout]).toEqual([0, expect.stringContaining('2015550123 of "Sally\\u{1b}[2J Yam"')]);
    expect(await readAudit(store)).toEqual([
      { tenant: 'acme', actor: 'Ann Lee', action: 'unmasked', detail: 'dead list --unmask --tenant acme' },
    ]);
  });

  test('resolved ones are listed with --all only, and those of another tenant never', async () => {
    const { store, create, stop, dead } = await setup();
    await store.pool.query(`update sync.dead_letters set state = 'resolved' where id = $1`, [create]);
    const list = async (...argv: string[]) =>
      (JSON.parse((await dead('list', '--json', ...argv)).stdout) as { letters: { id: string }[] }).letters.map(
        ({ id }) => id,
      );
    expect(await list()).toEqual([stop]);
    expect(await list('--all')).toEqual([create, stop]);
    expect(await list('--all', '--tenant', 'beta')).toEqual([]);
    expect((await dead('list', '--tenant', 'beta')).stdout).toBe('LiveVox refuses nothing.\n');
  });
});

describe('lvsync dead show', () => {
  test('one whole, with the way to its values', async () => {
    const { changeSetId, create, dead } = await setup();
    const { code, stdout } = await dead('show', create);
    expect(code).toBe(0);
    expect(stdout).toContain(`dead letter ${create}, open\n`);
    expect(stdout).toContain('create by bulk_create: firstName lastName\n');
    expect(stdout).toContain('400 (12) Invalid phone … of …\n');
    expect(stdout).toContain(`its values: lvsync show ${changeSetId} --account A2\n`);
    expect(stdout).toContain(`lvsync dead drop ${create}.`);
  });

  test('a stop says that it is sent with every plan', async () => {
    const { stop, dead } = await setup();
    expect((await dead('show', stop)).stdout).toContain('it is sent again with every plan');
    expect(JSON.parse((await dead('show', stop, '--json')).stdout)).toMatchObject({
      tenant: 'acme',
      masked: true,
      letters: [{ id: stop, isStop: true, state: 'open', message: 'Invalid phone … of …' }],
    });
  });
});

describe('lvsync dead retry and drop', () => {
  test('note who decided, and why, and say what comes of it', async () => {
    const { store, stop, create, dead } = await setup();
    const retried = await dead('retry', create, stop, create, '--by', ' Ann  Lee ');
    expect([retried.code, retried.stdout]).toEqual([
      0,
      `2 dead letters sent again with the next plan that has them: ${create} ${stop}; decided by Ann Lee\n`,
    ]);
    const dropped = await dead('drop', create, '--by', 'Bob', '--reason', 'the number is a fax', '--json');
    expect([dropped.code, JSON.parse(dropped.stdout)]).toEqual([
      0,
      expect.objectContaining({
        letters: [
          expect.objectContaining({ state: 'dropped', decidedBy: 'Bob', decidedBecause: 'the number is a fax' }),
        ],
      }),
    ]);
    expect(await readAudit(store)).toEqual([
      { tenant: 'acme', actor: 'Ann Lee', action: 'retried', detail: `lvsync dead retry ${create} ${stop}` },
      { tenant: 'acme', actor: 'Bob', action: 'dropped', detail: `lvsync dead drop ${create}: the number is a fax` },
    ]);
    expect((await dead('show', create)).stdout).toContain('Bob: the number is a fax');
  });

  test('a stop is not dropped', async () => {
    const { store, stop, dead } = await setup();
    const { code, stderr } = await dead('drop', stop, '--by', 'Ann', '--reason', 'x');
    expect([code, stderr.join()]).toEqual([2, expect.stringContaining('cannot be dropped')]);
    expect(await readAudit(store)).toEqual([]);
  });
});

test.each<readonly [readonly string[], string]>([
  [['bury'], 'Allowed choices are list, show, retry, drop'],
  [[], "missing required argument 'action'"],
  [['list', '7'], 'lvsync dead list takes no number'],
  [['list', '--reason', 'x'], '--reason goes with lvsync dead retry and drop'],
  [['list', '--by', 'Ann'], 'it needs --unmask'],
  [['show'], 'takes one number'],
  [['show', '7', '8'], 'takes one number'],
  [['show', '7', '--all'], '--all goes with lvsync dead list'],
  [['show', '7x'], '7x is no number of a dead letter'],
  [['show', '99'], 'Tenant acme has no dead letter 99'],
  [['retry', '--by', 'Ann'], 'needs the numbers'],
  [['retry', '7'], 'needs --by'],
  [['retry', '7', '--by', ' '], 'needs --by'],
  [['retry', '7', '--by', 'Ann', '--unmask'], '--unmask goes with lvsync dead list and show'],
  [['retry', '99', '--by', 'Ann'], 'Tenant acme has no dead letter 99'],
  [['drop', '7', '--by', 'Ann'], 'needs --reason'],
  [['list', '--tenant', 'gamma'], 'gamma'],
])('wrong usage is one sentence: %s', async (argv, sentence) => {
  const { dead } = await setup();
  const { code, stdout, stderr } = await dead(...argv);
  expect([code, stdout, stderr.length]).toEqual([2, '', 1]);
  expect(stderr[0]).toContain(sentence);
});
