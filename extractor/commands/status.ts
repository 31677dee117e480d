import { Command } from 'commander';
import { readStatus, type Status } from '../operations/status.ts';
import { formatDuration } from '../output/duration.ts';
import { formatCount, formatTime } from '../output/run-text.ts';
import { formatTable } from '../output/table.ts';
import { settingsFromEnvironment, withSession } from '../session.ts';

/** More failing numbers than this are counted, not listed. */
const FAILING_SHOWN = 10;

const EXAMPLES = `
Examples:
  $ suptask status
  $ suptask status --json | jq .failing`;

/** `suptask status`: where the sync stands, from the landing log alone. */
export function statusCommand(): Command {
  return new Command('status')
    .description('say what was read, what is left, what the window allows, and what fails')
    .option('--json', 'answer in JSON')
    .addHelpText('after', EXAMPLES)
    .action(async ({ json }: { json?: true }) => {
      const status = await withSession(settingsFromEnvironment(), readStatus);
      process.stdout.write(`${json ? JSON.stringify(status) : describe(status)}\n`);
    });
}

function describe(status: Status): string {
  const { nowMs } = status;
  const ago = (ms: number, now: number) => `${formatTime(ms)}, ${formatDuration(now - ms)} ago`;
  if (status.lastReadAtMs === null) {
    return `Nothing has been landed in ${status.landing} yet.\nNext: suptask check, then suptask sync`;
  }
  const lines = [
    `landing    ${status.landing} (workspace ${status.workspace})`,
    `tickets    ${formatCount(status.ticketsFound)} known up to number ${formatCount(status.newestNumber)}: ${formatCount(status.open)} open or active, ${formatCount(status.closed)} closed`,
    `never read ${formatCount(status.neverRead)}`,
    `last read  ${ago(status.lastReadAtMs, nowMs)}`,
    `last run   ${describeRun(status, (ms) => ago(ms, status.localNowMs))}`,
    `budget     ${describeBudget(status)}`,
    `failing    ${formatCount(status.failing.length)}`,
  ];
  if (status.failing.length > 0) lines.push('', failingTable(status));
  return lines.join('\n');
}

function describeRun({ lastRun }: Status, ago: (ms: number) => string): string {
  if (lastRun === null) return 'none';
  if (lastRun.ended === null) return `${lastRun.kind} under way since ${ago(lastRun.startedAtMs)} (${lastRun.host}, process ${lastRun.pid})`;
  const why = lastRun.ended.error === null ? '' : `: ${lastRun.ended.error}`;
  return `${lastRun.kind} ${lastRun.ended.event} at ${ago(lastRun.ended.atMs)}${why}`;
}

function describeBudget({ budgetLeft, budgetLimit, nextRequestAtMs, nowMs }: Status): string {
  if (budgetLimit === null || budgetLeft === null) return 'no limit';
  const next = nextRequestAtMs > nowMs ? `; next request in ${formatDuration(nextRequestAtMs - nowMs)}` : '';
  return `${formatCount(budgetLeft)} of ${formatCount(budgetLimit)} requests left in this window${next}`;
}

function failingTable({ failing, nowMs }: Status): string {
  const rows = failing
    .slice(0, FAILING_SHOWN)
    .map(({ number, outcome, failuresInRow, parked, retryAtMs }) => [
      String(number),
      outcome,
      String(failuresInRow),
      parked ? 'parked' : 'queued',
      retryAtMs <= nowMs ? 'now' : `in ${formatDuration(retryAtMs - nowMs)}`,
    ]);
  const headings = ['ticket', 'answers', 'in a row', 'state', 'retried'];
  return formatTable(headings.map((heading) => ({ heading })), rows);
}
