/** The systems of record: whether each can be opened, and how many of its first rows can be used. Shows no value of a row. */
import { systemClock } from '../../clock.ts';
import { chooseAnySource, type TenantConfig } from '../../config.ts';
import { toMessage } from '../../errors.ts';
import { openRecord } from '../../open-record.ts';
import type { Store } from '../../store/index.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import { examineTenants, type Patient, withStore } from './patient.ts';

/** Rows that are read; enough to tell a wrong delimiter or mapping from a bad row. */
const readRows = 100;

export function checkRecord(patient: Patient): Promise<readonly Finding[]> {
  return examineTenants(patient, (tenant) =>
    withStore(patient, async (store) => {
      const names = Object.keys(tenant.systemsOfRecord);
      if (names.length === 0)
        return [
          warn('No system of record is configured.', 'Add one under systemsOfRecord: docs/systems-of-record.md.'),
        ];
      return Promise.all(names.map((name) => examineSource(tenant, store, name, patient.signal)));
    }),
  );
}

async function examineSource(tenant: TenantConfig, store: Store, name: string, signal: AbortSignal): Promise<Finding> {
  const { source } = chooseAnySource(tenant, name);
  const { mapping } = source;
  if (mapping === undefined) return warn(`${name} has no mapping.`, `lvsync map --source ${name} drafts one.`);
  try {
    const record = await openRecord({ tenant, store, clock: systemClock }, { ...source, mapping });
    return judgeRows(name, await countFirst(record.rows(signal)));
  } catch (error) {
    return fail(`${name}: ${toMessage(error)}`);
  }
}

type RowCounts = { readonly read: number; readonly unusable: number };

async function countFirst(rows: AsyncIterable<{ readonly kind: string }>): Promise<RowCounts> {
  let [read, unusable] = [0, 0];
  for await (const { kind } of rows) {
    read += 1;
    if (kind === 'unusable') unusable += 1;
    if (read === readRows) break;
  }
  return { read, unusable };
}

function judgeRows(name: string, { read, unusable }: RowCounts): Finding {
  const todo = `lvsync map --source ${name} shows the first rows, and why they cannot be used.`;
  if (read === 0) return warn(`${name} has no row.`, 'Look at its path, pattern or query.');
  const says = `${name}: of its first ${read} rows ${read - unusable} can be used`;
  if (unusable === read) return fail(`${says}.`, todo);
  return unusable > 0 ? warn(`${says}.`, todo) : ok(says);
}
