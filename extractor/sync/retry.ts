import type { TicketState } from './ticket-state.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The first retry comes one rate window after the failure, each further one twice as late. */
const FIRST_RETRY_MS = 15 * 60_000;
const LONGEST_RETRY_MS = DAY_MS;

/** From this many failures in a row on a number is parked: shown, and retried once a week. */
export const PARKED_AFTER_FAILURES = 5;
const PARKED_RETRY_MS = 7 * DAY_MS;

/** Another team's ticket stays another team's; it is asked for again once a week all the same. */
const FORBIDDEN_RETRY_MS = 7 * DAY_MS;

/** A 404 is confirmed on another day (it takes two to be gone), then looked at once a month. */
const MISSING_CONFIRM_MS = DAY_MS;
const MISSING_RECHECK_MS = 30 * DAY_MS;

/**
 * When a number whose last answer did not show it is to be asked for again, in milliseconds on
 * the source's clock; null where its last answer was good. The jitter depends on number and
 * count alone, so that it is the same whoever computes it, and no two numbers come at once.
 */
export function retryAtMs(state: TicketState): number | null {
  if (state.lastReadAtMs === null) return null;
  const spread = 0.75 + 0.5 * fraction(state.number, state.failuresInRow);
  if (state.failuresInRow >= PARKED_AFTER_FAILURES) return state.lastReadAtMs + PARKED_RETRY_MS * spread;
  if (state.failuresInRow > 0) {
    const wait = Math.min(FIRST_RETRY_MS * 2 ** (state.failuresInRow - 1), LONGEST_RETRY_MS);
    return state.lastReadAtMs + wait * spread;
  }
  if (state.lastOutcome === 'forbidden') return state.lastReadAtMs + FORBIDDEN_RETRY_MS * spread;
  if (state.missingSinceMs === null) return null;
  const confirmed = state.lastReadAtMs - state.missingSinceMs >= MISSING_CONFIRM_MS;
  return state.lastReadAtMs + (confirmed ? MISSING_RECHECK_MS : MISSING_CONFIRM_MS) * (confirmed ? spread : 1);
}

/** A delivery is confirmed by a read within a day: from now on it is due, so that half a day is left for it. */
const CONFIRM_DUE_MS = DAY_MS / 2;

/** Whether what a webhook told is to be confirmed by a read now. A number whose reads fail is retried by their own rule. */
export function isConfirmationDue({ unconfirmedSinceMs, failuresInRow }: TicketState, nowMs: number): boolean {
  return unconfirmedSinceMs !== null && failuresInRow === 0 && unconfirmedSinceMs + CONFIRM_DUE_MS <= nowMs;
}

/** A number in [0, 1) that looks random and depends on the two given alone. */
function fraction(a: number, b: number): number {
  let mixed = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 1, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
}
