import type { Outcome } from '../landing/streams.ts';
import { RATE_WINDOW_MS } from '../suptask/rate-budget.ts';
import { Ledger, type LedgerContents } from './ledger.ts';

/** The columns of `ticket_fetches` that are folded, in the order of a row. */
export const FOLDED_COLUMNS = [
  'fetch_id',
  'run_id',
  'ticket_number',
  'channel',
  'outcome',
  'observed_at',
  'observed_basis',
  'fetched_at',
  'ticket_status',
  'ticket_updated_at',
  'payload_hash',
] as const;

export type LoggedFetch = [string, string | null, number, string, Outcome, number, string, number, string | null, number | null, string | null];

/** Answers that the source does not count against the window. */
const NOT_COUNTED: ReadonlySet<Outcome> = new Set(['rate_limited', 'unauthorized']);

/** Everything that was folded so far, as plain values. */
export interface FoldContents {
  ledger: LedgerContents;
  spentAtMs: number[];
  offsetMs: number | null;
  lastDateMs: number | undefined;
  lastRow: { observedAtMs: number; fetchId: string };
}

/** What the reads of a log come to, row by row in the log's order. */
export class Fold {
  readonly ledger: Ledger;
  readonly #spentAtMs: RecentTimes;
  /** The source's clock minus this machine's, by the last answer with a `Date` header; and what that said. */
  offsetMs: number | null;
  lastDateMs: number | undefined;
  #lastRow: FoldContents['lastRow'];

  /** @param kept what was folded before */
  constructor(kept?: FoldContents) {
    this.ledger = new Ledger(kept?.ledger);
    this.#spentAtMs = new RecentTimes(kept?.spentAtMs);
    this.offsetMs = kept?.offsetMs ?? null;
    this.lastDateMs = kept?.lastDateMs;
    this.#lastRow = kept?.lastRow ?? { observedAtMs: Number.NEGATIVE_INFINITY, fetchId: '' };
  }

  /** When requests were spent in the last window and some time before, oldest first. */
  get spentAtMs(): number[] {
    return this.#spentAtMs.values();
  }

  get contents(): FoldContents {
    return { ledger: this.ledger.contents, spentAtMs: this.spentAtMs, offsetMs: this.offsetMs, lastDateMs: this.lastDateMs, lastRow: this.#lastRow };
  }

  /** Whether a row comes after all that were taken, in the log's order. */
  isAfter([fetchId, , , , , observedAtMs]: LoggedFetch): boolean {
    const last = this.#lastRow;
    return observedAtMs > last.observedAtMs || (observedAtMs === last.observedAtMs && fetchId > last.fetchId);
  }

  take([fetchId, runId, number, channel, outcome, observedAtMs, basis, fetchedAtMs, status, updatedAtMs, payloadHash]: LoggedFetch): void {
    this.ledger.apply({ number, runId, outcome, observedAtMs, status, updatedAtMs, payloadHash, isDelivery: channel === 'webhook' });
    if (channel !== 'webhook' && !NOT_COUNTED.has(outcome)) this.#spentAtMs.add(observedAtMs);
    if (basis === 'date_header') [this.offsetMs, this.lastDateMs] = [observedAtMs - fetchedAtMs, observedAtMs];
    this.#lastRow = { observedAtMs, fetchId };
  }
}

/** The times of the last window, of times that come in order. */
class RecentTimes {
  #times: number[];
  #first = 0;

  constructor(times: number[] = []) {
    this.#times = times;
  }

  add(atMs: number): void {
    this.#times.push(atMs);
    while ((this.#times[this.#first] ?? atMs) < atMs - 2 * RATE_WINDOW_MS) this.#first += 1;
    if (this.#first > 10_000) {
      this.#times = this.values();
      this.#first = 0;
    }
  }

  values(): number[] {
    return this.#times.slice(this.#first);
  }
}
