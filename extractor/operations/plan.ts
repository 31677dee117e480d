import type { Session } from '../session.ts';
import { type PreviewedRead, previewReads } from '../sync/preview.ts';
import { loadSyncState } from '../sync/state.ts';

/** Reads shown where the window tells no number. */
const DEFAULT_COUNT = 100;

/** What would be read next. Times are milliseconds since the epoch, on the source's clock. */
export interface Plan {
  nowMs: number;
  budgetLeft: number | null;
  budgetLimit: number | null;
  nextRequestAtMs: number;
  reads: PreviewedRead[];
}

/** Reads the log and plans: `count` reads, by default what the window has left. Sends no request and takes no lease. */
export async function readPlan({ settings, landing, clock }: Session, count?: number): Promise<Plan> {
  const state = await loadSyncState({ ...settings, landing, clock });
  const nowMs = state.sourceClock.now();
  const { budget } = state;
  const budgetLeft = budget.limit === null ? null : budget.remaining(nowMs);
  return {
    nowMs,
    budgetLeft,
    budgetLimit: budget.limit,
    nextRequestAtMs: budget.nextAtMs(nowMs),
    reads: previewReads(state, nowMs, count ?? (budgetLeft || DEFAULT_COUNT)),
  };
}
