import type { Ledger } from './ledger.ts';

/** So many neighbours must be older before the end is believed: one imported ticket has an old time among new ones. */
const OLDER_IN_A_ROW = 3;

/**
 * Where a backfill that reads the newest numbers first may end: numbers rise with the time of
 * creation, so below some neighbours created before that moment all are.
 */
export class CreatedSince {
  /** In milliseconds on the source's clock. */
  readonly sinceMs: number;
  readonly #isOlder = new Map<number, boolean>();
  #olderUpTo = 0;

  /** Begins with what the log tells: a ticket that last changed before that moment was created before it. */
  constructor(sinceMs: number, ledger: Ledger) {
    this.sinceMs = sinceMs;
    const older: number[] = [];
    for (const { number, lastChangeAtMs } of ledger.states()) {
      if (lastChangeAtMs === null || lastChangeAtMs >= sinceMs) continue;
      older.push(number);
      if (older.length > OLDER_IN_A_ROW) older.sort((a, b) => b - a).pop();
    }
    if (older.length === OLDER_IN_A_ROW) this.#olderUpTo = Math.min(...older);
  }

  /** The highest number from which on downwards every ticket is taken to be older; 0 while that is not known. */
  get olderUpTo(): number {
    return this.#olderUpTo;
  }

  /** Takes what a body says of its creation, in milliseconds; null where it says nothing. */
  take(number: number, createdAtMs: number | null): void {
    if (createdAtMs === null) return;
    this.#isOlder.set(number, createdAtMs < this.sinceMs);
    if (createdAtMs >= this.sinceMs) return;
    let inRow: number[] = [];
    for (const [seen, isOlder] of [...this.#isOlder].sort((a, b) => b[0] - a[0])) {
      inRow = isOlder ? [...inRow, seen] : [];
      if (inRow.length < OLDER_IN_A_ROW) continue;
      this.#olderUpTo = Math.max(this.#olderUpTo, inRow[0] ?? 0);
      return;
    }
  }
}
