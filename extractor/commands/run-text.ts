import type { RunProgress, RunReport } from '../sync/run-report.ts';
import { formatDuration } from '../output/duration.ts';
import { formatCount, formatMinute, formatTime } from '../output/format.ts';

const BAR_WIDTH = 20;

/** How much is done, as a bar: `[#####               ]`. */
function formatBar(share: number): string {
  return `[${'#'.repeat(Math.floor(share * BAR_WIDTH)).padEnd(BAR_WIDTH)}]`;
}

/** One line on where a run stands: done, to do, budget, and when it will have ended; with a bar on a terminal. */
export function describeProgress(progress: RunProgress, isTerminal = false): string {
  const { requests, limit, budgetLeft, nowMs, waitingUntilMs } = progress;
  const left = progress.left();
  const share = requests / Math.max(1, requests + left);
  const parts = [`${isTerminal ? `${formatBar(share)} ` : ''}${Math.floor(share * 100)} %`, `${formatCount(requests)} read, ${formatCount(left)} to go`];
  if (limit !== null) parts.push(`${formatCount(Math.min(budgetLeft, limit))} of ${formatCount(limit)} requests left`);
  if (waitingUntilMs !== null) parts.push(`next window in ${formatDuration(waitingUntilMs - nowMs)}`);
  const { endsAtMs } = progress.estimate();
  if (endsAtMs > nowMs) parts.push(`done in about ${formatDuration(endsAtMs - nowMs)}, ${formatMinute(endsAtMs)}`);
  return parts.join(' · ');
}

/** What is to be read, and how long that will take: told before the first of it is read. */
export function describePlan(progress: RunProgress, wait: boolean): string {
  const { budgetLeft, limit, nowMs, createdSinceMs } = progress;
  const left = progress.left();
  const atMost = createdSinceMs === null ? '' : 'at most ';
  const what = createdSinceMs === null ? '' : `, until tickets were created before ${formatMinute(createdSinceMs)}`;
  const toRead = `To read: ${atMost}${formatCount(left)} numbers, the newest first${what}.`;
  if (limit === null) return `${toRead} No rate limit is known.`;
  const { windows, endsAtMs } = progress.estimate();
  const long = windows <= 1 ? 'one rate window' : `${formatCount(windows)} rate windows, about ${formatDuration(endsAtMs - nowMs)}, until ${formatMinute(endsAtMs)}`;
  const now = `${formatCount(Math.min(budgetLeft, limit))} of ${formatCount(limit)} requests are left in this window.`;
  if (wait || windows <= 1) return `${toRead}\n${now} That takes ${atMost}${long}.`;
  return `${toRead}\n${now} This run ends with it; all of it would take ${atMost}${long} (--wait goes on by itself).`;
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

/** What a run did, and when the next one can. */
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
  return lines.join('\n');
}
