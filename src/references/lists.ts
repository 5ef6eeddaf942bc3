/**
 * Contact groups, agents and agent skills: each list is read whole when it is older than configured, and merged at once. A list that
 * LiveVox does not show (403: the user's role; 404) is asked for again after an hour; other failures end the reading for this run.
 */
import { toLogReason } from '../errors.ts';
import {
  markListFetched,
  markListRefused,
  mergeReference,
  type ReferenceList,
  type ReferenceRow,
  type ReferenceState,
  type ReferenceTable,
  referenceTables,
  withTransaction,
} from '../store/index.ts';
import { toFailure } from './failure.ts';
import type { ReferenceCounts, ReferenceReader, ReferencesDeps, ReferencesInput } from './task.ts';

type ReadTable = { readonly table: ReferenceTable; readonly rows: readonly ReferenceRow[] };

/** After a refusal; a role that was given meanwhile shows within minutes. */
const refusedForMs = 3_600_000;

/** Reads what is due. False when LiveVox is not well, so that nothing else needs to be tried. */
export async function readLists(
  deps: ReferencesDeps,
  input: ReferencesInput,
  known: ReferenceState['lists'],
  counts: ReferenceCounts,
): Promise<boolean> {
  const { contactGroups, agents, agentSkills } = input.references;
  const wanted: readonly (readonly [ReferenceList, boolean, () => Promise<readonly ReadTable[]>])[] = [
    ['contact_groups', contactGroups, () => readContactGroups(deps.livevox, input.signal)],
    ['agents', agents, () => readAgents(deps.livevox, input.signal)],
    ['agent_skills', agentSkills, () => readAgentSkills(deps.livevox, input.signal)],
  ];
  for (const [list, isWanted, read] of wanted) {
    if (!isWanted || !isDue(list, known, input.references.refreshMs, deps.clock.now())) continue;
    if (!(await readList(deps, input, list, read, counts))) return false;
  }
  return true;
}

function isDue(list: ReferenceList, known: ReferenceState['lists'], refreshMs: number, now: Date): boolean {
  const { fetchedAt, refusedAt } = known.find((one) => one.list === list) ?? { fetchedAt: null, refusedAt: null };
  const isOlder = (at: Date | null, ms: number): boolean => at === null || now.getTime() - at.getTime() >= ms;
  return isOlder(fetchedAt, refreshMs) && isOlder(refusedAt, Math.min(refusedForMs, refreshMs));
}

async function readList(
  { store, clock, log }: ReferencesDeps,
  { tenant, signal }: ReferencesInput,
  list: ReferenceList,
  read: () => Promise<readonly ReadTable[]>,
  counts: ReferenceCounts,
): Promise<boolean> {
  try {
    const tables = await read();
    const fetchedAt = clock.now();
    await withTransaction(store, async (client) => {
      for (const { table, rows } of tables) await mergeReference(client, table, { tenant, rows, fetchedAt });
      await markListFetched(client, tenant, list, fetchedAt);
    });
    log.info('references.list.merged', { list, rows: tables[0]?.rows.length ?? 0 });
    counts.referenceLists = (counts.referenceLists ?? 0) + 1;
    return true;
  } catch (error) {
    signal?.throwIfAborted();
    log.warn('references.list.failed', { list, reason: toLogReason(error) });
    counts.referencesFailed = (counts.referencesFailed ?? 0) + 1;
    if (toFailure(error) === 'broken') return false;
    await markListRefused(store.pool, tenant, list, clock.now());
    return true;
  }
}

async function readContactGroups(livevox: ReferenceReader, signal?: AbortSignal): Promise<readonly ReadTable[]> {
  const rows: ReferenceRow[] = [];
  for await (const { id, name, createdBy, modifiedBy, createdAt, modifiedAt } of livevox.listContactGroups(signal)) {
    rows.push({
      id,
      name,
      created_by: createdBy,
      modified_by: modifiedBy,
      created_at: createdAt,
      modified_at: modifiedAt,
    });
  }
  return [{ table: referenceTables.contactGroups, rows }];
}

/** Named one by one: whatever else LiveVox shows of an agent is not kept. */
async function readAgents(livevox: ReferenceReader, signal?: AbortSignal): Promise<readonly ReadTable[]> {
  const rows: ReferenceRow[] = [];
  for await (const { id, loginId, firstName, lastName, phone, active, lastLogin } of livevox.listAgents(signal)) {
    const name = { first_name: firstName, last_name: lastName };
    rows.push({ id, login_id: loginId, ...name, phone, active, last_login: lastLogin });
  }
  return [{ table: referenceTables.agents, rows }];
}

/** One request for each skill besides the list: it says who has it. */
async function readAgentSkills(livevox: ReferenceReader, signal?: AbortSignal): Promise<readonly ReadTable[]> {
  const skills: ReferenceRow[] = [];
  const proficiencies: ReferenceRow[] = [];
  for await (const { id, name } of livevox.listAgentSkills(signal)) {
    const skill = await livevox.readAgentSkill(id, signal);
    // Deleted between the list and now.
    if (skill === undefined) continue;
    skills.push({ id, name, description: skill.description });
    for (const agent of skill.agent) {
      proficiencies.push({ agent_id: agent.id, skill_id: id, proficiency: agent.proficiency });
    }
  }
  return [
    { table: referenceTables.agentSkills, rows: skills },
    { table: referenceTables.agentProficiencies, rows: proficiencies },
  ];
}
