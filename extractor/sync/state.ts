import type { Clock } from '../clock.ts';
import type { Landing } from '../landing/landing.ts';
import { RateBudget } from '../suptask/rate-budget.ts';
import { SourceClock } from '../suptask/source-clock.ts';
import { readDiagnosticRequests } from './diagnostic-requests.ts';
import { foldLog } from './fold-log.ts';
import type { Ledger } from './ledger.ts';
import { readRequestedReads, type RequestedReads } from './operator-requests.ts';

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
  /** Whether what is folded may be kept beside the log for the next time: for the holder of the lease. */
  keepsFold?: boolean;
}

/** Folds the log's reads into the ledger, the budget that is left, and the source's clock. */
export async function loadSyncState({ landing, clock, rateLimit, rateReserve, keepsFold = false }: SyncStateOptions): Promise<SyncState> {
  const [{ ledger, spentAtMs, offsetMs, lastDateMs }, diagnosed, requested] = await Promise.all([
    foldLog(landing, keepsFold),
    readDiagnosticRequests(landing, clock.now()),
    readRequestedReads(landing),
  ]);
  const spent = [...spentAtMs, ...diagnosed].sort((a, b) => a - b);
  return {
    ledger,
    budget: new RateBudget({ limit: rateLimit, reserve: rateReserve, spentAtMs: spent }),
    sourceClock: new SourceClock(clock, offsetMs, lastDateMs),
    requested,
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
