/** Moments on the command line. */
import { parseMoment, toInstant } from '../contact/index.ts';
import { ConfigError } from '../errors.ts';

/** The instant that the option names, one without a zone in `timeZone`; undefined when it is not given. @throws ConfigError for what is no moment */
export function parseMomentOption(option: string, text: string | undefined, timeZone: string): Date | undefined {
  if (text === undefined) return undefined;
  const moment = parseMoment(text);
  if (moment === undefined)
    throw new ConfigError(`${option} ${text} is no date; write 2026-11-01 or 2026-11-01T12:00:00Z.`);
  return moment.kind === 'instant' ? moment.at : toInstant(moment.parts, timeZone);
}
