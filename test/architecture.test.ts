/**
 * The rules of src/README.md, held against the source: imports go down only, a room is entered by its door, nothing goes in a
 * circle, each library has its room, the environment is read in one place, SQL stands in the store, files and functions stay small.
 * A failure names file, line and rule.
 */
import { describe, expect, test } from 'vitest';
import { type Import, readSourceFiles, type SourceFile } from './support/source-files.ts';

const files = readSourceFiles('src', 'jobs');

type Room = {
  /** Paths from the root: a folder with a slash at its end, or a file. */
  readonly paths: readonly string[];
  /** Files that other rooms may import; for rooms of single files all of them. */
  readonly doors?: readonly string[];
  /** Rooms it may import, besides itself. */
  readonly mayImport: readonly string[];
};

const everybodys = ['basics'];
const counterparts = ['livevox', 'store', 'redis', 'system-of-record', 'notify'];
const below = ['config', 'contact', ...everybodys];
const verbs = ['pull', 'references', 'verify', 'diff', 'push', 'sweep', 'reconcile', 'retention'];
const way = ['pipeline', 'wiring'];

const rooms: Readonly<Record<string, Room>> = {
  basics: {
    paths: ['src/errors.ts', 'src/clock.ts', 'src/log.ts', 'src/progress.ts', 'src/spans.ts'],
    mayImport: [],
  },
  // The field catalogue is a door of its own, for those who need the names and must not get the judgement with them.
  contact: { paths: ['src/contact/'], doors: ['src/contact/index.ts', 'src/contact/fields.ts'], mayImport: [] },
  // What a terminal can do is asked before anything is loaded, so it has a light door of its own.
  config: {
    paths: ['src/config.ts', 'src/config/'],
    doors: ['src/config.ts', 'src/config/terminal.ts'],
    mayImport: ['contact', ...everybodys],
  },
  livevox: { paths: ['src/livevox/'], doors: ['src/livevox/index.ts'], mayImport: below },
  store: { paths: ['src/store/'], doors: ['src/store/index.ts'], mayImport: below },
  redis: { paths: ['src/redis/'], doors: ['src/redis/index.ts'], mayImport: below },
  notify: { paths: ['src/notify/'], doors: ['src/notify/index.ts'], mayImport: below },
  'system-of-record': { paths: ['src/system-of-record/'], doors: ['src/system-of-record/index.ts'], mayImport: below },
  embedded: { paths: ['src/embedded/'], doors: ['src/embedded/index.ts'], mayImport: ['store', ...everybodys] },
  pull: { paths: ['src/pull/'], doors: ['src/pull/pull.ts'], mayImport: ['livevox', 'store', ...below] },
  references: {
    paths: ['src/references/'],
    doors: ['src/references/references.ts'],
    mayImport: ['livevox', 'store', ...below],
  },
  // A plan and a verdict have no way to LiveVox: they cannot send.
  verify: { paths: ['src/verify/'], doors: ['src/verify/verify.ts'], mayImport: ['store', ...below] },
  diff: { paths: ['src/diff/'], doors: ['src/diff/diff.ts'], mayImport: ['store', 'system-of-record', ...below] },
  push: { paths: ['src/push/'], doors: ['src/push/push.ts'], mayImport: ['livevox', 'store', ...below] },
  // What it needs of LiveVox and of the pull is passed in.
  sweep: { paths: ['src/sweep/'], doors: ['src/sweep/sweep.ts'], mayImport: ['store', ...below] },
  reconcile: { paths: ['src/reconcile/'], doors: ['src/reconcile/reconcile.ts'], mayImport: ['store', ...below] },
  // Neither reaches LiveVox: what is erased or expires here stays there.
  retention: {
    paths: ['src/retention/'],
    doors: ['src/retention/retention.ts', 'src/retention/forget.ts'],
    mayImport: ['store', ...below],
  },
  pipeline: {
    paths: [
      ...[
        'src/pipeline.ts',
        'src/steps.ts',
        'src/step-context.ts',
        'src/run-step.ts',
        'src/run-report.ts',
        'src/open-record.ts',
      ],
      ...[
        'src/forecast.ts',
        'src/store-forecast.ts',
        'src/push-lock.ts',
        'src/time-push.ts',
        'src/suppression-clock.ts',
        'src/narrow-client.ts',
        'src/reconcile-contacts.ts',
        'src/forget-contact.ts',
        'src/apply-retention.ts',
        'src/notices.ts',
      ],
    ],
    doors: [
      'src/pipeline.ts',
      'src/steps.ts',
      'src/step-context.ts',
      'src/open-record.ts',
      'src/forecast.ts',
      'src/suppression-clock.ts',
      'src/apply-retention.ts',
      'src/forget-contact.ts',
      'src/notices.ts',
    ],
    mayImport: [...verbs, ...counterparts, ...below],
  },
  wiring: {
    paths: ['src/wiring.ts', 'src/probes.ts', 'src/lane-use.ts', 'src/traces.ts'],
    mayImport: ['pipeline', 'embedded', ...counterparts, ...below],
  },
  // A stranger on a socket: it knows the vendor's field names and nothing else of ours.
  sandbox: { paths: ['src/sandbox/'], doors: ['src/sandbox/index.ts'], mayImport: ['contact'] },
  cli: {
    paths: ['src/cli/'],
    doors: ['src/cli/main.ts'],
    mayImport: [...way, 'jobs', 'store', 'embedded', 'sandbox', ...below],
  },
  jobs: {
    paths: ['jobs/'],
    doors: [
      ...['jobs/worker.ts', 'jobs/schedule.ts', 'jobs/schedule-state.ts'],
      ...['jobs/queue-counts.ts', 'jobs/queue-reconcile.ts'],
    ],
    mayImport: [...way, 'store', 'redis', ...below],
  },
  library: { paths: ['src/index.ts'], mayImport: ['livevox', 'config', ...everybodys] },
};

/** Library → where it may be imported. An upgrade or a change of mind then touches one place. */
const libraryRooms: Readonly<Record<string, readonly string[]>> = {
  '@opentelemetry/api': ['basics', 'wiring'],
  '@opentelemetry/context-async-hooks': ['wiring'],
  '@opentelemetry/core': ['wiring'],
  '@opentelemetry/exporter-trace-otlp-http': ['wiring'],
  '@opentelemetry/resources': ['wiring'],
  '@opentelemetry/sdk-trace': ['wiring'],
  bullmq: ['jobs', 'wiring'],
  'bullmq-otel': ['jobs'],
  ioredis: ['redis'],
  pg: ['store', 'system-of-record', 'wiring', 'jobs'],
  mysql2: ['system-of-record'],
  'pg-copy-streams': ['store'],
  'pg-cursor': ['store', 'system-of-record'],
  'drizzle-orm': ['store'],
  'p-limit': ['livevox'],
  undici: ['livevox'],
  'eventsource-parser': ['livevox'],
  papaparse: ['system-of-record', 'pull', 'sweep', 'sandbox', 'cli'],
  zod: ['config', 'livevox', 'jobs', 'sandbox', 'cli'],
  c12: ['config'],
  'fastest-levenshtein': ['config', 'system-of-record'],
  'libphonenumber-js': ['contact'],
  commander: ['cli'],
  pino: ['basics'],
};

/** Who may be longer than the ceilings, and why. */
const longFiles: Readonly<Record<string, string>> = {};
const longFunctions: Readonly<Record<string, string>> = {};

const maxFileLines = 300;
const maxFunctionLines = 60;

function toRoom(path: string): string {
  const found = Object.entries(rooms).find(([, room]) =>
    room.paths.some((own) => (own.endsWith('/') ? path.startsWith(own) : path === own)),
  );
  return found?.[0] ?? '';
}

/** Every import of another room of ours. */
const crossings = files.flatMap((from) =>
  from.imports.flatMap((one) =>
    one.file === undefined || toRoom(one.file) === toRoom(from.path) ? [] : [{ from, to: one.file, one }],
  ),
);

function tell(file: SourceFile, one: Pick<Import, 'line'>, rule: string): string {
  return `${file.path}:${one.line} ${rule}`;
}

describe('the arrows', () => {
  test('every source file belongs to a room', () => {
    expect(files.filter((file) => toRoom(file.path) === '').map((file) => file.path)).toEqual([]);
    expect(files.length).toBeGreaterThan(50);
  });

  test('imports go down only', () => {
    const wrong = crossings.filter(({ from, to }) => !rooms[toRoom(from.path)]?.mayImport.includes(toRoom(to)));
    expect(wrong.map(({ from, to, one }) => tell(from, one, `${toRoom(from.path)} must not import ${to}`))).toEqual([]);
  });

  test('a room is entered by its door', () => {
    const wrong = crossings.filter(({ to }) => {
      const { doors } = rooms[toRoom(to)] ?? {};
      return doors !== undefined && !doors.includes(to);
    });
    expect(wrong.map(({ from, to, one }) => tell(from, one, `imports ${to} past its door`))).toEqual([]);
  });

  test('nothing imports in a circle', () => {
    expect(findCircles(files)).toEqual([]);
  });

  test('a stand-in shares no code with what it stands in for', () => {
    const sandbox = crossings.filter(({ from }) => toRoom(from.path) === 'sandbox');
    expect([...new Set(sandbox.map(({ to }) => to))]).toEqual(['src/contact/fields.ts']);
  });

  test('every door exports by name', () => {
    expect(files.flatMap((file) => file.starExports.map((place) => tell(file, place, 'exports *')))).toEqual([]);
    expect(
      files.flatMap((file) => file.defaultExports.map((place) => tell(file, place, 'has a default export'))),
    ).toEqual([]);
  });
});

describe('one place for each thing', () => {
  test('each library has its room', () => {
    const imports = files.flatMap((file) =>
      file.imports.filter((one) => one.file === undefined).map((one) => ({ file, one })),
    );
    const wrong = imports.filter(({ file, one }) => {
      if (one.module.startsWith('node:')) return false;
      return !(libraryRooms[toLibrary(one.module)] ?? []).includes(toRoom(file.path));
    });
    expect(wrong.map(({ file, one }) => tell(file, one, `imports ${one.module}`))).toEqual([]);
  });

  test('the environment is read in the configuration alone', () => {
    const reads = files.flatMap((file) => file.environmentReads.map((place) => ({ file, place })));
    const wrong = reads.filter(({ file }) => toRoom(file.path) !== 'config');
    expect(wrong.map(({ file, place }) => tell(file, place, 'reads process.env'))).toEqual([]);
    expect(reads).not.toEqual([]);
  });

  test('SQL stands in the store', () => {
    const statement =
      /^\s*(select\s[\s\S]*\sfrom\s|insert\s+into\s|update\s[\s\S]*\sset\s|delete\s+from\s|truncate\s|create\s+(table|schema|index)\s)/;
    const statements = files.flatMap((file) =>
      file.strings.filter(({ text }) => statement.test(text)).map((place) => ({ file, place })),
    );
    const wrong = statements.filter(({ file }) => toRoom(file.path) !== 'store');
    expect(wrong.map(({ file, place }) => tell(file, place, 'holds SQL'))).toEqual([]);
    expect(statements.length).toBeGreaterThan(20);
  });
});

describe('start-up', () => {
  test('lvsync loads commander and nothing else before it knows which command is meant', () => {
    const loaded = listLoaded('src/cli/main.ts');
    const libraries = loaded.flatMap((file) =>
      file.imports.filter((one) => one.isLoaded && one.file === undefined && !one.module.startsWith('node:')),
    );
    expect([...new Set(libraries.map((one) => one.module))]).toEqual(['commander']);
    const heavy = loaded.filter(({ path }) => toRoom(path) !== 'cli' && toRoom(path) !== 'basics');
    expect(heavy.map(({ path }) => path)).toEqual(['src/config/terminal.ts']);
  });
});

describe('size', () => {
  test(`a file has at most ${maxFileLines} lines of code`, () => {
    const long = files.filter((file) => file.codeLines > maxFileLines && longFiles[file.path] === undefined);
    expect(long.map((file) => `${file.path} has ${file.codeLines}`)).toEqual([]);
  });

  test(`a function has at most ${maxFunctionLines} lines of code`, () => {
    const long = files.flatMap((file) =>
      file.functions.filter((one) => one.codeLines > maxFunctionLines).map((one) => ({ file, one })),
    );
    const wrong = long.filter(({ file }) => longFunctions[file.path] === undefined);
    expect(wrong.map(({ file, one }) => tell(file, one, `has ${one.codeLines} lines: ${one.text}`))).toEqual([]);
  });

  test('no exception outlives its reason', () => {
    const stale = Object.keys({ ...longFiles, ...longFunctions }).filter(
      (path) => !files.some((file) => file.path === path),
    );
    expect(stale).toEqual([]);
  });
});

/** The file, and all that is loaded with it. */
function listLoaded(path: string): readonly SourceFile[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const found = new Set<SourceFile>();
  const visit = (file: SourceFile | undefined): void => {
    if (file === undefined || found.has(file)) return;
    found.add(file);
    for (const one of file.imports) if (one.isLoaded) visit(byPath.get(one.file ?? ''));
  };
  visit(byPath.get(path));
  return [...found];
}

/** `@scope/name/part` → `@scope/name`. */
function toLibrary(module: string): string {
  return module
    .split('/')
    .slice(0, module.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Each circle once, as `a → b → a`. */
function findCircles(all: readonly SourceFile[]): readonly string[] {
  const next = new Map(all.map((file) => [file.path, file.imports.flatMap((one) => one.file ?? [])]));
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at !== -1) circles.push([...trail.slice(at), path].join(' → '));
    if (at !== -1 || done.has(path)) return;
    for (const to of next.get(path) ?? []) visit(to, [...trail, path]);
    done.add(path);
  };
  for (const path of next.keys()) visit(path, []);
  return circles;
}
