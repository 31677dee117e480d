import type { Clock } from '../clock.ts';
import type { Landing } from '../landing/landing.ts';
import type { Outcome } from '../landing/streams.ts';
import { RATE_WINDOW_MS, RateBudget } from '../suptask/rate-budget.ts';
import { SourceClock } from '../suptask/source-clock.ts';
import { readDiagnosticRequests } from './diagnostic-requests.ts';
import { Ledger } from './ledger.ts';
import { readRequestedReads, type RequestedReads } from './operator-requests.ts';

/** Answers that the source does not count against the window. */
const NOT_COUNTED: ReadonlySet<Outcome> = new Set(['rate_limited', 'unauthorized']);

/** Everything that a run knows before its first request, derived from the landing log. */
export interface SyncState {
  ledger: Ledger;
  budget: RateBudget;
  sourceClock: SourceClock;
  requested: RequestedReads;
}

export interface SyncStateOptions {
  landing: Landing;
  clock: Clock;
  /** Requests a window, null where the account has no limit. */
  rateLimit: number | null;
  rateReserve: number;
}

const COLUMNS = [
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

type LoggedFetch = [string, string | null, number, string, Outcome, number, string, number, string | null, number | null, string | null];

/** Folds the log's reads into the ledger, the budget that is left, and the source's clock. */
export async function loadSyncState({ landing, clock, rateLimit, rateReserve }: SyncStateOptions): Promise<SyncState> {
  const ledger = new Ledger();
  const spentAtMs = new RecentTimes();
  let offsetMs: number | null = null;
  let lastDateMs: number | undefined;
  const chunks = landing.read({ stream: 'ticket_fetches', columns: COLUMNS, orderBy: ['observed_at', 'fetch_id'] });
  for await (const chunk of chunks) {
    for (const row of chunk as LoggedFetch[]) {
      const [, runId, number, channel, outcome, observedAtMs, basis, fetchedAtMs, status, updatedAtMs, payloadHash] = row;
      ledger.apply({ number, runId, outcome, observedAtMs, status, updatedAtMs, payloadHash, isDelivery: channel === 'webhook' });
      if (channel !== 'webhook' && !NOT_COUNTED.has(outcome)) spentAtMs.add(observedAtMs);
      if (basis === 'date_header') [offsetMs, lastDateMs] = [observedAtMs - fetchedAtMs, observedAtMs];
    }
  }
  const spent = [...spentAtMs.values(), ...(await readDiagnosticRequests(landing, clock.now()))].sort((a, b) => a - b);
  return {
    ledger,
    budget: new RateBudget({ limit: rateLimit, reserve: rateReserve, spentAtMs: spent }),
    sourceClock: new SourceClock(clock, offsetMs, lastDateMs),
    requested: await readRequestedReads(landing),
  };
}

/**
 * The source's clock minus this machine's in milliseconds, as the newest answer with a `Date` header
 * tells; 0 where there is none. For those who need nothing else of the log.
 */
export async function readSourceOffsetMs(landing: Landing): Promise<number> {
  let offsetMs = 0;
  const columns = ['fetch_id', 'observed_at', 'observed_basis', 'fetched_at'];
  for await (const chunk of landing.read({ stream: 'ticket_fetches', columns, orderBy: ['observed_at', 'fetch_id'] })) {
    for (const [, observedAtMs, basis, fetchedAtMs] of chunk as [string, number, string, number][]) {
      if (basis === 'date_header') offsetMs = observedAtMs - fetchedAtMs;
    }
  }
  return offsetMs;
}

/** The times of the last window, of times that come in order. */
class RecentTimes {
  #times: number[] = [];
  #first = 0;

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
