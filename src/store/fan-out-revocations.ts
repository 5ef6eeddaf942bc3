/**
 * Lets a revocation count for every contact that carries the number: puts the block, or the withdrawn consent, into the desired rows, with its cause.
 * Promises: it only ever takes away (a block on, a consent off), the same input gives the same rows, and a second run changes nothing.
 * What would surprise: contacts that only the mirror has get a row of restrictions alone, with line 0; rows that it changed have neither hash nor
 * bits, which means that they are compared field by field. A daily block and `accountBlock` do not fan out: the one ends today, the other
 * blocks a person's account and no number.
 * Cost: one pass over the mirror's phones, one more where LiveVox's own blocks count, and a look at each contact concerned; narrow working
 * tables beside the desired one, dropped at the end.
 */
import type { FanOutConfig } from '../config.ts';
import { phoneOrdinals } from '../contact/index.ts';
import { FatalError } from '../errors.ts';
import type { Queryable } from './connection.ts';
import {
  keepsNumber,
  needsSwitch,
  type Owners,
  type RevocableSwitch,
  saysRevoked,
  showsBlock,
  takesNumber,
  toSaidNumber,
  toShownNumber,
} from './fan-out-conditions.ts';

/** What fans out today. */
export type FanOutKinds = Omit<FanOutConfig, 'from'>;

export type FanOutInput = {
  readonly tenant: string;
  /** Table of the contacts as wanted, with its schema; one row per account, with fresh statistics. */
  readonly desiredTable: string;
  readonly kinds: FanOutKinds;
  /** Owners of the fields that the system of record speaks for. */
  readonly owners: Owners;
};

export type FanOutCounts = {
  /** Revoked numbers, a number once for each kind of switch. */
  readonly numbers: number;
  /** Contacts of which something changed. */
  readonly contacts: number;
  /** Switches that were turned on them. */
  readonly switches: number;
  /** Of the contacts: how many had no desired row and got one, of restrictions alone. */
  readonly added: number;
};

type Plan = FanOutInput & {
  readonly turns: readonly RevocableSwitch[];
  /** Revoked numbers: suffix, number, account and field of the first who revoked it. */
  readonly revoked: string;
  /** Where those numbers stand: account, ordinal, number, whether in the mirror. */
  readonly carriers: string;
  /** Contacts that change: account, fields, causes, switches. */
  readonly changes: string;
};

const turns = {
  blocks: { suffix: 'Block', revoked: true },
  cellConsents: { suffix: 'CellConsent', revoked: false },
  smsConsents: { suffix: 'SmsConsent', revoked: false },
} as const satisfies Record<string, RevocableSwitch>;

const noCounts = { contacts: 0, switches: 0, added: 0 };

const mirrorRow = `left join mirror.contacts m on m.tenant = $1 and m.account = d.account and m.tombstoned_at is null`;

/** Call it when all desired rows are in and before they are compared, with the tenant's lock held; in a transaction, all of it or nothing happens. */
export async function fanOutRevocations(db: Queryable, input: FanOutInput): Promise<FanOutCounts> {
  const plan = toPlan(input);
  await dropWorkingTables(db, plan);
  const numbers = await findRevoked(db, plan);
  const counts = numbers === 0 ? noCounts : await changeCarriers(db, plan);
  await dropWorkingTables(db, plan);
  return { ...counts, numbers };
}

async function changeCarriers(db: Queryable, plan: Plan): Promise<Omit<FanOutCounts, 'numbers'>> {
  await findCarriers(db, plan);
  const counted = await findChanges(db, plan);
  const changed = await updateDesired(db, plan);
  const added = await insertMissing(db, plan);
  if (changed + added !== counted.contacts) {
    throw new FatalError(
      `A fan-out found ${counted.contacts} contacts and changed ${changed + added}; nothing is planned, plan again.`,
    );
  }
  return { ...counted, added };
}

/** @throws FatalError when the table's name is none of ours */
function toPlan(input: FanOutInput): Plan {
  if (!/^[a-z_]+\.[a-z0-9_]+$/.test(input.desiredTable)) {
    throw new FatalError('The table of desired contacts has no name that we give; report this.');
  }
  const names = ['blocks', 'cellConsents', 'smsConsents'] as const;
  return {
    ...input,
    turns: names.filter((name) => input.kinds[name]).map((name) => turns[name]),
    revoked: `${input.desiredTable}_revoked`,
    carriers: `${input.desiredTable}_carriers`,
    changes: `${input.desiredTable}_changes`,
  };
}

async function dropWorkingTables(db: Queryable, { revoked, carriers, changes }: Plan): Promise<void> {
  await db.query(`drop table if exists ${revoked}, ${carriers}, ${changes}`);
}

/** Every revoked number once, with the first account, in the order of bytes, that revokes it. */
async function findRevoked(db: Queryable, plan: Plan): Promise<number> {
  const branches = [toSaidRevocations(plan), toShownBlocks(plan)].filter((branch) => branch !== undefined);
  if (branches.length === 0) return 0;
  // Unlogged and not temporary, created as a query: only so may Postgres read the mirror with several processes.
  await db.query(
    `create unlogged table ${plan.revoked} with (autovacuum_enabled = false) as
     select distinct on (suffix, number) suffix, number, account, 'phone' || ordinal || suffix as field
       from (${branches.join('\n union all\n')}) found
      order by suffix, number, account collate "C", ordinal`,
    [plan.tenant],
  );
  await db.query(`analyze ${plan.revoked}`);
  return countRows(db, plan.revoked);
}

/** What the contacts' own rows revoke; undefined when the system of record speaks of no such switch. */
function toSaidRevocations({ desiredTable, turns, owners }: Plan): string | undefined {
  const spoken = turns.flatMap((turn) =>
    phoneOrdinals
      .filter((ordinal) => ![undefined, 'livevox'].includes(owners[`phone${ordinal}${turn.suffix}`]))
      .map((ordinal) => ({
        ...turn,
        ordinal,
        said: `d.fields ->> 'phone${ordinal}${turn.suffix}' = '${turn.revoked}'`,
      })),
  );
  if (spoken.length === 0) return undefined;
  const values = spoken.map(
    (one) => `(${one.ordinal}, '${one.suffix}', ${toSaidNumber(one.ordinal)}, ${saysRevoked(one.ordinal, one)})`,
  );
  return `select v.suffix, v.number, d.account, v.ordinal
      from ${desiredTable} d
      ${mirrorRow}
     cross join lateral (values ${values.join(', ')}) v (ordinal, suffix, number, is_revoked)
     where (${spoken.map((one) => one.said).join(' or ')}) and v.is_revoked and v.number is not null`;
}

/** The blocks that LiveVox shows, where they count. */
function toShownBlocks({ desiredTable, kinds, owners }: Plan): string | undefined {
  if (!kinds.blocks || !kinds.livevox) return undefined;
  const values = phoneOrdinals.map(
    (ordinal) => `(${ordinal}, ${toShownNumber(ordinal)}, ${showsBlock(ordinal, owners)})`,
  );
  const blocks = phoneOrdinals.map((ordinal) => `m.phone${ordinal}_block`);
  return `select 'Block' as suffix, v.number, m.account, v.ordinal
      from mirror.contacts m
      left join ${desiredTable} d on d.account = m.account
     cross join lateral (values ${values.join(', ')}) v (ordinal, number, is_blocked)
     where m.tenant = $1 and m.tombstoned_at is null and (${blocks.join(' or ')}) and v.is_blocked and v.number is not null`;
}

/** Where the revoked numbers stand, in the mirror and in the desired rows. Narrow, so that a hash of the numbers may spill. */
async function findCarriers(db: Queryable, plan: Plan): Promise<void> {
  const { desiredTable, revoked, carriers, owners } = plan;
  const wanted = phoneOrdinals.filter((ordinal) => owners[`phone${ordinal}`] !== undefined);
  const fromDesired = `union all
     select d.account, v.ordinal, v.number, false
       from ${desiredTable} d
      cross join lateral ${toRows(wanted, (ordinal) => `d.fields ->> 'phone${ordinal}'`)}
      where v.number in (select number from ${revoked})`;
  await db.query(
    `create unlogged table ${carriers} with (autovacuum_enabled = false) as
     select m.account, v.ordinal, v.number, true as is_shown
       from mirror.contacts m
      cross join lateral ${toRows(phoneOrdinals, toShownNumber)}
      where m.tenant = $1 and m.tombstoned_at is null and v.number in (select number from ${revoked})
     ${wanted.length === 0 ? '' : fromDesired}`,
    [plan.tenant],
  );
  await db.query(`analyze ${carriers}`);
}

/** A row for each ordinal. Of arrays, because Postgres prepares the expressions of a `values` anew for every contact. */
function toRows(ordinals: readonly number[], toNumber: (ordinal: number) => string): string {
  return `unnest(array[${ordinals.join(', ')}], array[${ordinals.map(toNumber).join(', ')}]) v (ordinal, number)`;
}

/** Of those, what has to change: the ordinals that will carry the number and are not revoked by themselves. */
async function findChanges(db: Queryable, plan: Plan): Promise<{ contacts: number; switches: number }> {
  const { desiredTable, revoked, carriers, changes, turns, owners } = plan;
  const toCase = (make: (ordinal: number) => string): string =>
    `case c.ordinal ${phoneOrdinals.map((ordinal) => `when ${ordinal} then ${make(ordinal)}`).join(' ')} end`;
  const needed = turns.map(
    (turn) => `when '${turn.suffix}' then ${toCase((ordinal) => needsSwitch(ordinal, turn, owners, 'c.number'))}`,
  );
  await db.query(
    `create unlogged table ${changes} with (autovacuum_enabled = false) as
     select account, count(*)::int as switches, jsonb_object_agg(field, value) as fields, jsonb_object_agg(field, cause) as causes
       from (select distinct on (c.account, c.ordinal, r.suffix) c.account, 'phone' || c.ordinal || r.suffix as field,
                    case r.suffix when 'Block' then 'true' else 'false' end as value,
                    jsonb_build_object('kind', 'fan_out', 'account', r.account, 'field', r.field) as cause
               from ${carriers} c
               join ${revoked} r on r.number = c.number
               left join ${desiredTable} d on d.account = c.account
               left join mirror.contacts m on m.tenant = $1 and m.account = c.account and m.tombstoned_at is null
              where case when c.is_shown then ${toCase((ordinal) => keepsNumber(ordinal, owners))}
                         else ${toCase((ordinal) => takesNumber(ordinal, owners))} end
                and case r.suffix ${needed.join(' ')} end
              order by c.account, c.ordinal, r.suffix, r.account collate "C", r.field collate "C") needed
      group by account`,
    [plan.tenant],
  );
  await db.query(`analyze ${changes}`);
  const counted = await db.query<{ contacts: number; switches: number }>(
    `select count(*)::int as contacts, coalesce(sum(switches), 0)::int as switches from ${changes}`,
  );
  return counted.rows[0]!;
}

async function updateDesired(db: Queryable, { desiredTable, changes }: Plan): Promise<number> {
  const updated = await db.query(
    `update ${desiredTable} d
        set fields = d.fields || c.fields, causes = coalesce(d.causes, '{}') || c.causes, hash = null, bits = null, said = null
       from ${changes} c
      where c.account = d.account`,
  );
  return updated.rowCount ?? 0;
}

/** Contacts that only the mirror has: nothing but the revocation is wanted of them. */
async function insertMissing(db: Queryable, { desiredTable, changes }: Plan): Promise<number> {
  const inserted = await db.query(
    `insert into ${desiredTable} (account, line, restricts_only, causes, fields)
     select c.account, 0, true, c.causes, c.fields
       from ${changes} c
      where not exists (select from ${desiredTable} d where d.account = c.account)
      order by c.account collate "C"`,
  );
  return inserted.rowCount ?? 0;
}

async function countRows(db: Queryable, table: string): Promise<number> {
  const counted = await db.query<{ count: number }>(`select count(*)::int as count from ${table}`);
  return counted.rows[0]?.count ?? 0;
}
