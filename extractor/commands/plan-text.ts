import type { Plan } from '../operations/plan.ts';
import type { ReadReason } from '../sync/planner.ts';
import type { PreviewedRead } from '../sync/preview.ts';
import { formatDuration } from '../output/duration.ts';
import { formatTable, type TableColumn } from '../output/table.ts';

const WHY: Record<ReadReason, string> = {
  requested: 'an operator asked',
  new: 'may be new',
  retry: 'retry is due',
  never_read: 'never read',
  refresh: 'may have changed',
};

const COLUMNS: readonly TableColumn[] = [
  { heading: 'ticket', align: 'right' },
  { heading: 'why' },
  { heading: 'status' },
  { heading: 'seen', align: 'right' },
  { heading: 'changes expected', align: 'right' },
  { heading: 'worth', align: 'right' },
];

/** The plan for people: what the window allows, and a line a read. */
export function describePlan({ reads, budgetLeft, budgetLimit, nextRequestAtMs, nowMs }: Plan): string {
  const waitMs = nextRequestAtMs - nowMs;
  const allowed =
    budgetLimit === null
      ? 'No limit on requests.'
      : `${budgetLeft} of ${budgetLimit} requests left in this window${waitMs > 0 ? `, the next in ${formatDuration(waitMs)}` : ''}.`;
  if (reads.length === 0) return `${allowed}\nNothing to read.`;
  const rows = reads.map((read) => rowOf(read, nowMs));
  return `${allowed} Next, where nothing new is found:\n\n${formatTable(COLUMNS, rows)}\n\nWorth: changes expected to be waiting, times how long.`;
}

function rowOf({ number, reason, statusClass, lastSeenAtMs, expectedChanges, valueMinutes }: PreviewedRead, nowMs: number): string[] {
  return [
    String(number),
    WHY[reason],
    statusClass ?? '',
    lastSeenAtMs === null ? 'never' : `${formatDuration(nowMs - lastSeenAtMs)} ago`,
    expectedChanges === null ? '' : expectedChanges.toFixed(3),
    valueMinutes === null ? '' : formatDuration(valueMinutes * 60_000),
  ];
}
