import type { Ledger } from './ledger.ts';
import { neverReadNumbers, type NumberRange } from './planner.ts';

/** Hands out the never-read numbers of a range, newest first, without looking again at those that it has handed out. */
export class Unread {
  /** The highest number of what was handed out last: those above have been read. */
  #upTo = Number.POSITIVE_INFINITY;

  /** The next numbers, at most `count`. Once there are none, it looks from the top again: reads that failed in an outage count as none. */
  next(ledger: Ledger, { from, to }: NumberRange, count: number, sinceMs: number): number[] {
    const below = this.#upTo < to ? neverReadNumbers(ledger, { from, to: this.#upTo }, count, sinceMs) : [];
    const numbers = below.length > 0 ? below : neverReadNumbers(ledger, { from, to }, count, sinceMs);
    this.#upTo = numbers[0] ?? Number.POSITIVE_INFINITY;
    return numbers;
  }
}
