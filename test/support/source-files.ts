/**
 * Reads the project's own source files for the documentary tests: imports (multi-line, dynamic, re-exports), functions with
 * their size, string literals, and the places where something forbidden stands. Parsed, not searched: a comment that
 * mentions an import is none.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Comment, type EcmaScriptModule, parseSync } from 'oxc-parser';

/** The project's root folder. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

type Place = { readonly text: string; readonly line: number };

export type Import = {
  /** The module as written: `../errors.ts`, `pg`, `node:fs`. */
  readonly module: string;
  /** Path of our own file from the root; undefined for a library. */
  readonly file: string | undefined;
  readonly line: number;
  /** Whether it is loaded together with the importing file: neither a type alone nor loaded later. */
  readonly isLoaded: boolean;
};

export type SourceFile = {
  /** From the root, with slashes. */
  readonly path: string;
  /** Lines that are neither blank nor comment. */
  readonly codeLines: number;
  readonly imports: readonly Import[];
  /** Text is the first line; `codeLines` counts as for files. */
  readonly functions: readonly (Place & { readonly codeLines: number })[];
  readonly starExports: readonly Place[];
  readonly defaultExports: readonly Place[];
  /** Where the environment of the process is read. */
  readonly environmentReads: readonly Place[];
  /** String literals, and templates up to their first gap. */
  readonly strings: readonly Place[];
};

/** All TypeScript files below the folders, parsed, in the order of their paths. */
export function readSourceFiles(...folders: readonly string[]): readonly SourceFile[] {
  const names = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
      posix.join(folder, name.replaceAll('\\', '/')),
    ),
  );
  return names
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map(readSourceFile);
}

/** @throws Error when the file cannot be parsed */
function readSourceFile(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  const { program, module, comments, errors } = parseSync(path, text);
  if (errors[0] !== undefined) throw new Error(`${path}: ${errors[0].message}`);
  const lines = makeLines(text, comments);
  const place = (node: { readonly start: number }, shown: string): Place => ({
    text: shown,
    line: lines.at(node.start),
  });
  const nodes = listNodes(program);
  const exported = module.staticExports.flatMap((statement) => statement.entries);
  return {
    path,
    codeLines: lines.countCode(0, text.length),
    imports: listImports(path, text, module).map(({ start, ...rest }) => ({ ...rest, line: lines.at(start) })),
    functions: nodes
      .filter(({ type }) => /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(type))
      .map((node) => ({ ...place(node, toFirstLine(text, node)), codeLines: lines.countCode(node.start, node.end) })),
    starExports: exported
      .filter((entry) => entry.importName.kind.startsWith('All'))
      .map((entry) => place(entry, 'export *')),
    defaultExports: exported
      .filter((entry) => entry.exportName.kind === 'Default')
      .map((entry) => place(entry, 'export default')),
    environmentReads: nodes.filter(isEnvironmentRead).map((node) => place(node, 'process.env')),
    strings: nodes.flatMap((node) => {
      const value = toLiteral(node);
      return value === undefined ? [] : [place(node, value)];
    }),
  };
}

type Lines = {
  /** The line of an offset, from 1. */
  readonly at: (offset: number) => number;
  /** Lines between two offsets that hold more than blanks and comments. */
  readonly countCode: (start: number, end: number) => number;
};

function makeLines(text: string, comments: readonly Comment[]): Lines {
  const bare = comments.reduce((rest, { start, end }) => {
    const blanks = rest.slice(start, end).replace(/[^\n]/g, ' ');
    return rest.slice(0, start) + blanks + rest.slice(end);
  }, text);
  return {
    at: (offset) => text.slice(0, offset).split('\n').length,
    countCode: (start, end) =>
      bare
        .slice(start, end)
        .split('\n')
        .filter((line) => line.trim() !== '').length,
  };
}

function listImports(
  path: string,
  text: string,
  module: EcmaScriptModule,
): readonly (Omit<Import, 'line'> & { start: number })[] {
  const requests = [
    ...module.staticImports.map(({ moduleRequest, entries }) => ({
      ...moduleRequest,
      isLoaded: entries.length === 0 || entries.some((entry) => !entry.isType),
    })),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest, isType }) => (moduleRequest ? [{ ...moduleRequest, isLoaded: !isType }] : [])),
    ),
    ...module.dynamicImports.map(({ moduleRequest: { start, end } }) => ({
      value: text.slice(start + 1, end - 1),
      start,
      isLoaded: false,
    })),
  ];
  return requests.map(({ value, start, isLoaded }) => {
    const file = value.startsWith('.') ? posix.join(posix.dirname(path), value) : undefined;
    return { module: value, file, start, isLoaded };
  });
}

type Node = { readonly type: string; readonly start: number; readonly end: number; readonly [key: string]: unknown };

function listNodes(value: unknown): readonly Node[] {
  if (Array.isArray(value)) return value.flatMap(listNodes);
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(listNodes);
  return 'type' in value && 'start' in value ? [value as Node, ...inner] : inner;
}

/** `process.env`, or `env` taken from node:process. */
function isEnvironmentRead(node: Node): boolean {
  const { object, property, imported } = node as { object?: Node; property?: Node; imported?: Node };
  if (node.type === 'MemberExpression')
    return object?.['name'] === 'process' && (property?.['name'] ?? property?.['value']) === 'env';
  return node.type === 'ImportSpecifier' && imported?.['name'] === 'env';
}

function toLiteral(node: Node): string | undefined {
  if (node.type === 'Literal' && typeof node['value'] === 'string') return node['value'];
  if (node.type !== 'TemplateLiteral') return undefined;
  const quasis = node['quasis'] as readonly { readonly value: { readonly cooked: string | null } }[];
  return quasis[0]?.value.cooked ?? undefined;
}

function toFirstLine(text: string, node: Node): string {
  return text.slice(node.start, node.end).split('\n')[0]?.trim() ?? '';
}
