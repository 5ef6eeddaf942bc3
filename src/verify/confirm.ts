/**
 * Gives each sent patch of one contact its verdict, from what the mirror shows after the read-back. Pure.
 * A field that a later patch of the same change set also turns is judged there: a number blocked while it moves, for example.
 */
import type { CanonicalValue, Changes } from '../contact/index.ts';

export type Verdict = 'confirmed' | 'not_taken' | 'overtaken';

export type SentPatch = { readonly seq: string; readonly changes: Changes };

/** Canonical values by field name; undefined: LiveVox has no such contact. */
export type Shown = Readonly<Record<string, CanonicalValue>> | undefined;

/** Verdicts by `seq`, for the sent patches of one account in the order of sending. */
export function toVerdicts(
  patches: readonly SentPatch[],
  shown: Shown,
  isBoolean: (field: string) => boolean,
): ReadonlyMap<string, Verdict> {
  const verdicts = new Map<string, Verdict>();
  const settledLater = new Set<string>();
  for (const patch of patches.toReversed()) {
    const fields = Object.entries(patch.changes).filter(([field]) => !settledLater.has(field));
    verdicts.set(patch.seq, shown === undefined ? 'not_taken' : toVerdict(fields, shown, isBoolean));
    for (const field of Object.keys(patch.changes)) settledLater.add(field);
  }
  return verdicts;
}

function toVerdict(
  fields: readonly (readonly [string, Changes[string]])[],
  shown: NonNullable<Shown>,
  isBoolean: (field: string) => boolean,
): Verdict {
  const read = (field: string, value: CanonicalValue | undefined): CanonicalValue =>
    value ?? (isBoolean(field) ? 'false' : null);
  const missed = fields.filter(([field, [, to]]) => read(field, shown[field]) !== read(field, to));
  if (missed.length === 0) return 'confirmed';
  // A block said again ([true, true]) that does not show was not taken, whoever else may have lifted it.
  const untouched = missed.every(
    ([field, [from, to]]) => from === to || read(field, shown[field]) === read(field, from),
  );
  return untouched ? 'not_taken' : 'overtaken';
}
