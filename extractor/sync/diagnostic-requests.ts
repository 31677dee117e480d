import type { Landing } from '../landing/landing.ts';
import { RATE_WINDOW_MS } from '../suptask/rate-budget.ts';

const COLUMNS = ['check_id', 'kind', 'at', 'latency_ms'];

/**
 * When diagnoses sent requests that are no read of a ticket and so no row of `ticket_fetches`, in
 * milliseconds on the source's clock: they count in the rate window like any other.
 */
export async function readDiagnosticRequests(landing: Landing, nowMs: number): Promise<number[]> {
  const sentAtMs: number[] = [];
  // A window before now may have begun yesterday.
  const landedSince = new Date(nowMs - RATE_WINDOW_MS);
  for await (const chunk of landing.read({ stream: 'connection_checks', columns: COLUMNS, orderBy: ['at', 'check_id'], landedSince })) {
    for (const [, kind, atMs, latencyMs] of chunk) if (kind === 'diagnostic' && latencyMs !== null) sentAtMs.push(Number(atMs));
  }
  return sentAtMs;
}
