import { RATE_WINDOW_MS, type RateBudget } from '../suptask/rate-budget.ts';

/** How long reads will take under the rate limit. */
export interface Estimate {
  /** Rate windows that it takes, the one under way included; 1 at most where there is no limit. */
  windows: number;
  /** When the last of them can be sent, in milliseconds on the source's clock. */
  endsAtMs: number;
}

/** The estimate for so many reads from now on, with nobody else at the token. */
export function estimateReads(reads: number, budget: RateBudget, nowMs: number): Estimate {
  const leftNow = budget.remaining(nowMs);
  if (reads <= leftNow) return { windows: reads > 0 ? 1 : 0, endsAtMs: nowMs };
  const later = Math.ceil((reads - leftNow) / budget.perWindow);
  const nextMs = leftNow > 0 ? budget.windowEndsAtMs(nowMs) : budget.nextAtMs(nowMs);
  return { windows: later + (leftNow > 0 ? 1 : 0), endsAtMs: nextMs + (later - 1) * RATE_WINDOW_MS };
}
