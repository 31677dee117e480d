import { styleText } from 'node:util';
import type { Status } from '../operations/status.ts';
import { formatDuration } from '../output/duration.ts';
import { formatCount, formatTime } from '../output/format.ts';
import { formatTable } from '../output/table.ts';

/** More failing numbers than this are counted, not listed. */
const FAILING_SHOWN = 20;

/** Of what a failing number said, as much as fits on a line. */
const ERROR_SHOWN = 60;

/** The status for people: the verdict first, then what it rests on. Coloured where the stream is a terminal. */
export function describeStatus(status: Status, stream: NodeJS.WriteStream = process.stdout): string {
  const { verdict } = status;
  const lines = [styleText(verdict.ok ? 'green' : 'red', verdict.sentence, { stream })];
  if (verdict.toDo !== null) lines.push(`To do: ${verdict.toDo}`);
  if (verdict.state === 'never_ran') return lines.join('\n');
  lines.push(
    '',
    `run        ${describeRun(status)}`,
    `success    ${status.lastFinishedAtMs === null ? 'none yet' : ago(status.lastFinishedAtMs, status.localNowMs)}`,
    `fresh      ${describeFreshness(status)}`,
    `behind     ${describeBehind(status)}`,
    `caught up  ${describeCatchingUp(status)}`,
    `budget     ${describeBudget(status)}`,
    `failing    ${describeFailing(status)}`,
    `tickets    ${formatCount(status.ticketsFound)} known up to number ${formatCount(status.newestNumber)}: ${formatCount(status.open)} open or active, ${formatCount(status.closed)} closed`,
    `landing    ${status.landing} (workspace ${status.workspace})`,
  );
  if (status.failing.length > 0) lines.push('', failingTable(status));
  return lines.join('\n');
}

function ago(ms: number, nowMs: number): string {
  return `${formatTime(ms)}, ${formatDuration(nowMs - ms)} ago`;
}

function describeRun({ lastRun, openRun, lease, localNowMs }: Status): string {
  const heartbeat = lease.seenAtMs === null ? '' : `, last sign of life ${formatDuration(Date.now() - lease.seenAtMs)} ago`;
  if (lastRun === null) return 'none yet';
  const who = `${lastRun.kind} on ${lastRun.host}, process ${lastRun.pid}`;
  if (openRun) return `${openRun.isAlive ? 'under way' : 'died'}: ${who}, since ${ago(lastRun.startedAtMs, localNowMs)}${heartbeat}`;
  const waiting = lease.held ? `none under way, but the lease is held (a service that waits, or another workspace’s run${heartbeat}); ` : 'none under way; ';
  const why = lastRun.ended?.error ? `: ${lastRun.ended.error}` : '';
  return `${waiting}the last, a ${who}, ${lastRun.ended?.event} at ${ago(lastRun.ended?.atMs ?? 0, localNowMs)}${why}`;
}

function describeFreshness({ lastReadAtMs, longestUnseenOpen, expectedStale, ticketsFound, nowMs }: Status): string {
  if (lastReadAtMs === null) return 'nothing was read yet';
  const parts = [`last read ${formatDuration(nowMs - lastReadAtMs)} ago`];
  if (longestUnseenOpen) parts.push(`the open ticket unseen longest is ${longestUnseenOpen.number}, for ${formatDuration(nowMs - longestUnseenOpen.seenAtMs)}`);
  parts.push(`about ${formatCount(expectedStale)} of ${formatCount(ticketsFound)} tickets have changed unseen`);
  return parts.join('; ');
}

function describeBehind({ neverRead, overdue, retriesDue, requested }: Status): string {
  const parts: [number, string][] = [
    [neverRead, 'never read'],
    [overdue, 'open and not seen for a day'],
    [retriesDue, 'retries due'],
    [requested, 'asked for by hand'],
  ];
  const told = parts.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`);
  return told.length === 0 ? 'nothing' : told.join(', ');
}

function describeCatchingUp({ catchingUp, nowMs }: Status): string {
  if (catchingUp === null) return 'yes';
  const { reads, windows, endsAtMs } = catchingUp;
  const when = endsAtMs > nowMs ? `${formatTime(endsAtMs)}, in ${formatDuration(endsAtMs - nowMs)}` : 'within this window';
  return `${when}, at the earliest: ${formatCount(reads)} reads in ${formatCount(windows)} rate ${windows === 1 ? 'window' : 'windows'}, if runs go on`;
}

function describeBudget({ budgetLeft, budgetLimit, windowEndsAtMs, nextRequestAtMs, nowMs }: Status): string {
  if (budgetLimit === null || budgetLeft === null) return 'no limit is known';
  const left = `${formatCount(budgetLeft)} of ${formatCount(budgetLimit)} requests left`;
  if (nextRequestAtMs > nowMs) return `${left}; the next one at ${formatTime(nextRequestAtMs)}, in ${formatDuration(nextRequestAtMs - nowMs)}`;
  return windowEndsAtMs === null ? `${left}, a whole window` : `${left} until ${formatTime(windowEndsAtMs)}, in ${formatDuration(windowEndsAtMs - nowMs)}`;
}

function describeFailing({ failing }: Status): string {
  if (failing.length === 0) return 'nothing';
  const parked = failing.filter((each) => each.parked).length;
  const hidden = failing.length - FAILING_SHOWN;
  const numbers = failing.length === 1 ? '1 number' : `${formatCount(failing.length)} numbers`;
  return `${numbers}, ${formatCount(parked)} of them parked${hidden > 0 ? `; the ${FAILING_SHOWN} worst below, all with --json` : ''}`;
}

function failingTable({ failing, nowMs }: Status): string {
  const rows = failing
    .slice(0, FAILING_SHOWN)
    .map(({ number, outcome, failuresInRow, parked, retryAtMs, error }) => [
      String(number),
      outcome,
      String(failuresInRow),
      parked ? 'parked' : 'queued',
      retryAtMs <= nowMs ? 'due' : `in ${formatDuration(retryAtMs - nowMs)}`,
      (error ?? '').slice(0, ERROR_SHOWN),
    ]);
  const headings = ['ticket', 'answers', 'in a row', 'state', 'retried', 'says'];
  return formatTable(headings.map((heading) => ({ heading })), rows);
}
