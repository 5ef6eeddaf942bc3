/**
 * LiveVox's side of one contact, as far as plans are concerned: the DND table, `active` that is false when missing, phone arrays that
 * merge by ordinal or replace. Written from the vendor page apart from src/contact/dnd.ts, so that the two check each other.
 */
import { type CanonicalValue, type Patch, phoneOrdinals } from '../../src/contact/index.ts';

const switches = ['Block', 'BlockDaily', 'CellConsent', 'SmsConsent'] as const;

export class LiveVoxModel {
  readonly values: Record<string, CanonicalValue>;
  readonly phones: 'merge' | 'replace';

  constructor(values: Readonly<Record<string, CanonicalValue>>, phones: 'merge' | 'replace') {
    this.values = { ...values };
    this.phones = phones;
  }

  take(patch: Patch): void {
    if (patch.operation === 'not_expressible') return;
    if (patch.endpoint === 'multi_dnd') this.#takeDnd(patch.sends);
    else this.#takeUpdate(patch.sends);
  }

  /** True unless the number can be dialled: it is at no ordinal, or blocked at each, or the account is. */
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
    if (hasPhones && this.phones === 'replace') {
      for (const ordinal of phoneOrdinals) {
        this.values[`phone${ordinal}`] = null;
        for (const name of switches) this.values[`phone${ordinal}${name}`] = 'false';
      }
    }
    for (const [name, value] of Object.entries(sends)) {
      if (/Block$/.test(name)) this.#verb(name, `${name}Daily`, value);
      else this.values[name] = value;
    }
  }
}
