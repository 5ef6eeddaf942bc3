/** Reads what LiveVox shows of one contact, as rows of the mirror. */
import type { AssociatedAccount } from '../livevox/index.ts';
import type { MirrorNote, ReferenceRow } from '../store/index.ts';
import type { ReferenceReader } from './task.ts';

/**
 * The notes of a contact. The list has their texts alone, so a note that is new, or has another text than the mirror knows, is read by
 * itself: one request more each.
 * @throws as every read.
 */
export async function readNotes(
  livevox: ReferenceReader,
  account: string,
  known: readonly MirrorNote[],
  signal: AbortSignal,
): Promise<readonly ReferenceRow[]> {
  const rows: ReferenceRow[] = [];
  for (const { id, note } of await livevox.listContactNotes(account, signal)) {
    const same = known.find((one) => one.account === account && one.id === id && one.note === note);
    if (same !== undefined) {
      rows.push(same);
      continue;
    }
    const whole = await livevox.readContactNote(account, id, signal);
    rows.push({
      account,
      id,
      note,
      session_id: whole?.sessionId,
      transaction_id: whole?.transactionId,
      create_date: whole?.createDate,
      modified_date: whole?.modifiedDate,
    });
  }
  return rows;
}

/** The companies of a contact. @throws as every read. */
export async function readAssociatedAccounts(
  livevox: ReferenceReader,
  account: string,
  signal: AbortSignal,
): Promise<readonly ReferenceRow[]> {
  const rows: ReferenceRow[] = [];
  for await (const company of livevox.listAssociatedAccounts(account, signal)) rows.push(toRow(account, company));
  return rows;
}

/** The vendor's names in the mirror's spelling: `numOfEmployees` is `num_of_employees`, a street of `billingAddress` is `billing_street`. */
function toRow(account: string, { billingAddress, shippingAddress, ...company }: AssociatedAccount): ReferenceRow {
  const own = Object.entries(company).map(([name, value]) => [toColumn(name), value]);
  return {
    ...Object.fromEntries(own),
    ...toAddress('billing', billingAddress),
    ...toAddress('shipping', shippingAddress),
    account,
  };
}

function toAddress(kind: string, address: AssociatedAccount['billingAddress']): ReferenceRow {
  return Object.fromEntries(Object.entries(address ?? {}).map(([part, value]) => [`${kind}_${toColumn(part)}`, value]));
}

function toColumn(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
