/**
 * Files whose rows end in a bare carriage return (old Macs). LF and CR change places in the bytes, so that everything else has to know
 * one kind of file only, and change back in what leaves. Lengths and offsets stay as they are.
 */

export const lineFeed = 0x0a;
export const carriageReturn = 0x0d;

/** Exchanges LF and CR, in place. */
export function swapLineEnds(bytes: Buffer): void {
  for (let index = 0; index < bytes.length; index += 1) {
    if (bytes[index] === lineFeed) bytes[index] = carriageReturn;
    else if (bytes[index] === carriageReturn) bytes[index] = lineFeed;
  }
}

/** How often a byte occurs between `from` and `to`. */
export function countBytes(bytes: Buffer, wanted: number, from: number, to: number): number {
  const part = bytes.subarray(from, to);
  let count = 0;
  for (let index = part.indexOf(wanted); index >= 0; index = part.indexOf(wanted, index + 1)) count += 1;
  return count;
}
