/**
 * Knows which line of the file a line of what was passed on was: COPY counts the lines it is given, a person looks into the file.
 * The good lines pass on in runs; of each run it keeps where it begins. Grows with the number of runs, not of rows.
 */

export class LineMap {
  /** The first line of each run in what was passed on, and how many lines of the file had not been passed on before it. */
  readonly #runStarts: number[] = [];
  readonly #withheldBefore: number[] = [];
  #withheld: number;
  /** True while rows follow one another line by line. */
  isRunning = false;

  /** `linesBefore`: lines of the file before the first row. */
  constructor(linesBefore: number) {
    this.#withheld = linesBefore;
  }

  /** A row that passes begins a run behind so many lines of the file. */
  begin(linesBefore: number): void {
    this.#runStarts.push(linesBefore + 1 - this.#withheld);
    this.#withheldBefore.push(this.#withheld);
    this.isRunning = true;
  }

  /** So many lines of the file do not pass on; fewer than none where a row gains some. The run ends. */
  withhold(lines: number): void {
    this.#withheld += lines;
    this.isRunning = false;
  }

  /** The line of the file that stands at `passedLine` (from 1) of what was passed on. */
  toLine(passedLine: number): number {
    const index = this.#runStarts.findLastIndex((start) => start <= passedLine);
    return passedLine + (this.#withheldBefore[index] ?? 0);
  }
}
