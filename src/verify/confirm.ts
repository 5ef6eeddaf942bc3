/**
 * Gives each sent patch of one contact its verdict, from what the mirror shows after the read-back. Pure.
 * A field that a later patch of the same change set also turns is judged there: a number blocked while it moves, for example.
 * What would surprise: where one field shows what it was, the patch is not taken, even if somebody else changed another one. Being
 * overtaken makes a run green, so it is only said when nothing else can be said.
 */
import { type CanonicalValue, type Changes, phoneOrdinals } from '../contact/index.ts';

export type Verdict = 'confirmed' | 'not_taken' | 'altered' | 'overtaken';

export type SentPatch = { readonly seq: string; readonly changes: Changes };

/** Canonical values by field name; undefined: LiveVox has no such contact. */
export type Shown = Readonly<Record<string, CanonicalValue>> | undefined;

export type Judging = {
  /** Whether a field is a switch: its empty value is false. */
  readonly isBoolean: (field: string) => boolean;
  /** Whether somebody else surely changed the contact after us (changed-after.ts). */
  readonly isChangedAfter: boolean;
};

/** Verdicts by `seq`, for the sent patches of one account in the order of sending. */
export function toVerdicts(
  patches: readonly SentPatch[],
  shown: Shown,
  judging: Judging,
): ReadonlyMap<string, Verdict> {
  const verdicts = new Map<string, Verdict>();
  const settledLater = new Map<string, CanonicalValue>();
  for (const patch of patches.toReversed()) {
    const fields = Object.entries(patch.changes)
      .filter(([field]) => !settledLater.has(field))
      .filter(([field, [, to]]) => shown === undefined || !isStoppedElsewhere(field, to, shown, settledLater));
    verdicts.set(patch.seq, shown === undefined ? 'not_taken' : toVerdict(fields, shown, judging));
    for (const [field, [from]] of Object.entries(patch.changes)) settledLater.set(field, from);
  }
  return verdicts;
}

/**
 * A stop belongs to a number. Where a later patch has taken the number from its place, and the place shows another one, or none, the stop is
 * looked for at the place that has the number now; where no place has it, nobody can dial it. `before`: what the fields held that later patches turned.
 */
function isStoppedElsewhere(
  field: string,
  to: CanonicalValue,
  shown: NonNullable<Shown>,
  before: ReadonlyMap<string, CanonicalValue>,
): boolean {
  const [, place, part] = /^(phone\d+)(Block|BlockDaily|CellConsent|SmsConsent)$/.exec(field) ?? [];
  if (place === undefined || part === undefined || to !== (part.startsWith('Block') ? 'true' : 'false')) return false;
  const number = before.get(place) ?? null;
  if (number === null || (shown[place] ?? null) === number) return false;
  return phoneOrdinals
    .map((ordinal) => `phone${ordinal}`)
    .filter((other) => shown[other] === number)
    .every((other) => (shown[`${other}${part}`] ?? 'false') === to);
}

function toVerdict(
  fields: readonly (readonly [string, Changes[string]])[],
  shown: NonNullable<Shown>,
  { isBoolean, isChangedAfter }: Judging,
): Verdict {
  const read = (field: string, value: CanonicalValue | undefined): CanonicalValue =>
    value ?? (isBoolean(field) ? 'false' : null);
  const missed = fields.filter(([field, [, to]]) => read(field, shown[field]) !== read(field, to));
  if (missed.length === 0) return 'confirmed';
  // A block said again ([true, true]) that does not show was not taken, whoever else may have lifted it.
  const isAsBefore = missed.some(
    ([field, [from, to]]) => from === to || read(field, shown[field]) === read(field, from),
  );
  if (isAsBefore) return 'not_taken';
  return isChangedAfter ? 'overtaken' : 'altered';
}
