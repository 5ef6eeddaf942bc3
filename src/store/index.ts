/** The door of the store: Postgres. One operation per file; everything outside this room imports from here. */

export { analyzeMirror } from './analyze-mirror.ts';
export { markChunkSize, selectChunkSizes } from './chunk-size.ts';
export {
  type ChunkGroup,
  type ClaimedChunk,
  type ClaimedPatch,
  claimChunk,
  type PendingGroup,
  selectChunkGroups,
  selectChunkPatches,
} from './claim-chunk.ts';
export { claimNotice, markNoticeTold, type Notice } from './claim-notice.ts';
export { clearDeadSweeps } from './clear-dead-sweeps.ts';
export { type Candidate, withCandidates } from './compare-desired.ts';
export { compareSweep, countAbsentIn, type SweepComparison, type SweepScope } from './compare-sweep.ts';
export { closeStore, openStore, type Queryable, type Store, withTransaction } from './connection.ts';
export { copyDesired, countDesired, type DesiredRow, quarantineRepeatedDesired } from './copy-desired.ts';
export { copyMirrorBefore, type MirrorBefore } from './copy-mirror-before.ts';
export { type CopyInput, copyStage, RefusedRowError } from './copy-stage.ts';
export { copySweepRows, type SweepRow } from './copy-sweep-rows.ts';
export {
  countExpired,
  deleteExpired,
  type ExpiringKind,
  expiringKinds,
} from './delete-expired.ts';
export { countRemovedComparisons, dropRemovedComparisons } from './drop-comparisons.ts';
export { dropDeadStages, type LivingRun, selectDeadRuns } from './drop-dead-stages.ts';
export { type ErasedRows, eraseContact } from './erase-contact.ts';
export { type FanOutCounts, type FanOutInput, type FanOutKinds, fanOutRevocations } from './fan-out-revocations.ts';
export { type FirstLoadInput, hasContacts, loadFirst } from './first-load.ts';
export { type DatabaseRoles, grantRoles } from './grant-roles.ts';
export { type Approved, insertApproval } from './insert-approval.ts';
export { insertAudit } from './insert-audit.ts';
export {
  insertChangeSet,
  insertPatches,
  markChangeSetPlanned,
  type NewPatch,
} from './insert-change-set.ts';
export { insertChunks } from './insert-chunks.ts';
export { insertDeadLetter } from './insert-dead-letter.ts';
export { insertDownload } from './insert-download.ts';
export { insertDrift, markDriftRepairedSince, type NewDrift, selectLastMergeAt } from './insert-drift.ts';
export { insertNotice, insertRunNotices, type NewNotice } from './insert-notices.ts';
export { insertQuarantined, insertRejected, type QuarantinedRow } from './insert-quarantined.ts';
export { insertReferenceBacklog } from './insert-reference-backlog.ts';
export { insertSilentDrift } from './insert-silent-drift.ts';
export { insertSuppressions } from './insert-suppressions.ts';
export { insertSweep, markSweepFailed } from './insert-sweep.ts';
export { insertUnreverted, type UnrevertedReason, type UnrevertedRow } from './insert-unreverted.ts';
export { type KeepAlive, openKeepAlive } from './keep-alive.ts';
export { type DoubtedCreate, leaveOutDoubted, selectDoubtedCreates } from './leave-out-doubted.ts';
export { leaveOutStopped } from './leave-out-stopped.ts';
export { type Comparison, makeComparison, makeDesiredKeys, markDesiredRead } from './make-comparison.ts';
export { dropStage, makeStage, type Stage, toStage } from './make-stage.ts';
export { dropSweepTables, makeSweepTables, type SweepTables, toSweepTables } from './make-sweep-tables.ts';
export { markChangeSetExpired, markChangeSetPushed, markChangeSetPushing } from './mark-change-set.ts';
export {
  type ChunkKey,
  type ChunkOutcome,
  markChunkBulk,
  markChunkOutcome,
  markChunkRepeated,
  markChunkSent,
  markChunkUnsent,
  markLostChunks,
} from './mark-chunk.ts';
export { type DeadLetterDecision, type DeadLettersDecided, markDeadLetters } from './mark-dead-letters.ts';
export { markDeleted } from './mark-deleted.ts';
export { markDownloadEnded, markDownloadFileGone, markDownloadFilesGone, markDownloadLanded } from './mark-download.ts';
export { markDriftRepaired } from './mark-drift-repaired.ts';
export { markFact } from './mark-fact.ts';
export { type Forecast, type ForecastBasis, markForecast } from './mark-forecast.ts';
export { markListFetched, markListRefused } from './mark-reference-list.ts';
export {
  markRunAlive,
  markRunEnded,
  markStepEnded,
  markStepStarted,
  type RunEnd,
  type StepCounts,
  type StepName,
} from './mark-run.ts';
export { markSuppressions } from './mark-suppressions.ts';
export { markTenant } from './mark-tenant.ts';
export {
  type ChangeSetTally,
  markChangeSetSettled,
  markVerdicts,
  type NewVerdict,
  selectOpenChangeSetIds,
  selectTally,
} from './mark-verdicts.ts';
export { mergeContactDetails } from './merge-contact-details.ts';
export type { CustomField } from './merge-custom-fields.ts';
export type { MergeCounts, MergeInput } from './merge-frame.ts';
export { mergeReference } from './merge-reference.ts';
export { mergeStage } from './merge-stage.ts';
export { mergeTenantView } from './merge-tenant-view.ts';
export { migrate, selectMissingMigrations } from './migrate.ts';
export { type OpenRun, openRun, type RunKind } from './open-run.ts';
export { pruneHistory } from './prune-history.ts';
export { insertReconcileRequest, type ReconcileRequest, selectReconcileRequest } from './reconcile-requests.ts';
export { type ReferenceRow, type ReferenceTable, referenceTables } from './reference-tables.ts';
export { type Refreshed, refreshComparison } from './refresh-comparison.ts';
export { type LostPatch, markLost, selectLost } from './repeat-lost.ts';
export { resolveDeadLetters } from './resolve-dead-letters.ts';
export { type Condition, selectAccountsWhere } from './select-accounts-where.ts';
export { countApprovals } from './select-approvals.ts';
export {
  type ChangeSet,
  selectChangeSet,
  selectChangeSetOfRun,
  selectChangeSetTouchedByRun,
} from './select-change-set.ts';
export {
  type MirrorFacts,
  type QuarantinedFact,
  type Reading,
  selectMirrorFacts,
  selectQuarantinedOf,
  selectReading,
} from './select-contact-facts.ts';
export { type ContactPlan, selectContactPlans } from './select-contact-plans.ts';
export { selectCoverage } from './select-coverage.ts';
export { type CoverageReport, selectCoverageReport } from './select-coverage-report.ts';
export { selectCoveredUntil } from './select-covered-until.ts';
export { selectCustomFields } from './select-custom-fields.ts';
export { type DatabaseFacts, selectDatabaseFacts, selectLargestDownload } from './select-database-facts.ts';
export { selectDatabaseIdentity } from './select-database-identity.ts';
export { type DeadLetter, selectDeadLetters } from './select-dead-letters.ts';
export {
  type StoredDownload,
  selectDownloadsBySha256,
  selectExpiredDownloads,
  selectKeptDownloads,
  selectNeededDownloads,
  selectOpenDownloads,
} from './select-downloads.ts';
export { selectDriftedWindows } from './select-drifted-windows.ts';
export { type ErasureObstacles, selectErasureObstacles } from './select-erasure-obstacles.ts';
export { selectHeldContacts } from './select-held-contacts.ts';
export { type KnownLists, selectKnownValues } from './select-known-values.ts';
export { selectLastRunStart } from './select-last-run-start.ts';
export { type MirrorNote, selectNotes } from './select-notes.ts';
export { selectOldestOpenStop } from './select-oldest-open-stop.ts';
export {
  type ChangedField,
  countPatches,
  type PatchFilter,
  type PatchState,
  type PatchTotals,
  patchStates,
  type StoredPatch,
  selectPatches,
  toChangedFields,
  toPatchState,
} from './select-patches.ts';
export { type PlanHead, selectPlanHead } from './select-plan-head.ts';
export { type PlanTotals, selectPlanTotals } from './select-plan-totals.ts';
export { selectPreviousReading } from './select-previous-reading.ts';
export { selectPushPace } from './select-push-pace.ts';
export { type QuarantinedSummary, selectQuarantined } from './select-quarantined.ts';
export { type KeptReading, selectReadings } from './select-readings.ts';
export { selectReferenceBacklog } from './select-reference-backlog.ts';
export { type ReferenceList, type ReferenceState, selectReferenceState } from './select-reference-state.ts';
export { type StoredRun, selectRun, selectRunIdOfJob } from './select-run.ts';
export { type RunDetail, type RunProgress, selectRunDetail } from './select-run-detail.ts';
export { type RunMetrics, selectRunMetrics } from './select-run-metrics.ts';
export { type ListedRun, type RunFilter, runKinds, runStates, selectRuns } from './select-runs.ts';
export { selectSeal } from './select-seal.ts';
export {
  countMirrorContacts,
  countSentChanges,
  type HeldVersion,
  type ReadWord,
  type SentChange,
  type SentContact,
  selectSentChanges,
  selectUnplanned,
} from './select-sent-changes.ts';
export { type SentDeletion, selectSentDeletions } from './select-sent-deletions.ts';
export { selectOpenPlans, selectStatus, type TenantStatus } from './select-status.ts';
export { selectStopRows } from './select-stop-rows.ts';
export { type Percentiles, type SuppressionMetrics, selectSuppressionMetrics } from './select-suppression-metrics.ts';
export { type Suppression, selectSuppressions } from './select-suppressions.ts';
export { selectSweepBounds } from './select-sweep-bounds.ts';
export { selectTenantMetrics, type TenantMetrics } from './select-tenant-metrics.ts';
export { hasSentSincePull, selectUnread, selectUnreadChangeSetId, type UnreadContact } from './select-unread.ts';
export { selectUnreverted, type UnrevertedSummary } from './select-unreverted.ts';
export { selectUnsent } from './select-unsent.ts';
export { selectUnverified } from './select-unverified.ts';
export { hasUnreadUrgent, selectUrgentChangeSets } from './select-urgent.ts';
export { selectWindowDensity, type WindowDensity } from './select-window-density.ts';
export {
  type DriftCounts,
  markSweepHeld,
  type SettledSweep,
  type SweepEndCounts,
  settleSweep,
} from './settle-sweep.ts';
export { makeStoredSessions, makeStoredSlots } from './shared-lanes.ts';
export { selectUnsplitChunks, splitChunk, splitChunkIn } from './split-chunk.ts';
export { type Arriving, selectArriving, selectStoppedNumbers } from './stopped-numbers.ts';
export { type Fence, FencedError, takeFence } from './take-fence.ts';
export { holdTenant, type TenantLock, tryHoldTenant } from './tenant-lock.ts';
export { toTenantView } from './tenant-view.ts';
