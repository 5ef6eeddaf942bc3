/**
 * The documentation, held against the program: every command, option, variable, config key, error, queue and state is described in
 * the words of the source, every link leads somewhere, and the glossary names each thing once.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { queueNames } from '../jobs/queues.ts';
import { formatDotenvSkeleton } from '../src/cli/skeleton.ts';
import { environmentVariables } from '../src/config.ts';
import * as errors from '../src/errors.ts';
import { listCommands } from './support/command-tree.ts';
import { listConfigKeys } from './support/config-keys.ts';
import { root } from './support/source-files.ts';

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** Those of `wanted` that stand nowhere in `text`. */
function findMissing(text: string, wanted: readonly string[]): readonly string[] {
  return wanted.filter((one) => !text.includes(one));
}

const pages = [
  ...['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'src/README.md'],
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

describe('commands', () => {
  const commands = listCommands();
  const common = ['--tenant <name>', '--json', '--config <file>'];

  test('the README lists each with its sentence', () => {
    const rows = commands.map(({ name, summary }) => `| \`lvsync ${name}\` | ${summary} |`);
    expect(findMissing(read('README.md'), rows)).toEqual([]);
  });

  test('docs/commands.md has a section for each, with every option', () => {
    const sections = read('docs/commands.md').split(/^## /m);
    for (const { usage, options } of commands) {
      const section = sections.find((one) => one.startsWith(`${usage}\n`));
      expect(section, usage).toBeDefined();
      const own = options.filter(({ flags }) => !common.includes(flags));
      const rows = own.map(({ flags, description }) => `| \`${flags}\` | ${description} |`);
      expect(findMissing(section ?? '', rows)).toEqual([]);
      expect(section?.match(/^\| `--/gm)?.length ?? 0, `options of ${usage}`).toBe(own.length);
    }
    expect(sections).toHaveLength(commands.length + 1);
  });

  test('each takes --tenant, --json and --config', () => {
    for (const { name, options } of commands) {
      const flags = options.map((option) => option.flags);
      expect(findMissing(flags.join('\n'), common), name).toEqual([]);
    }
    const [options] = read('docs/commands.md').split(/^## /m);
    const rows = commands[0]?.options.filter(({ flags }) => common.includes(flags)) ?? [];
    expect(
      findMissing(
        options ?? '',
        rows.map(({ flags, description }) => `| \`${flags}\` | ${description} |`),
      ),
    ).toEqual([]);
  });
});

describe('configuration', () => {
  const variables = environmentVariables.map(({ name, sentence }) => `| \`${name}\` | ${sentence} |`);

  test.each(['README.md', 'docs/configuration.md'])('%s has each variable with the sentence of the schema', (page) => {
    expect(environmentVariables.every(({ sentence }) => sentence !== '')).toBe(true);
    expect(findMissing(read(page), variables)).toEqual([]);
  });

  test('.env.example begins with what lvsync init writes, and has what docker-compose.yml asks for', () => {
    const example = read('.env.example');
    expect(example.startsWith(formatDotenvSkeleton())).toBe(true);
    const asked = [...read('docker-compose.yml').matchAll(/\$\{(\w+)/g)].map((match) => `# ${match[1]}=`);
    expect(findMissing(example, asked)).toEqual([]);
  });

  test('docs/configuration.md has each key with its default and the sentence of the schema', () => {
    const keys = listConfigKeys();
    const rows = keys.map((key) => {
      const path = key.path.replace(/^tenants\.NAME\./, '');
      return `| \`${path}\` | ${key.default === undefined ? '' : `\`${key.default}\``} | ${key.sentence} |`;
    });
    expect(findMissing(read('docs/configuration.md'), rows)).toEqual([]);
    expect(keys.length).toBeGreaterThan(25);
  });
});

describe('src/README.md', () => {
  const page = read('src/README.md');

  test('every room and every file beside the rooms is on the map', () => {
    const entries = readdirSync(join(root, 'src'), { withFileTypes: true });
    const rooms = entries.filter((entry) => entry.isDirectory()).map((entry) => `\`src/${entry.name}/\``);
    expect(findMissing(page, rooms)).toEqual([]);
    const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.ts')).map((entry) => entry.name);
    expect(findMissing(page, files)).toEqual([]);
  });

  test('every state that the database knows is there, and no other in its diagrams', () => {
    const checks = readdirSync(join(root, 'migrations')).flatMap((name) => [
      ...read(`migrations/${name}`).matchAll(/check \(\w+ in \(([^)]*)\)\)/g),
    ]);
    const states = checks.flatMap((match) => [...(match[1] ?? '').matchAll(/'(\w+)'/g)].map((state) => state[1] ?? ''));
    expect(states.length).toBeGreaterThan(30);
    expect(states.filter((state) => !new RegExp(`\\b${state}\\b`).test(page))).toEqual([]);
    const diagrams = [...(page.split('## 4. States')[1] ?? '').matchAll(/[─▶┼]+▶ (\w+)/g)].map(
      (match) => match[1] ?? '',
    );
    expect(diagrams.filter((state) => !states.includes(state))).toEqual([]);
  });

  test('every table is handed over from somebody to somebody', () => {
    const find = (pattern: RegExp): readonly (string | undefined)[] =>
      readdirSync(join(root, 'migrations')).flatMap((name) =>
        [...read(`migrations/${name}`).matchAll(pattern)].map(([, table]) => table),
      );
    const dropped = new Set(find(/drop table ((?:mirror|sync)\.\w+)/g));
    const tables = find(/create (?:unlogged )?table ((?:mirror|sync)\.\w+)/g).filter((table) => !dropped.has(table));
    expect(tables.length).toBeGreaterThan(20);
    expect(
      findMissing(
        page,
        tables.map((table) => `\`${table}\``),
      ),
    ).toEqual([]);
  });

  test('every error says what its caller does', () => {
    const thrown = Object.entries(errors).filter(
      ([name, value]) => typeof value === 'function' && name.endsWith('Error') && name !== 'LvsyncError',
    );
    expect(thrown.length).toBeGreaterThan(4);
    expect(
      findMissing(
        page,
        thrown.map(([name]) => `| \`${name}\` |`),
      ),
    ).toEqual([]);
  });

  test('every queue is named', () => {
    expect(
      findMissing(
        page,
        queueNames.map((name) => `\`${name}\``),
      ),
    ).toEqual([]);
  });

  test('the glossary has one word for each thing, and no word under two names', () => {
    const rows = [...page.matchAll(/^\| \*\*(.+?)\*\* \| .+? \| (.+?) \|$/gm)];
    const words = rows.map((row) => row[1] ?? '');
    expect(words.length).toBeGreaterThan(25);
    expect(new Set(words).size).toBe(words.length);
    // Words that are somebody else's name must be explained there: batch and chunk, outcome and verdict.
    const avoided = rows.flatMap((row) =>
      (row[2] ?? '')
        .replace(/\(.*?\)/g, '')
        .split(',')
        .map((word) => word.trim()),
    );
    const explained = ['batch', 'chunk', 'outcome', 'diff', 'update'];
    expect(avoided.filter((word) => words.includes(word) && !explained.includes(word))).toEqual([]);
  });
});

describe('every page', () => {
  test.each(pages)('%s links only to what exists', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1] ?? '');
    expect(links.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
  });

  test('the README fits on a page', () => {
    expect(read('README.md').split('\n').length).toBeLessThan(130);
  });
});
