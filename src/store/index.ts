/** The door of the store: Postgres. One operation per file; everything outside this room imports from here. */

export { analyzeMirror } from './analyze-mirror.ts';
export { type ChunkGroup, type ClaimedChunk, claimChunk, selectChunkGroups } from './claim-chunk.ts';
export { closeStore, openStore, type Queryable, type Store, withTransaction } from './connection.ts';
export { copyStage } from './copy-stage.ts';
export { dropDeadStages, type LivingRun, selectDeadRuns } from './drop-dead-stages.ts';
export { insertChangeSet, insertPatches, markChangeSetPlanned, type NewPatch } from './insert-change-set.ts';
export { insertChunks } from './insert-chunks.ts';
export {
  countRestrictsOnly,
  type DesiredRow,
  deleteDesired,
  insertDesired,
  quarantineRepeatedDesired,
} from './insert-desired.ts';
export { insertQuarantined, insertRejected, type QuarantinedRow } from './insert-quarantined.ts';
export { type KeepAlive, openKeepAlive } from './keep-alive.ts';
export { dropStage, makeStage, type Stage, toStage } from './make-stage.ts';
export { markChangeSetPushed, markChangeSetPushing } from './mark-change-set.ts';
export { type ChunkOutcome, markChunkOutcome, markChunkUnsent, markLostChunks } from './mark-chunk.ts';
export {
  markRunAlive,
  markRunEnded,
  markStepEnded,
  markStepStarted,
  type RunEnd,
  type StepCounts,
  type StepName,
} from './mark-run.ts';
export {
  type ChangeSetTally,
  markChangeSetSettled,
  markVerdicts,
  type NewVerdict,
  selectOpenChangeSetIds,
  selectTally,
} from './mark-verdicts.ts';
export type { CustomField } from './merge-custom-fields.ts';
export { type MergeCounts, type MergeInput, mergeStage } from './merge-stage.ts';
export { migrate, selectMissingMigrations } from './migrate.ts';
export { openRun, type RunKind } from './open-run.ts';
export { type ChangeSet, selectChangeSet, selectChangeSetOfRun } from './select-change-set.ts';
export { selectCoverage } from './select-coverage.ts';
export { selectDatabaseIdentity } from './select-database-identity.ts';
export { selectDiffRows } from './select-diff-rows.ts';
export { type ChangedField, selectPatches, toChangedFields } from './select-patches.ts';
export { type QuarantinedSummary, selectQuarantined } from './select-quarantined.ts';
export { type StoredRun, selectRun } from './select-run.ts';
export { selectStatus, type TenantStatus } from './select-status.ts';
export { selectUnverified } from './select-unverified.ts';
export { makeStoredSessions, makeStoredSlots } from './shared-lanes.ts';
export { holdTenant, type TenantLock } from './tenant-lock.ts';
