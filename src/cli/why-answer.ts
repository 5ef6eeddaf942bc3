/**
 * Why a contact was or was not changed, from what is stored: the mirror, the last reading of the system of record, the quarantine, and the last plans.
 * One code and one sentence for the contact, one for each field. Pure.
 */
import type { CanonicalValue } from '../contact/index.ts';
import { findField } from '../contact/index.ts';
import {
  type ContactPlan,
  type MirrorFacts,
  type QuarantinedFact,
  type Reading,
  type StoredPatch,
  toPatchState,
} from '../store/index.ts';
import { maskChange, maskValue } from './mask.ts';
import { explainField, type FieldAnswer } from './why-field.ts';

export type ContactFacts = {
  readonly tenant: string;
  readonly account: string;
  readonly systemOfRecord: string;
  readonly mirror: MirrorFacts | undefined;
  /** Undefined: no reading is kept. */
  readonly reading: Reading | undefined;
  readonly quarantined: readonly QuarantinedFact[];
  /** The latest first. */
  readonly plans: readonly ContactPlan[];
};

type WhyCode =
  /** The last plan has patches for it. */
  | 'in_plan'
  /** Its row of the system of record could not be used. */
  | 'quarantined'
  /** The system of record did not have it. */
  | 'absent'
  /** Neither side knows the account. */
  | 'unknown'
  /** Nobody knows what the system of record said. */
  | 'no_reading'
  /** LiveVox shows what the system of record wants. */
  | 'same'
  /** The two differ where the owners let them. */
  | 'owners'
  /** The two differ, and the last plan does not say so. */
  | 'not_planned';

export type WhyAnswer = {
  readonly tenant: string;
  readonly account: string;
  readonly systemOfRecord: string;
  readonly masked: boolean;
  readonly code: WhyCode;
  /** The code as a sentence. */
  readonly answer: string;
  readonly mirror: Omit<MirrorFacts, 'values'> | null;
  /** Null: no reading is kept. */
  readonly reading: (Omit<Reading, 'contact'> & { readonly contact: ReadRow | null }) | null;
  readonly quarantined: readonly QuarantinedFact[];
  readonly fields: readonly FieldAnswer[];
  readonly plans: readonly PlanAnswer[];
};

type ReadRow = Omit<NonNullable<Reading['contact']>, 'fields'>;

type PlanAnswer = Pick<ContactPlan, 'id' | 'state' | 'createdAt' | 'heldBecause'> & {
  readonly patches: readonly PatchAnswer[];
};

type PatchAnswer = Pick<StoredPatch, 'operation' | 'risk' | 'hazards' | 'causes' | 'leftOutBecause'> & {
  readonly state: ReturnType<typeof toPatchState>;
  readonly changes: Readonly<Record<string, readonly [from: CanonicalValue, to: CanonicalValue]>>;
};

export function answerWhy(facts: ContactFacts, isMasked: boolean): WhyAnswer {
  const { tenant, account, systemOfRecord, quarantined } = facts;
  const fields = listFields(facts).map((field) =>
    explainField({ field, mirror: facts.mirror, contact: facts.reading?.contact, plan: facts.plans[0] }),
  );
  return {
    tenant,
    account,
    systemOfRecord,
    masked: isMasked,
    ...judge(facts, fields),
    mirror: toMirrorAnswer(facts),
    reading: toReadingAnswer(facts),
    quarantined,
    fields: isMasked ? fields.map(maskField) : fields,
    plans: facts.plans.map((plan) => toPlanAnswer(plan, isMasked)),
  };
}

/** What the system of record speaks for, and what the last plan changes, in the catalogue's order. */
function listFields({ reading, plans }: ContactFacts): readonly string[] {
  const spokenFor = Object.keys(reading?.contact?.fields ?? {});
  const planned = (plans[0]?.patches ?? []).flatMap(({ changes }) => Object.keys(changes));
  const position = (name: string): number => findField(name)?.position ?? Number.MAX_SAFE_INTEGER;
  return [...new Set([...spokenFor, ...planned])].toSorted((a, b) => position(a) - position(b));
}

function judge(facts: ContactFacts, fields: readonly FieldAnswer[]): Pick<WhyAnswer, 'code' | 'answer'> {
  const { mirror, reading, plans } = facts;
  const [plan] = plans;
  if (plan !== undefined && plan.patches.length > 0) return { code: 'in_plan', answer: sayPlan(plan) };
  const unusable = findUnusable(facts);
  if (unusable !== undefined)
    return { code: 'quarantined', answer: `It is not changed: its row could not be used: ${unusable.reason}.` };
  if (reading === undefined)
    return { code: 'no_reading', answer: 'No reading of the system of record is kept; run lvsync plan.' };
  const isShown = mirror !== undefined && mirror.tombstonedAt === null;
  if (reading.contact === undefined) {
    if (mirror === undefined)
      return {
        code: 'unknown',
        answer: 'Neither LiveVox nor the system of record has this account; check how it is written.',
      };
    return { code: 'absent', answer: 'It is not changed: the system of record did not have it when it was last read.' };
  }
  return isShown ? judgeFields(fields) : judgeMissing(reading.contact.restrictsOnly);
}

function judgeMissing(restrictsOnly: boolean): Pick<WhyAnswer, 'code' | 'answer'> {
  const answer = restrictsOnly
    ? 'LiveVox does not have it, and nobody is created for a block alone.'
    : 'LiveVox does not have it, and the last plan does not create it: plan again.';
  return { code: restrictsOnly ? 'owners' : 'not_planned', answer };
}

function judgeFields(fields: readonly FieldAnswer[]): Pick<WhyAnswer, 'code' | 'answer'> {
  const different = fields.filter(({ equal }) => !equal);
  if (different.length === 0)
    return { code: 'same', answer: 'It is not changed: LiveVox shows what the system of record wants.' };
  const unplanned = different.filter(({ reason }) => reason === 'not_planned');
  if (unplanned.length === 0)
    return {
      code: 'owners',
      answer: "It is not changed: the fields that differ are not the system of record's to change.",
    };
  return {
    code: 'not_planned',
    answer: `${unplanned.length} of its fields differ and are not in the last plan: plan again.`,
  };
}

function sayPlan({ id, state, patches }: ContactPlan): string {
  const steps = patches.map((patch) => `${patch.operation} ${toPatchState(patch)}`).join(', ');
  const held = state === 'held' ? '; a guard holds the plan, and nothing of it is sent until it is approved' : '';
  return `It is in the last plan, ${id} (${state}): ${steps}${held}.`;
}

/** The contact's row in quarantine, of the last reading; of the last plan where no reading is kept. */
function findUnusable({ quarantined, reading, plans }: ContactFacts): QuarantinedFact | undefined {
  const runId = reading?.runId ?? plans[0]?.runId;
  return quarantined.find((row) => row.origin === 'system_of_record' && row.runId === runId);
}

function toMirrorAnswer({ mirror }: ContactFacts): WhyAnswer['mirror'] {
  if (mirror === undefined) return null;
  const { values: _, ...facts } = mirror;
  return facts;
}

function toReadingAnswer({ reading }: ContactFacts): WhyAnswer['reading'] {
  if (reading === undefined) return null;
  if (reading.contact === undefined) return { ...reading, contact: null };
  const { fields: _, ...contact } = reading.contact;
  return { ...reading, contact };
}

function maskField(answer: FieldAnswer): FieldAnswer {
  const { field, equal } = answer;
  if (equal) return { ...answer, mirror: maskValue(field, answer.mirror), desired: maskValue(field, answer.desired) };
  const [mirror, desired] = maskChange(field, answer.mirror, answer.desired);
  return { ...answer, mirror, desired };
}

function toPlanAnswer({ id, state, createdAt, heldBecause, patches }: ContactPlan, isMasked: boolean): PlanAnswer {
  return { id, state, createdAt, heldBecause, patches: patches.map((patch) => toPatchAnswer(patch, isMasked)) };
}

function toPatchAnswer(patch: StoredPatch, isMasked: boolean): PatchAnswer {
  const { operation, risk, hazards, causes, leftOutBecause } = patch;
  const entries = Object.entries(patch.changes).map(([field, [from, to]]) => [
    field,
    isMasked ? maskChange(field, from, to) : ([from, to] as const),
  ]);
  return {
    operation,
    state: toPatchState(patch),
    risk,
    hazards,
    causes,
    leftOutBecause,
    changes: Object.fromEntries(entries),
  };
}
