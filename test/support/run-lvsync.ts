/** Runs a command in this process, as the executable does, and gives back what it wrote. */
import { PassThrough } from 'node:stream';
import { main } from '../../src/cli/main.ts';

export type LvsyncResult = {
  readonly code: number;
  readonly stdout: string;
  /** One entry per line. */
  readonly stderr: readonly string[];
};

export type LvsyncOptions = {
  readonly cwd: string;
  /** The whole environment of the command. @default {} */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly stdin?: NodeJS.ReadableStream;
  /** Width of the terminal. @default no terminal */
  readonly columns?: number;
  /** As the shell's. @default no terminal */
  readonly repaint?: (text: string) => Promise<void>;
  /** As the shell's. @default false */
  readonly hasColour?: boolean;
};

export async function runLvsync(argv: readonly string[], options: LvsyncOptions): Promise<LvsyncResult> {
  const printed: string[] = [];
  const said: string[] = [];
  const code = await main(argv, {
    print: async (text) => void printed.push(text),
    say: (text) => void said.push(...text.split('\n')),
    columns: options.columns,
    repaint: options.repaint,
    hasColour: options.hasColour,
    cwd: options.cwd,
    env: options.env ?? {},
    signal: options.signal ?? new AbortController().signal,
    stdin: options.stdin ?? new PassThrough(),
  });
  return { code, stdout: printed.join(''), stderr: said };
}
