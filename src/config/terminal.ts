/** What the environment says of the terminal; the words of POSIX, which need no configuration of ours. */
import type { Environment } from './environment.ts';

export type TerminalTraits = {
  /** Whether a line can be drawn again in its place. */
  readonly canRedraw: boolean;
  /** Whether characters besides ASCII can be shown. */
  readonly hasUtf8: boolean;
};

/** What the terminal can do, as far as its variables tell. @param env default: of this process */
export function readTerminalTraits(env: Environment = process.env): TerminalTraits {
  // The first of these that is set decides, as for every program.
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((value) => value !== undefined && value !== '');
  return { canRedraw: env['TERM'] !== 'dumb', hasUtf8: /utf-?8/i.test(locale ?? '') };
}
