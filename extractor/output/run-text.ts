import type { RunProgress, RunReport } from '../sync/run.ts';
import { RATE_WINDOW_MS } from '../suptask/rate-budget.ts';
import { formatDuration } from './duration.ts';

/** A count for people: `12,345`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** A time for people, to the second, in UTC: `2026-11-21 14:30:05 UTC`. */
export function formatTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** One line on where a run stands: done, to do, budget, and when it will have ended. */
export function describeProgress(progress: RunProgress): string {
  const { requests, limit, budgetLeft, nowMs, waitingUntilMs } = progress;
  const left = progress.left();
  const parts = [`${formatCount(requests)} read, ${formatCount(left)} to go`];
  if (limit !== null) parts.push(`${formatCount(Math.min(budgetLeft, limit))} of ${formatCount(limit)} requests left in this window`);
  if (waitingUntilMs !== null) parts.push(`next window in ${formatDuration(waitingUntilMs - nowMs)}`);
  if (limit !== null && left > budgetLeft) {
    const windows = Math.ceil((left - budgetLeft) / limit);
    parts.push(`about ${formatDuration(windows * RATE_WINDOW_MS)} left`);
  }
  return parts.join(' · ');
}

const ENDINGS: Record<RunReport['ended'], string> = {
  everything_read: 'everything known was read',
  window_used_up: 'the rate window is used up',
  stopped: 'it was told to stop',
};

/** Reads of a run that failed and are queued for retry. */
export function failedReads({ outcomes }: RunReport): number {
  return (outcomes.server_error ?? 0) + (outcomes.timeout ?? 0) + (outcomes.network_error ?? 0) + (outcomes.invalid_payload ?? 0);
}

/** What a run did and what comes next. */
export function describeReport(report: RunReport): string {
  const { outcomes } = report;
  const failed = failedReads(report);
  const counts = [
    `${formatCount(outcomes.found ?? 0)} new or changed`,
    `${formatCount(outcomes.unchanged ?? 0)} unchanged`,
    `${formatCount(outcomes.not_found ?? 0)} not there`,
    ...(outcomes.forbidden ? [`${formatCount(outcomes.forbidden)} of another team`] : []),
    ...(failed > 0 ? [`${formatCount(failed)} failed and queued for retry`] : []),
  ];
  const lines = [
    `${formatCount(report.requests)} requests: ${counts.join(', ')}.`,
    `Ended because ${ENDINGS[report.ended]}; ${formatCount(report.left)} numbers still to read.`,
  ];
  if (report.nextAtMs >= report.endedAtMs + 1000) {
    lines.push(`The next window opens at ${formatTime(report.nextAtMs)}, in ${formatDuration(report.nextAtMs - report.endedAtMs)}.`);
  }
  lines.push('Next: npm run dbt -- build');
  return lines.join('\n');
}
