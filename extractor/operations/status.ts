import { hostname } from 'node:os';
import { HEARTBEAT_TRUSTED_MS } from '../landing/lease-keeper.ts';
import type { Landing } from '../landing/landing.ts';
import type { Session } from '../session.ts';
import type { Outcome } from '../landing/streams.ts';
import { estimateReads } from '../sync/estimate.ts';
import { SAYS_NOTHING } from '../sync/ticket-state.ts';
import { pendingReads } from '../sync/operator-requests.ts';
import { neverReadNumbers } from '../sync/planner.ts';
import { PARKED_AFTER_FAILURES, retryAtMs } from '../sync/retry.ts';
import { type LoggedRun, readLastRuns } from '../sync/run-log.ts';
import { loadSyncState, type SyncState } from '../sync/state.ts';
import type { FailingNumber, StatusFacts } from './status-facts.ts';
import { judge, type Verdict } from './status-verdict.ts';

/** An open ticket that nobody has looked at for this long is overdue. */
const OVERDUE_MS = 24 * 3_600_000;

/** Where the sync stands, and what that means; docs/status.md says it field by field. */
export type Status = { verdict: Verdict } & StatusFacts;

/** Reads the log and says where the sync stands. Sends no request and takes no lease. */
export async function readStatus({ settings, clock, landing }: Session): Promise<Status> {
  const [state, runs, lease] = await Promise.all([loadSyncState({ ...settings, landing, clock }), readLastRuns(landing, clock), readLease(landing)]);
  const { ledger, budget, sourceClock } = state;
  const nowMs = sourceClock.now();
  const lastRun = runs.at(-1) ?? null;
  const seen = lookAtTickets(state, nowMs);
  const neverRead = neverReadNumbers(ledger, { from: 1, to: ledger.newestNumber }, Number.POSITIVE_INFINITY, nowMs).length;
  const requested = pendingReads(state.requested, ledger).length;
  const reads = neverRead + seen.retriesDue + seen.overdue + requested;
  const facts: StatusFacts = {
    landing: landing.shown,
    workspace: landing.workspace,
    nowMs,
    localNowMs: clock.now(),
    lease,
    openRun: lastRun && lastRun.ended === null ? { ...lastRun, isAlive: lease.held && !isGone(lastRun) } : null,
    lastRun,
    lastFinishedAtMs: runs.findLast(({ ended }) => ended?.event === 'finished')?.ended?.atMs ?? null,
    newestNumber: ledger.newestNumber,
    ...seen,
    neverRead,
    requested,
    budgetLeft: budget.limit === null ? null : budget.remaining(nowMs),
    budgetLimit: budget.limit,
    windowEndsAtMs: budget.limit === null || budget.remaining(nowMs) === budget.perWindow ? null : budget.windowEndsAtMs(nowMs),
    nextRequestAtMs: budget.nextAtMs(nowMs),
    catchingUp: reads === 0 ? null : { reads, ...estimateReads(reads, budget, nowMs) },
    failing: await withErrors(landing, seen.failing),
  };
  return { verdict: judge(facts), ...facts };
}

async function readLease(landing: Landing): Promise<StatusFacts['lease']> {
  const seenAtMs = await landing.leaseSeenAtMs();
  // Heartbeats are in real time, whatever the clock of the runs is.
  return { held: seenAtMs !== null && Date.now() - seenAtMs <= HEARTBEAT_TRUSTED_MS, seenAtMs };
}

/** Whether the process is known to be no more: of another machine nobody here can tell. */
function isGone({ host, pid }: LoggedRun): boolean {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'ESRCH';
  }
}

function lookAtTickets({ ledger }: SyncState, nowMs: number) {
  const seen = {
    ticketsFound: 0,
    open: 0,
    closed: 0,
    lastReadAtMs: null as number | null,
    longestUnseenOpen: null as Status['longestUnseenOpen'],
    expectedStale: 0,
    retriesDue: 0,
    overdue: 0,
    failing: [] as FailingNumber[],
  };
  for (const state of ledger.states()) {
    const { number, lastFoundAtMs, lastReadAtMs, statusClass, failuresInRow, lastOutcome } = state;
    if (lastReadAtMs !== null) seen.lastReadAtMs = Math.max(seen.lastReadAtMs ?? 0, lastReadAtMs);
    if (lastFoundAtMs !== null) {
      seen.ticketsFound += 1;
      seen.expectedStale += 1 - Math.exp(-ledger.rates.expectedChanges(state, nowMs));
      if (statusClass === 'closed') seen.closed += 1;
      else {
        seen.open += 1;
        if (lastFoundAtMs < (seen.longestUnseenOpen?.seenAtMs ?? nowMs)) seen.longestUnseenOpen = { number, seenAtMs: lastFoundAtMs };
        if (nowMs - lastFoundAtMs > OVERDUE_MS && failuresInRow === 0) seen.overdue += 1;
      }
    }
    if (failuresInRow === 0 && lastOutcome !== 'forbidden') continue;
    const dueMs = retryAtMs(state) ?? nowMs;
    if (dueMs <= nowMs) seen.retriesDue += 1;
    seen.failing.push({ number, outcome: lastOutcome, failuresInRow, parked: failuresInRow >= PARKED_AFTER_FAILURES, retryAtMs: dueMs, error: null });
  }
  seen.failing.sort((a, b) => b.failuresInRow - a.failuresInRow || a.number - b.number);
  return { ...seen, expectedStale: Math.round(seen.expectedStale) };
}

/** What the last failed read of each of these said. */
async function withErrors(landing: Landing, failing: FailingNumber[]): Promise<FailingNumber[]> {
  if (failing.length === 0) return failing;
  const errors = new Map<number, string | null>(failing.map(({ number }) => [number, null]));
  const columns = ['fetch_id', 'observed_at', 'ticket_number', 'outcome', 'error'];
  for await (const chunk of landing.read({ stream: 'ticket_fetches', columns, orderBy: ['observed_at', 'fetch_id'], present: 'error' })) {
    for (const [, , number, outcome, error] of chunk as [string, number, number, Outcome, string][]) {
      if (errors.has(number) && !SAYS_NOTHING.has(outcome)) errors.set(number, error);
    }
  }
  return failing.map((each) => ({ ...each, error: errors.get(each.number) ?? null }));
}
