import { randomUUID } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import { SuptaskError } from '../errors.ts';
import type { Outcome } from '../landing/streams.ts';
import { formatDuration } from '../output/duration.ts';
import type { Session } from '../session.ts';
import { createClient } from '../suptask/client.ts';
import type { RateBudget } from '../suptask/rate-budget.ts';
import { outage, refused } from '../suptask/source-errors.ts';
import { toFetchRow } from '../sync/fetch-row.ts';
import { loadSyncState } from '../sync/state.ts';

/** What a connection test found; it throws instead where something is not as it should be. */
export interface ConnectionTest {
  ok: true;
  landing: string;
  source: string;
  authScheme: string;
  ticketNumber: number;
  outcome: Outcome;
  latencyMs: number;
  budget: string;
}

const OUTAGES: ReadonlySet<Outcome> = new Set(['network_error', 'timeout']);

/**
 * Reads one ticket and lands what came back, which tries address, token, scheme and landing at
 * once. The request counts in the rate window like any other.
 * @throws SuptaskError that says what is wrong and what to do
 */
export async function runConnectionTest({ settings, clock, landing, redact }: Session): Promise<ConnectionTest> {
  const source = settings.source();
  const { ledger, budget, sourceClock } = await loadSyncState({ ...settings, landing, clock });
  const nowMs = sourceClock.now();
  if (budget.available(nowMs) === 0) throw windowUsedUp(budget.nextAtMs(nowMs) - nowMs);

  const number = Math.max(1, ledger.newestNumber);
  const client = createClient({ source, clock, sourceClock, redact });
  budget.begin();
  const answer = await client.read(number);
  await client.close();
  budget.end(answer.observedAtMs, answer.httpStatus, answer.rate);
  const row = toFetchRow(answer, { runId: null, channel: 'check', ledger });
  const outcome = row.outcome as Outcome;
  const failure =
    outcome === 'unauthorized' ? refused(answer, row.error) : OUTAGES.has(outcome) ? outage(outcome, row.error, answer) : null;

  await landing.append('ticket_fetches', [row]);
  await landing.append('connection_checks', [
    {
      check_id: uuid(),
      correlation_id: failure?.correlationId ?? randomUUID(),
      kind: 'connection_test',
      scenario: 'read_one_ticket',
      at: new Date(clock.now()),
      ok: failure === null,
      latency_ms: answer.durationMs,
      code: failure?.code ?? null,
      evidence: JSON.stringify({ ticket_number: number, outcome, http_status: answer.httpStatus, error: row.error }),
    },
  ]);
  if (failure) throw failure;
  return {
    ok: true,
    landing: landing.shown,
    source: source.baseUrl.origin,
    authScheme: source.authScheme,
    ticketNumber: number,
    outcome,
    latencyMs: answer.durationMs,
    budget: describeBudget(budget, sourceClock.now()),
  };
}

function describeBudget(budget: RateBudget, nowMs: number): string {
  return budget.limit === null ? 'no limit' : `${budget.remaining(nowMs)} of ${budget.limit} requests left in this window`;
}

function windowUsedUp(waitMs: number): SuptaskError {
  return new SuptaskError(
    'check.failed',
    'The rate window is used up, so the source was not asked.',
    `Run the check again in ${formatDuration(waitMs)}.`,
  );
}
