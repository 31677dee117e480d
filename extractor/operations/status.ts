import type { Session } from '../session.ts';
import { neverReadNumbers } from '../sync/planner.ts';
import { PARKED_AFTER_FAILURES, retryAtMs } from '../sync/retry.ts';
import { type LoggedRun, readRuns } from '../sync/run-log.ts';
import { loadSyncState } from '../sync/state.ts';

/** A number that does not answer as it should. */
export interface FailingNumber {
  number: number;
  outcome: string;
  failuresInRow: number;
  parked: boolean;
  retryAtMs: number;
}

/** Where the sync stands, derived from the landing log. Times are milliseconds since the epoch. */
export interface Status {
  landing: string;
  workspace: string;
  newestNumber: number;
  ticketsFound: number;
  open: number;
  closed: number;
  /** Numbers up to the newest that were never read. */
  neverRead: number;
  lastReadAtMs: number | null;
  lastRun: LoggedRun | null;
  lastFinishedAtMs: number | null;
  budgetLeft: number | null;
  budgetLimit: number | null;
  nextRequestAtMs: number;
  failing: FailingNumber[];
  /** On the source's clock, as reads are; runs are told on the machine's own. */
  nowMs: number;
  localNowMs: number;
}

/** Reads the log and says where the sync stands. Sends no request and takes no lease. */
export async function readStatus({ settings, clock, landing }: Session): Promise<Status> {
  const { ledger, budget, sourceClock } = await loadSyncState({ ...settings, landing, clock });
  const runs = await readRuns(landing);
  const nowMs = sourceClock.now();
  const failing: FailingNumber[] = [];
  let [ticketsFound, open, closed] = [0, 0, 0];
  let lastReadAtMs: number | null = null;
  for (const state of ledger.states()) {
    if (state.lastFoundAtMs !== null) ticketsFound += 1;
    if (state.statusClass === 'closed') closed += 1;
    else if (state.lastFoundAtMs !== null) open += 1;
    if (state.lastReadAtMs !== null) lastReadAtMs = Math.max(lastReadAtMs ?? 0, state.lastReadAtMs);
    if (state.failuresInRow === 0 && state.lastOutcome !== 'forbidden') continue;
    failing.push({
      number: state.number,
      outcome: state.lastOutcome,
      failuresInRow: state.failuresInRow,
      parked: state.failuresInRow >= PARKED_AFTER_FAILURES,
      retryAtMs: retryAtMs(state) ?? nowMs,
    });
  }
  return {
    landing: landing.shown,
    workspace: landing.workspace,
    newestNumber: ledger.newestNumber,
    ticketsFound,
    open,
    closed,
    neverRead: neverReadNumbers(ledger, { from: 1, to: ledger.newestNumber }, Number.POSITIVE_INFINITY, nowMs).length,
    lastReadAtMs,
    lastRun: runs.at(-1) ?? null,
    lastFinishedAtMs: runs.findLast(({ ended }) => ended?.event === 'finished')?.ended?.atMs ?? null,
    budgetLeft: budget.limit === null ? null : budget.remaining(nowMs),
    budgetLimit: budget.limit,
    nextRequestAtMs: budget.nextAtMs(nowMs),
    failing: failing.sort((a, b) => b.failuresInRow - a.failuresInRow || a.number - b.number),
    nowMs,
    localNowMs: clock.now(),
  };
}
