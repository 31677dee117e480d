import type { RateHeaders } from './rate-headers.ts';

/** The documented window of the source. */
export const RATE_WINDOW_MS = 15 * 60_000;

/**
 * Times are cut to the second: a request recorded at second 10 may have been made at 10.9, and a
 * window that is said to end in 5 seconds, or at second 15, may end at 15.9.
 */
const CLOCK_GRAIN_MS = 1_000;

/** A 429 is waited out for at least this; without a word on when, for the second, doubling. */
const REFUSAL_FLOOR_MS = 5_000;
const REFUSAL_UNEXPLAINED_MS = 60_000;

/** No header stops reading for longer than this: after it, one request asks again. */
const LONGEST_BELIEVED_MS = 60 * 60_000;

export interface RateBudgetOptions {
  /** Requests a window; null where the account has no limit. Headers correct it. */
  limit: number | null;
  /** Requests a window that are left to others who share the token. */
  reserve: number;
  /** When earlier runs spent a request, in milliseconds on the source's clock, oldest first. */
  spentAtMs: readonly number[];
}

/** What the last answer said of its window. */
interface Stated {
  remaining: number;
  resetAtMs: number;
}

/**
 * How many requests may be sent now. It knows before the first request, from the log (what any run
 * spent in the last 15 minutes), and is corrected by the headers of each answer. Whether the
 * source's window is fixed or sliding is not known; so at the start, and whenever a stated
 * window has ended, one request goes ahead alone and its headers decide.
 */
export class RateBudget {
  readonly #reserve: number;
  #limit: number | null;
  #spentAtMs: number[];
  #underWay = 0;
  #stated: Stated | null = null;
  /** Requests that ended without a word on the window, while answers that may not count them were under way. */
  #unstated = 0;
  #confirmed = false;
  #refusedUntilMs = 0;
  #refusalsInRow = 0;

  constructor({ limit, reserve, spentAtMs }: RateBudgetOptions) {
    this.#limit = limit;
    this.#reserve = reserve;
    this.#spentAtMs = [...spentAtMs];
  }

  /** Requests a window, as last known; null where there is no limit. */
  get limit(): number | null {
    return this.#limit;
  }

  /** Requests that one window is good for, the reserve left out; Infinity where there is no limit. */
  get perWindow(): number {
    return this.#limit === null ? Number.POSITIVE_INFINITY : this.#usable();
  }

  /** When the window under way will have ended, as stated or as the log tells; one that begins now, a window from now. */
  windowEndsAtMs(nowMs: number): number {
    if (this.#stated && nowMs < this.#stated.resetAtMs) return this.#stated.resetAtMs;
    const isSpent = this.#limit !== null && this.#spentWithin(nowMs) > 0;
    return (isSpent ? (this.#spentAtMs[0] ?? nowMs) : nowMs) + RATE_WINDOW_MS + CLOCK_GRAIN_MS;
  }

  /** Requests that may be sent now, beside those under way; Infinity where there is no limit. */
  available(nowMs: number): number {
    if (nowMs < this.#refusedUntilMs) return 0;
    if (this.#limit === null) return Number.POSITIVE_INFINITY;
    this.#forgetEndedWindow(nowMs);
    const left = Math.max(0, this.remaining(nowMs) - this.#underWay);
    if (this.#confirmed) return left;
    return this.#underWay > 0 ? 0 : Math.min(1, left);
  }

  /** Requests left in the window by what is known; those under way count as left. */
  remaining(nowMs: number): number {
    if (this.#limit === null) return Number.POSITIVE_INFINITY;
    if (this.#stated && nowMs < this.#stated.resetAtMs) {
      return Math.max(0, this.#stated.remaining - this.#unstated - this.#reserve);
    }
    const byLog = this.#usable() - this.#spentWithin(nowMs);
    return Math.max(0, byLog, this.#stated ? 1 : 0);
  }

  /** The earliest time at which a request may be sent, in milliseconds on the source's clock. */
  nextAtMs(nowMs: number): number {
    if (nowMs < this.#refusedUntilMs) return this.#refusedUntilMs;
    if (this.remaining(nowMs) > 0) return nowMs;
    if (this.#stated && nowMs < this.#stated.resetAtMs) return this.#stated.resetAtMs;
    const blocking = this.#spentAtMs[this.#spentAtMs.length - this.#usable()];
    return blocking === undefined ? nowMs : blocking + RATE_WINDOW_MS + CLOCK_GRAIN_MS;
  }

  /** A request is about to be sent. */
  begin(): void {
    if (this.#underWay === 0) this.#settleUnstated();
    this.#underWay += 1;
  }

  /** It has ended, observed at `atMs`; `status` is null where there was no answer. */
  end(atMs: number, status: number | null, rate: RateHeaders | null): void {
    this.#underWay -= 1;
    if (rate?.limit != null && rate.limit > 0) this.#limit = rate.limit;
    if (status === 429) return this.#refuse(atMs, rate);
    this.#refusalsInRow = 0;
    if (this.#limit !== null) this.#recordSpent(atMs);
    this.#confirmed ||= status !== null;
    if (rate?.remaining != null && rate.resetAtMs !== null) this.#state(atMs, rate.remaining, rate.resetAtMs);
    else this.#endUnstated(atMs);
  }

  #endUnstated(atMs: number): void {
    this.#unstated += 1;
    if (this.#stated && atMs >= this.#stated.resetAtMs) this.#stated = null;
  }

  /** With nothing under way, every answer from now on counts them. */
  #settleUnstated(): void {
    if (this.#stated) this.#stated.remaining -= this.#unstated;
    this.#unstated = 0;
  }

  /** Answers of one window come in any order: the fewest that any of them saw is what is left. */
  #state(atMs: number, remaining: number, resetAtMs: number): void {
    if (resetAtMs <= atMs) return;
    const believedResetAtMs = Math.min(resetAtMs, atMs + LONGEST_BELIEVED_MS) + CLOCK_GRAIN_MS;
    const left = Math.min(remaining, this.#limit ?? remaining);
    const previous = this.#stated;
    if (previous && Math.abs(previous.resetAtMs - believedResetAtMs) <= 2 * CLOCK_GRAIN_MS) {
      previous.remaining = Math.min(previous.remaining, left);
      previous.resetAtMs = Math.max(previous.resetAtMs, believedResetAtMs);
    } else if (!previous || believedResetAtMs > previous.resetAtMs || atMs >= previous.resetAtMs) {
      this.#stated = { remaining: left, resetAtMs: believedResetAtMs };
    }
  }

  #refuse(atMs: number, rate: RateHeaders | null): void {
    // Several may be under way when the first is refused: together they are one refusal.
    if (atMs >= this.#refusedUntilMs) this.#refusalsInRow += 1;
    const unexplained = atMs + REFUSAL_UNEXPLAINED_MS * 2 ** Math.min(this.#refusalsInRow - 1, 4);
    const until = (rate?.retryAtMs ?? rate?.resetAtMs ?? unexplained) + CLOCK_GRAIN_MS;
    const bounded = Math.min(Math.max(until, atMs + REFUSAL_FLOOR_MS), atMs + LONGEST_BELIEVED_MS);
    this.#refusedUntilMs = Math.max(this.#refusedUntilMs, bounded);
    this.#stated = { remaining: 0, resetAtMs: this.#refusedUntilMs };
    this.#confirmed = false;
  }

  #forgetEndedWindow(nowMs: number): void {
    if (this.#stated && nowMs >= this.#stated.resetAtMs && this.#underWay === 0) this.#confirmed = false;
  }

  /** Answers come in any order; what was spent is kept in that of time. */
  #recordSpent(atMs: number): void {
    const after = this.#spentAtMs.findLastIndex((spentAtMs) => spentAtMs <= atMs);
    this.#spentAtMs.splice(after + 1, 0, atMs);
  }

  #usable(): number {
    const limit = this.#limit ?? 0;
    return limit - Math.min(this.#reserve, limit - 1);
  }

  #spentWithin(nowMs: number): number {
    const from = nowMs - RATE_WINDOW_MS - CLOCK_GRAIN_MS;
    const first = this.#spentAtMs.findIndex((atMs) => atMs > from);
    this.#spentAtMs = first === -1 ? [] : first === 0 ? this.#spentAtMs : this.#spentAtMs.slice(first);
    return this.#spentAtMs.length;
  }
}
