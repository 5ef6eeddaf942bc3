/**
 * Every metric there is: its type, its labels, and one sentence, which docs/metrics.md repeats word for word.
 * Names follow Prometheus: base units (seconds, ratios of 1), `_total` for what only grows. The tenant is a label; a contact never is.
 * Two kinds: what stands in the database is the same whichever worker is asked, so take the maximum over workers; what a process has counted
 * itself (`process` in `from`) is a part of the whole, so add it up.
 */
export type MetricSpec = {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
  readonly from: 'database' | 'queue' | 'lanes' | 'config' | 'process';
  /** One sentence. */
  readonly help: string;
};

export const metricCatalogue = {
  lvsync_build_info: {
    type: 'gauge',
    labels: ['version', 'node', 'queue'],
    from: 'process',
    help: 'Always 1; the labels say which version runs, on which Node, and where its queue is.',
  },
  lvsync_up: {
    type: 'gauge',
    labels: ['part'],
    from: 'process',
    help: 'Whether the part (database, queue, lanes) could be read for this answer: 1 or 0.',
  },
  lvsync_runs_total: {
    type: 'counter',
    labels: ['tenant', 'kind', 'state'],
    from: 'database',
    help: 'Runs that ended, by kind and by the state they ended in.',
  },
  lvsync_runs_running: {
    type: 'gauge',
    labels: ['tenant', 'kind'],
    from: 'database',
    help: 'Runs under way.',
  },
  lvsync_last_run_state: {
    type: 'gauge',
    labels: ['tenant', 'kind', 'state'],
    from: 'database',
    help: 'Always 1; the label says how the last run of the kind stands.',
  },
  lvsync_last_run_start_timestamp_seconds: {
    type: 'gauge',
    labels: ['tenant', 'kind'],
    from: 'database',
    help: 'When the last run of the kind began.',
  },
  lvsync_last_run_end_timestamp_seconds: {
    type: 'gauge',
    labels: ['tenant', 'kind'],
    from: 'database',
    help: 'When the last run of the kind ended; missing while it goes on.',
  },
  lvsync_rows_pulled_total: {
    type: 'counter',
    labels: ['tenant', 'outcome'],
    from: 'database',
    help: 'Rows of downloads that pulls which are done have accounted for: added, changed, unchanged, quarantined.',
  },
  lvsync_rows_pushed_total: {
    type: 'counter',
    labels: ['tenant', 'outcome'],
    from: 'database',
    help: 'Contacts that pushes which are done have sent, by what LiveVox answered (accepted, refused, in_doubt), and those left out (left_out).',
  },
  lvsync_verdicts_total: {
    type: 'counter',
    labels: ['tenant', 'verdict'],
    from: 'database',
    help: 'Changes by what the read-back showed: confirmed, not_taken, altered, overtaken.',
  },
  lvsync_drift_total: {
    type: 'counter',
    labels: ['tenant', 'cause'],
    from: 'database',
    help: 'Differences that sweeps and reconciles found in time that counted as pulled, by cause.',
  },
  lvsync_drift_ratio: {
    type: 'gauge',
    labels: ['tenant'],
    from: 'database',
    help: 'Of the contacts that the last sweep compared, the share that differed.',
  },
  lvsync_last_sweep_timestamp_seconds: {
    type: 'gauge',
    labels: ['tenant'],
    from: 'database',
    help: 'When the last sweep that was done ended.',
  },
  lvsync_mirror_merged_timestamp_seconds: {
    type: 'gauge',
    labels: ['tenant'],
    from: 'database',
    help: 'When a pull was last merged into the mirror: its freshness.',
  },
  lvsync_mirror_watermark_timestamp_seconds: {
    type: 'gauge',
    labels: ['tenant'],
    from: 'database',
    help: "End of the gapless coverage, by LiveVox's clock; missing before the first full pull.",
  },
  lvsync_mirror_gaps: {
    type: 'gauge',
    labels: ['tenant'],
    from: 'database',
    help: 'Gaps in the coverage: time that was not pulled, before time that was.',
  },
  lvsync_stops_open: {
    type: 'gauge',
    labels: ['tenant'],
    from: 'database',
    help: 'Blocks and withdrawn consents that were asked for and are not yet seen in LiveVox.',
  },
  lvsync_stops_at_risk: {
    type: 'gauge',
    labels: ['tenant', 'limit'],
    from: 'database',
    help: 'Open stops that near a limit and are not past it: target (and not yet late by either), legal.',
  },
  lvsync_stops_late: {
    type: 'gauge',
    labels: ['tenant', 'limit'],
    from: 'database',
    help: 'Open stops that are past a limit: target (past either), legal.',
  },
  lvsync_stop_oldest_asked_timestamp_seconds: {
    type: 'gauge',
    labels: ['tenant'],
    from: 'database',
    help: 'When the longest waiting open stop was asked for; missing when none is open.',
  },
  lvsync_stop_duration_seconds: {
    type: 'gauge',
    labels: ['tenant', 'quantile'],
    from: 'database',
    help: 'From asking to being seen in LiveVox, of the stops of the last 30 days.',
  },
  lvsync_plans_held: {
    type: 'gauge',
    labels: ['tenant'],
    from: 'database',
    help: 'Plans that wait for approval and have not expired.',
  },
  lvsync_plan_held_since_timestamp_seconds: {
    type: 'gauge',
    labels: ['tenant'],
    from: 'database',
    help: 'When the oldest of them was made; missing when there is none.',
  },
  lvsync_dead_letters_open: {
    type: 'gauge',
    labels: ['tenant'],
    from: 'database',
    help: 'Changes that LiveVox refuses and nobody has decided on.',
  },
  lvsync_nightly_due_timestamp_seconds: {
    type: 'gauge',
    labels: ['tenant'],
    from: 'config',
    help: 'When a nightly was last due, by the config; missing when none was within 32 days.',
  },
  lvsync_nightly_missed: {
    type: 'gauge',
    labels: ['tenant'],
    from: 'database',
    help: 'Whether that nightly has not begun an hour after it was due: 1 or 0.',
  },
  lvsync_queue_jobs: {
    type: 'gauge',
    labels: ['queue', 'state'],
    from: 'queue',
    help: "Jobs in the queue, by BullMQ's state.",
  },
  lvsync_lane_use_ratio: {
    type: 'gauge',
    labels: ['tenant', 'method'],
    from: 'lanes',
    help: 'Requests started in the last window of the method, by all processes, of those its limit permits.',
  },
  lvsync_requests_total: {
    type: 'counter',
    labels: ['tenant', 'method', 'reply'],
    from: 'process',
    help: 'Requests to LiveVox that are over, by what came of them; limited is a 429.',
  },
  lvsync_request_duration_seconds: {
    type: 'histogram',
    labels: ['tenant', 'method'],
    from: 'process',
    help: 'From the leaving of a request to its answer; of a download, to its first bytes.',
  },
  lvsync_requests_in_flight: {
    type: 'gauge',
    labels: ['tenant', 'method'],
    from: 'process',
    help: 'Requests that have left and are not answered yet.',
  },
  process_cpu_seconds_total: {
    type: 'counter',
    labels: [],
    from: 'process',
    help: 'Processor time this process has used.',
  },
  process_resident_memory_bytes: {
    type: 'gauge',
    labels: [],
    from: 'process',
    help: 'Memory of this process that is in RAM.',
  },
  process_start_time_seconds: {
    type: 'gauge',
    labels: [],
    from: 'process',
    help: 'When this process started.',
  },
} as const satisfies Readonly<Record<string, MetricSpec>>;

export type MetricName = keyof typeof metricCatalogue;
