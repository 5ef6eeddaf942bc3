/**
 * What a command has of the outside world: where it may write, where it runs, and when to stop. Answers go to stdout, everything
 * a person reads on the way to stderr, so that `--json` can be piped. Tests hand in their own.
 */

import { readTerminalTraits } from '../config/terminal.ts';
import type { Environment } from '../config.ts';
import type { ExitCode } from './exit-code.ts';

export type Shell = {
  /** Writes to stdout and waits until the reader has taken it: a plan of any size can be shown in constant memory. */
  readonly print: (text: string) => Promise<void>;
  /** Writes a line to stderr. */
  readonly say: (text: string) => void;
  /** Shows text in place on stderr, if that is a terminal that can do so; undefined otherwise. */
  readonly redraw?: (text: string) => void;
  /** Width of the terminal on stderr as it is now, characters. @default 80 */
  readonly redrawColumns?: () => number;
  /** Whether the terminal shows more than ASCII. @default false */
  readonly hasUtf8?: boolean;
  /** Whether stdout is a terminal on which colours are wanted. @default false */
  readonly hasColour?: boolean;
  /** Clears the terminal on stdout and shows text from its top; undefined when stdout is none. */
  readonly repaint?: (text: string) => Promise<void>;
  /** Width of the terminal on stdout, characters; undefined when stdout is none, and nothing is cut. */
  readonly columns?: number | undefined;
  readonly cwd: string;
  /** @default the environment of this process */
  readonly env?: Environment;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  readonly stdin: NodeJS.ReadableStream;
};

/** A shell, and the exit code that its command ends with. */
export type CommandShell = Shell & { readonly end: (code: ExitCode) => void };

/** The shell of this process. */
export function makeProcessShell(signal: AbortSignal): Shell {
  const { stdout, stderr, stdin } = process;
  // A reader that went away (`| head`) is told by the callback of the write; without a listener it would also crash.
  stdout.on('error', () => {});
  const { canRedraw, hasUtf8, hasColour } = readTerminalTraits();
  const print = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      stdout.write(text, (error) => (error ? reject(error) : resolve()));
    });
  return {
    print,
    say: (text) => void stderr.write(`${text}\n`),
    redraw: stderr.isTTY && canRedraw ? (text) => void stderr.write(`\r\x1b[K${text}`) : undefined,
    redrawColumns: () => stderr.columns ?? 80,
    hasUtf8,
    hasColour: stdout.isTTY && hasColour,
    // Home, the text with each line cleared to its end, then whatever is left below.
    repaint:
      stdout.isTTY && canRedraw ? (text) => print(`\x1b[H${text.replaceAll('\n', '\x1b[K\n')}\x1b[J`) : undefined,
    columns: stdout.isTTY ? stdout.columns : undefined,
    cwd: process.cwd(),
    signal,
    stdin,
  };
}

/** True for the error of a reader that went away before everything was printed. */
export function isReaderGone(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === 'EPIPE';
}
