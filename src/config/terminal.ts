/**
 * What the environment says of the terminal and of how much is shown; needs no configuration of ours. A door of its own, because it is asked before
 * anything else is loaded: `lvsync --version` must not wait for the libraries of the configuration.
 */
import type { Environment } from './environment.ts';

export type TerminalTraits = {
  /** Whether a line can be drawn again in its place. */
  readonly canRedraw: boolean;
  /** Whether characters besides ASCII can be shown. */
  readonly hasUtf8: boolean;
  /** Whether colours are wanted: not with NO_COLOR (https://no-color.org) set to anything, nor on a dumb terminal. */
  readonly hasColour: boolean;
};

/** What the terminal can do, as far as its variables tell. @param env default: of this process */
export function readTerminalTraits(env: Environment = process.env): TerminalTraits {
  // The first of these that is set decides, as for every program.
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((value) => value !== undefined && value !== '');
  const canRedraw = env['TERM'] !== 'dumb';
  return { canRedraw, hasUtf8: /utf-?8/i.test(locale ?? ''), hasColour: canRedraw && (env['NO_COLOR'] ?? '') === '' };
}

/** Whether unexpected errors are shown with their stack; answered without a valid configuration, because that may be what failed. */
export function isDebugging(env: Environment = process.env): boolean {
  return env['LVSYNC_LOG_LEVEL'] === 'debug';
}
