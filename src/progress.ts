/** How far long work has come; shells decide whether and how a person sees it. */

export type ProgressEvent = {
  /** The step at work: pull, verify, diff, push or sweep. */
  readonly step: string;
  /** What is being counted, in a word or two: `bytes landed`, `contacts sent`. */
  readonly what: string;
  readonly done: number;
  /** undefined where the end is not known beforehand. */
  readonly total?: number;
  /** What a person should know before it begins, in a sentence; said once, on a line of its own. */
  readonly note?: string;
};

export type Progress = (event: ProgressEvent) => void;

export const silentProgress: Progress = () => {};
