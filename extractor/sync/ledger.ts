import { ChangeRates, type RateSums } from './change-rate.ts';
import { type Failure, OutageWatch } from './outage.ts';
import { Table, type TableContents } from './table.ts';
import { deliverySeenAtMs, FAILURES, type Look, nextState, SAYS_NOTHING, type TicketState } from './ticket-state.ts';

/** The highest known number rose to this one. */
interface Rise {
  atMs: number;
  number: number;
}

/** Everything that a ledger knows. */
export interface LedgerContents {
  table: TableContents;
  rises: Rise[];
  failures: Failure[];
  missesPastNewest: number;
  endSeenAtMs: number | null;
  rates: RateSums;
}

/**
 * What is known of each ticket number, derived from the landing log and from nothing else: it is
 * folded from the log's rows when a run begins, and kept by the same `apply` while it goes on.
 */
export class Ledger {
  readonly #table: Table;
  /** When the highest known number rose, and to what: to tell a hole from a number not yet given. */
  readonly #rises: Rise[];
  readonly #outage: OutageWatch;
  #missesPastNewest: number;
  #endSeenAtMs: number | null;

  /** How often tickets change, as far as the looks tell. */
  readonly rates: ChangeRates;

  /** @param kept the contents of a ledger that is gone; without them it knows nothing */
  constructor(kept?: LedgerContents) {
    this.#table = new Table(kept?.table);
    this.#rises = kept?.rises ?? [];
    this.#outage = new OutageWatch(kept?.failures);
    this.#missesPastNewest = kept?.missesPastNewest ?? 0;
    this.#endSeenAtMs = kept?.endSeenAtMs ?? null;
    this.rates = new ChangeRates(kept?.rates);
  }

  /** Everything that it knows, as plain values. */
  get contents(): LedgerContents {
    return {
      table: this.#table.contents,
      rises: this.#rises,
      failures: this.#outage.failures,
      missesPastNewest: this.#missesPastNewest,
      endSeenAtMs: this.#endSeenAtMs,
      rates: this.rates.sums,
    };
  }

  /** The highest number that was ever found; 0 where none was. */
  get newestNumber(): number {
    return this.#rises.at(-1)?.number ?? 0;
  }

  /** Whether the last answers were the failure of the source as a whole, which is charged to no ticket. */
  get isOutage(): boolean {
    return this.#outage.isOpen;
  }

  /** Whether this number's last answer may have been the failure of the source as a whole. */
  isSuspect(number: number): boolean {
    return this.#outage.isSuspect(number);
  }

  /** Answers that found nothing past the highest number, since it last rose. */
  get missesPastNewest(): number {
    return this.#missesPastNewest;
  }

  /** When a number past the highest answered last that there is none; null where none ever did. */
  get endSeenAtMs(): number | null {
    return this.#endSeenAtMs;
  }

  /** The highest number that was known at a time. */
  newestNumberAt(atMs: number): number {
    return this.#rises[firstIndex(this.#rises, (rise) => rise.atMs > atMs) - 1]?.number ?? 0;
  }

  /** Numbers of which the log knows something. */
  get size(): number {
    return this.#table.size;
  }

  /** The sha-256 of the ticket's last landed body, in hexadecimal. */
  hashOf(number: number): string | null {
    return this.#table.hashOf(number);
  }

  get(number: number): TicketState | undefined {
    return this.#table.get(number);
  }

  states(): IteratorObject<TicketState> {
    return this.#table.states();
  }

  /** Takes one row of the log, in the log's order (`observed_at`, `fetch_id`). */
  apply(look: Look): void {
    if (look.isDelivery) return this.#takeDelivery(look);
    if (SAYS_NOTHING.has(look.outcome)) return;
    if (FAILURES.has(look.outcome)) {
      const undone = this.#outage.fail({ look, before: this.#table.get(look.number) });
      for (const { look: failed, before } of undone) this.#table.restore(failed.number, before);
      if (this.#outage.isOpen) return;
    } else {
      for (const failure of this.#outage.answer(look)) this.#charge(failure.look);
    }
    this.#charge(look);
  }

  #charge(look: Look): void {
    const before = this.#table.get(look.number);
    const found = look.outcome === 'found' || look.outcome === 'unchanged';
    const changed = found && look.payloadHash !== this.#table.hashOf(look.number);
    const state = nextState(before, look, found, changed);
    if (found) this.#learn(before, state, changed);
    this.#table.set(state, changed ? look.payloadHash : null);
    if (look.number <= this.newestNumber) return;
    if (look.outcome === 'not_found') {
      this.#missesPastNewest += 1;
      this.#endSeenAtMs = look.observedAtMs;
    }
    if (!found) return;
    this.#rises.push({ atMs: look.observedAtMs, number: look.number });
    this.#missesPastNewest = 0;
  }

  /**
   * A delivery is a hint: it tells of a version, and of nothing that reads tell. The highest number,
   * failures and 404s wait for the read that confirms it. One that is older than the last look tells
   * nothing.
   */
  #takeDelivery(look: Look): void {
    const before = this.#table.get(look.number);
    const seenAtMs = deliverySeenAtMs(look);
    if (seenAtMs < (before?.lastFoundAtMs ?? Number.NEGATIVE_INFINITY)) return;
    const changed = look.payloadHash !== this.#table.hashOf(look.number);
    const seen = nextState(before, { ...look, observedAtMs: seenAtMs }, true, changed);
    this.#learn(before, seen, changed);
    const reads = {
      lastReadAtMs: before?.lastReadAtMs ?? null,
      unconfirmedSinceMs: before?.unconfirmedSinceMs ?? look.observedAtMs,
      failuresInRow: before?.failuresInRow ?? 0,
      lastOutcome: before?.lastOutcome ?? 'found',
      missingSinceMs: before?.missingSinceMs ?? null,
    };
    this.#table.set({ ...seen, ...reads }, changed ? look.payloadHash : null);
  }

  #learn(before: TicketState | undefined, after: TicketState, changed: boolean): void {
    const untilMs = changed ? after.lastChangeAtMs : after.lastFoundAtMs;
    if (before?.lastFoundAtMs != null && untilMs !== null) this.rates.learn(before, untilMs, changed);
  }

  /**
   * Whether the 404 of this number can be believed: at that time a higher one was known already.
   * A 404 past the end says only that the number had not been given yet.
   */
  isMissing(state: TicketState): boolean {
    if (state.missingSinceMs === null) return false;
    if (state.lastFoundAtMs !== null) return true;
    const rise = this.#rises[firstIndex(this.#rises, ({ number }) => number > state.number)];
    return rise !== undefined && rise.atMs <= (state.lastReadAtMs ?? Number.NEGATIVE_INFINITY);
  }
}

/** The first of a sorted list for which something holds that holds for all after it; the length where there is none. */
function firstIndex<T>(sorted: readonly T[], holds: (item: T) => boolean): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const item = sorted[middle];
    if (item !== undefined && holds(item)) to = middle;
    else from = middle + 1;
  }
  return from;
}
