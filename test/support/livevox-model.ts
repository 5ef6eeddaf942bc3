/**
 * LiveVox's side of one contact, as far as plans are concerned: the DND table, `active` that is false when missing, phone arrays that
 * merge by ordinal or replace, empty values that clear or are passed over. Written from the vendor page apart from src/contact/dnd.ts, so that the two check each other.
 */
import { type CanonicalValue, type DndVerb, type Patch, phoneOrdinals } from '../../src/contact/index.ts';

const switches = ['Block', 'BlockDaily', 'CellConsent', 'SmsConsent'] as const;

export type ModelDialect = {
  readonly phones: 'merge' | 'replace';
  /** What an empty value of a write does. */
  readonly empty: 'clears' | 'is passed over';
};

export const modelDialects: readonly ModelDialect[] = (['merge', 'replace'] as const).flatMap((phones) =>
  (['clears', 'is passed over'] as const).map((empty) => ({ phones, empty })),
);

export class LiveVoxModel {
  readonly values: Record<string, CanonicalValue>;
  readonly dialect: ModelDialect;
  /** True once it has been deleted. */
  isGone = false;

  constructor(values: Readonly<Record<string, CanonicalValue>>, dialect: ModelDialect) {
    this.values = { ...values };
    this.dialect = dialect;
  }

  take(patch: Patch): void {
    if (patch.operation === 'not_expressible') return;
    if (patch.endpoint === 'delete_contact') this.isGone = true;
    else if (patch.endpoint === 'multi_dnd') this.#takeDnd(patch.sends);
    else this.#takeUpdate(patch.sends);
  }

  /** The client's day ends, and with it the daily blocks. */
  endDay(): void {
    for (const name of Object.keys(this.values)) if (name.endsWith('BlockDaily')) this.values[name] = 'false';
  }

  /** Somebody else sends a verb for the account or for a phone: `accountBlock`, `phone1Block`. */
  interfere(field: string, verb: DndVerb): void {
    this.#verb(field, `${field}Daily`, verb);
  }

  /** True unless the number can be dialled: it is at no ordinal, or blocked at each. */
  isBlocked(phone: string): boolean {
    return phoneOrdinals
      .filter((ordinal) => this.values[`phone${ordinal}`] === phone)
      .every(
        (ordinal) =>
          this.values[`phone${ordinal}Block`] === 'true' || this.values[`phone${ordinal}BlockDaily`] === 'true',
      );
  }

  #verb(field: string, dailyField: string, verb: CanonicalValue | undefined): void {
    if (verb == null) return;
    if (['PERMANENT', 'BOTH'].includes(verb)) this.values[field] = 'true';
    if (['DAILY', 'BOTH'].includes(verb)) this.values[dailyField] = 'true';
    if (['NONE', 'PERMANENT_OFF'].includes(verb)) this.values[field] = 'false';
    if (['NONE', 'DAILY_OFF'].includes(verb)) this.values[dailyField] = 'false';
  }

  #takeDnd(sends: Readonly<Record<string, CanonicalValue>>): void {
    this.#verb('accountBlock', 'accountBlockDaily', sends['accountBlock']);
    for (const ordinal of phoneOrdinals) {
      const phone = `phone${ordinal}`;
      if (sends[phone] === undefined || sends[phone] !== this.values[phone]) continue;
      this.#verb(`${phone}Block`, `${phone}BlockDaily`, sends[`${phone}Block`]);
      for (const consent of ['CellConsent', 'SmsConsent']) {
        if (sends[`${phone}${consent}`] !== undefined) this.values[`${phone}${consent}`] = sends[`${phone}${consent}`]!;
      }
    }
  }

  #takeUpdate(sends: Readonly<Record<string, CanonicalValue>>): void {
    this.values['active'] = sends['active'] ?? 'false';
    const hasPhones = phoneOrdinals.some((ordinal) => sends[`phone${ordinal}`] !== undefined);
    if (hasPhones && this.dialect.phones === 'replace') {
      for (const ordinal of phoneOrdinals) {
        this.values[`phone${ordinal}`] = null;
        for (const name of switches) this.values[`phone${ordinal}${name}`] = 'false';
      }
    }
    for (const [name, value] of Object.entries(sends)) {
      if (/Block$/.test(name)) this.#verb(name, `${name}Daily`, value);
      else if (value !== null || this.dialect.empty === 'clears') this.values[name] = value;
    }
  }
}
