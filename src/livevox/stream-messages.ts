/**
 * The text of an event stream → its messages: one JSON object each in `data:` lines, with comments as signs of life in between. Chunks may be cut
 * anywhere. Bounded: of a message that is too large only the beginning is kept, and the stream goes on after it.
 * The page's example breaks a message's JSON over lines without `data:`; such lines are taken as what follows the data.
 */
import { createParser, type EventSourceParser, type ParseError } from 'eventsource-parser';

export type StreamMessage =
  | { readonly kind: 'entry'; readonly entry: unknown }
  | { readonly kind: 'unreadable'; readonly raw: string; readonly reason: string }
  /** A comment: the connection lives. */
  | { readonly kind: 'alive' };

/** Most characters of one message; the example's have 500. */
export const maxMessageLength = 1024 * 1024;
const maxRawLength = 10_000;
/** A message in more pieces is not put together again. */
const maxPieces = 200;
const blankLines = ['\n\n', '\r\n\r\n', '\r\r'];

export class StreamMessages {
  readonly #parser: EventSourceParser;
  #found: StreamMessage[] = [];
  /** Lines that are no field of an event stream, since the last message. */
  #loose: string[] = [];
  #looseLength = 0;
  /** The beginning of the message under way. */
  #beginning = '';
  #isTooLarge = false;
  /** The line under way is the rest of a message already dropped. */
  #isSkipping = false;

  constructor() {
    this.#parser = createParser({
      maxBufferSize: maxMessageLength,
      onEvent: ({ data }) => this.#takeData(data),
      onComment: () => this.#found.push({ kind: 'alive' }),
      onError: (error) => this.#takeError(error),
    });
  }

  /** The messages that end within this piece of text. */
  take(text: string): readonly StreamMessage[] {
    this.#parser.feed(text);
    const end = Math.max(...blankLines.map((blank) => text.lastIndexOf(blank)));
    const beginning = end === -1 ? this.#beginning + text : text.slice(end);
    this.#beginning = beginning.trimStart().slice(0, maxRawLength);
    if (this.#isTooLarge) this.#dropMessage();
    return this.#takeFound();
  }

  /** The messages left when the stream is over; one that was cut short is dropped, since it comes again after a resumption. */
  end(): readonly StreamMessage[] {
    this.#parser.feed('\n\n');
    return this.#takeFound().filter(({ kind }) => kind !== 'unreadable');
  }

  #takeFound(): readonly StreamMessage[] {
    const found = this.#found;
    this.#found = [];
    return found;
  }

  #takeData(data: string): void {
    this.#isSkipping = false;
    this.#found.push(...toEntries(data, this.#loose));
    this.#loose = [];
    this.#looseLength = 0;
  }

  #takeError({ type, line = '' }: ParseError): void {
    if (type === 'max-buffer-size-exceeded') this.#isTooLarge = true;
    else if (this.#isSkipping) {
      this.#isSkipping = false;
      return;
    }
    if (type !== 'unknown-field' || this.#looseLength + line.length > maxMessageLength) return;
    this.#loose.push(line);
    this.#looseLength += line.length;
  }

  /** The parser takes nothing more until it is reset; it then meets the rest of the message as lines that are no field. */
  #dropMessage(): void {
    this.#isTooLarge = false;
    this.#parser.reset();
    if (this.#isSkipping) return;
    this.#isSkipping = true;
    const reason = `is longer than ${maxMessageLength} characters`;
    this.#found.push({ kind: 'unreadable', raw: this.#beginning.slice(0, maxRawLength), reason });
  }
}

/** The objects in one message's data: one as a rule; several where the empty lines between messages are missing. */
function toEntries(data: string, loose: readonly string[]): readonly StreamMessage[] {
  const whole = parseJson(data);
  if (whole !== undefined) return [{ kind: 'entry', entry: whole }];
  const lines = data.split('\n');
  const entries: StreamMessage[] = [];
  const rest = lines.length + loose.length > maxPieces ? [] : [...loose];
  let text = '';
  for (const line of lines.length > maxPieces ? [data] : lines) {
    text += `${text === '' ? '' : '\n'}${line}`;
    let entry = parseObject(text);
    while (entry === undefined && rest.length > 0) {
      text += `\n${rest.shift()}`;
      entry = parseObject(text);
    }
    if (entry === undefined) continue;
    entries.push({ kind: 'entry', entry });
    text = '';
  }
  return text === '' ? entries : [...entries, { kind: 'unreadable', raw: text, reason: 'is no JSON' }];
}

function parseObject(text: string): unknown {
  return text.trimEnd().endsWith('}') ? parseJson(text) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
