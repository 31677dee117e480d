import type { Status } from '../operations/status.ts';

/** What became of deliveries, each with what it means. */
export const DELIVERY_RESULTS = {
  landed: 'a ticket that was made durable',
  unreadable: 'no ticket; kept in error_events',
  too_large: 'larger than the bound; its beginning kept in error_events',
  wrong_secret: 'refused',
  cut_off: 'ended or timed out before its end',
  not_landed: 'refused because the landing failed',
} as const;

export type DeliveryResult = keyof typeof DELIVERY_RESULTS;

/** Deliveries since the process began, by what became of them. */
export type DeliveryCounts = Record<DeliveryResult, number>;

const RUN_STATES = ['running', 'finished', 'failed', 'abandoned'] as const;

/**
 * The metrics in the text format of Prometheus. What the log tells is left out where the log could
 * not be read, or has nothing of it yet.
 */
export function renderMetrics(deliveries: DeliveryCounts, isIntakeFailing: boolean, status: Status | null): string {
  const results = Object.entries(deliveries).map(([result, count]) => [`{result="${result}"}`, count] as const);
  return [
    metric('suptask_webhook_deliveries_total', 'counter', 'Deliveries since the process began, by what became of them.', results),
    metric('suptask_webhook_intake_up', 'gauge', 'Whether deliveries can be made durable.', [['', isIntakeFailing ? 0 : 1]]),
    metric('suptask_log_readable', 'gauge', 'Whether the landing log could be read for the metrics below.', [['', status ? 1 : 0]]),
    ...(status ? logMetrics(status) : []),
  ].join('');
}

function logMetrics(status: Status): string[] {
  const { lastRun, failing, budgetLeft, budgetLimit } = status;
  const state = lastRun && (lastRun.ended?.event ?? 'running');
  const seconds = (ms: number | null) => (ms === null ? null : ms / 1000);
  const gauge = (name: string, help: string, value: number | null) => metric(name, 'gauge', help, value === null ? [] : [['', value]]);
  return [
    gauge('suptask_last_success_timestamp_seconds', 'When the last run finished, on the clock of its machine.', seconds(status.lastFinishedAtMs)),
    gauge('suptask_last_read_timestamp_seconds', "When the source last answered of a ticket, on the source's clock.", seconds(status.lastReadAtMs)),
    gauge('suptask_newest_ticket_number', 'The highest number that was ever found.', status.newestNumber),
    gauge('suptask_tickets_known', 'Tickets that were ever seen.', status.ticketsFound),
    gauge('suptask_numbers_never_read', 'Numbers up to the newest that were never read.', status.neverRead),
    gauge('suptask_numbers_failing', 'Numbers whose last read failed, parked ones too.', failing.filter(({ failuresInRow }) => failuresInRow > 0).length),
    gauge('suptask_numbers_parked', 'Numbers that failed so often that they are seldom retried.', failing.filter(({ parked }) => parked).length),
    gauge('suptask_rate_limit_requests', 'Requests a rate window; missing without a limit.', budgetLimit),
    gauge('suptask_rate_budget_left_requests', 'Requests left in this rate window; missing without a limit.', budgetLeft),
    metric('suptask_last_run_state', 'gauge', 'The state of the last run: 1 for the one that it is in.', RUN_STATES.map((name) => [`{state="${name}"}`, name === state ? 1 : 0])),
  ];
}

function metric(name: string, type: 'counter' | 'gauge', help: string, samples: readonly (readonly [labels: string, value: number])[]): string {
  if (samples.length === 0) return '';
  const lines = samples.map(([labels, value]) => `${name}${labels} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}
