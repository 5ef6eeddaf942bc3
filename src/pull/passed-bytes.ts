/**
 * What passes on of a chunk: slices of it as long as they are few, else one copy with the edits in it, because each piece costs a message to
 * the server. The chunk itself is not changed.
 */

/** Bytes `from`..`to` of the chunk become `text`. */
export type Edit = { readonly from: number; readonly to: number; readonly text: string };

const maxSlices = 2;
/** What an edit may add to a chunk before the copy has to grow. */
const spareBytes = 64 * 1024;
const maxBytesOfUnit = 3;

export class PassedBytes {
  readonly #chunk: Buffer;
  /** Behind what is done with. */
  #from = 0;
  readonly #slices: Buffer[] = [];
  #copy: Buffer | undefined;
  #copied = 0;

  constructor(chunk: Buffer) {
    this.#chunk = chunk;
  }

  /** What stands before `from` passes, what stands between `from` and `to` does not. Calls go from left to right. */
  leaveOut(from: number, to: number): void {
    this.#pass(from);
    this.#from = to;
  }

  replace({ from, to, text }: Edit): void {
    this.#copy ??= this.#makeCopy();
    this.#pass(from);
    this.#from = to;
    const copy = this.#reserve(text.length * maxBytesOfUnit);
    this.#copied += copy.write(text, this.#copied);
  }

  /** What passes of the bytes before `to`. */
  take(to: number): readonly Buffer[] {
    this.#pass(to);
    return this.#copy === undefined ? this.#slices : [...this.#slices, this.#copy.subarray(0, this.#copied)];
  }

  #pass(to: number): void {
    if (to <= this.#from) return;
    if (this.#copy === undefined && this.#slices.length < maxSlices) {
      this.#slices.push(this.#chunk.subarray(this.#from, to));
      return;
    }
    this.#copy ??= this.#makeCopy();
    const copy = this.#reserve(to - this.#from);
    this.#copied += this.#chunk.copy(copy, this.#copied, this.#from, to);
  }

  #makeCopy(): Buffer {
    return Buffer.allocUnsafe(this.#chunk.length - this.#from + spareBytes);
  }

  /** The copy, with room for so many bytes more. */
  #reserve(bytes: number): Buffer {
    const copy = this.#copy ?? this.#makeCopy();
    if (copy.length - this.#copied >= bytes) return copy;
    const larger = Buffer.allocUnsafe(Math.ceil(copy.length * 1.5) + bytes);
    copy.copy(larger, 0, 0, this.#copied);
    this.#copy = larger;
    return larger;
  }
}
