/** Finds the log lines that the source can write: level, event and the facts that are named in the call. Parsed, not searched. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseSync } from 'oxc-parser';
import { root } from './source-files.ts';

export type LogCall = {
  readonly place: string;
  readonly level: string;
  /** Events that the call may write; empty where they cannot be read from the call. */
  readonly events: readonly string[];
  /** Keys of the facts that stand in the call itself; what is spread into them is not among them. */
  readonly facts: readonly string[];
};

type Node = { readonly type: string; readonly start: number; readonly [key: string]: unknown };

const levels = ['debug', 'info', 'warn', 'error'];

/** Every call of a log below the folders. The sandbox logs nothing. */
export function listLogCalls(...folders: readonly string[]): readonly LogCall[] {
  const paths = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => posix.join(folder, name)),
  );
  return paths.filter((path) => path.endsWith('.ts') && path !== 'src/log.ts').flatMap(listOf);
}

function listOf(path: string): readonly LogCall[] {
  const text = readFileSync(join(root, path), 'utf8');
  const calls: LogCall[] = [];
  walk(parseSync(path, text).program as unknown as Node, (node) => {
    const level = node.type === 'CallExpression' ? toLevel(node['callee'] as Node, text) : undefined;
    if (level === undefined) return;
    const [event, facts] = node['arguments'] as readonly (Node | undefined)[];
    const place = `${path}:${text.slice(0, node.start).split('\n').length}`;
    calls.push({ place, level, events: event === undefined ? [] : toEvents(event), facts: toKeys(facts) });
  });
  return calls;
}

/** `deps.log.warn` → warn; a level that is chosen when it runs → `*`. undefined: no log is called. */
function toLevel(callee: Node, text: string): string | undefined {
  if (callee.type !== 'MemberExpression') return undefined;
  const object = callee['object'] as Node & { readonly end: number };
  if (!/(^|[.#])(log|makeCommandLog\(\w+\))$/.test(text.slice(object.start, object.end))) return undefined;
  if (callee['computed'] === true) return '*';
  const { name } = callee['property'] as Node & { readonly name: string };
  return levels.includes(name) ? name : undefined;
}

function toEvents(event: Node): readonly string[] {
  if (event.type === 'Literal') return [String(event['value'])];
  if (event.type !== 'ConditionalExpression') return [];
  return [...toEvents(event['consequent'] as Node), ...toEvents(event['alternate'] as Node)];
}

function toKeys(facts: Node | undefined): readonly string[] {
  if (facts?.type !== 'ObjectExpression') return [];
  return (facts['properties'] as readonly Node[]).flatMap((property) => {
    const { name } = (property['key'] ?? {}) as { readonly name?: string };
    return name === undefined ? [] : [name];
  });
}

function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child === 'object' && child !== null && typeof (child as Node).type === 'string')
        walk(child as Node, visit);
    }
  }
}
