import { randomUUID } from 'node:crypto';
import { newId } from '../ids.ts';
import { SuptaskError } from '../errors.ts';
import type { Outcome } from '../landing/streams.ts';
import { formatDuration } from '../output/duration.ts';
import type { Session } from '../session.ts';
import { type Answer, createClient } from '../suptask/client.ts';
import type { RateBudget } from '../suptask/rate-budget.ts';
import { outage, refused } from '../suptask/source-errors.ts';
import { toFetchRow } from '../sync/fetch-row.ts';
import { loadSyncState } from '../sync/state.ts';
import { landErrorEvent } from './report-error.ts';

/** What one read said of the connection. */
export interface OneRead {
  answer: Answer;
  outcome: Outcome;
  /** What kept the read from being an answer; null where it was one. */
  failure: SuptaskError | null;
  budget: RateBudget;
  nowMs: number;
}

/** Answers that say that the source is not there, whatever ticket was asked for. */
const SILENCES: ReadonlySet<Outcome> = new Set(['network_error', 'timeout']);

/**
 * Reads the newest known ticket once, which tries address, token, scheme and landing together, and
 * lands what came back: the read, the check, and the failure with its detail. The request counts in
 * the rate window like any other.
 * @throws SuptaskError `check.failed` where the window allows no request, and what the landing throws
 */
export async function readOneTicket(session: Session, kind: 'connection_test' | 'heartbeat', timeoutMs?: number): Promise<OneRead> {
  const { settings, clock, landing, redact, log } = session;
  const source = settings.source();
  const { ledger, budget, sourceClock } = await loadSyncState({ ...settings, landing, clock });
  const nowMs = sourceClock.now();
  if (budget.available(nowMs) === 0) throw windowUsedUp(budget.nextAtMs(nowMs) - nowMs);

  const number = Math.max(1, ledger.newestNumber);
  const client = createClient({ source, clock, sourceClock, redact, log, ...(timeoutMs ? { timeoutMs } : {}) });
  budget.begin();
  const answer = await client.read(number);
  await client.close();
  budget.end(answer.observedAtMs, answer.httpStatus, answer.rate);
  const row = toFetchRow(answer, { runId: null, channel: 'check', ledger });
  const outcome = row.outcome as Outcome;
  const failure = failureOf(answer, outcome, row.error, kind);

  await landing.append('ticket_fetches', [row]);
  await landing.append('connection_checks', [
    {
      check_id: newId(),
      correlation_id: failure?.correlationId ?? randomUUID(),
      kind,
      scenario: 'read_one_ticket',
      at: new Date(clock.now()),
      ok: failure === null,
      latency_ms: answer.durationMs,
      code: failure?.code ?? null,
      evidence: JSON.stringify({ ticket_number: number, outcome, http_status: answer.httpStatus, error: row.error }),
    },
  ]);
  if (failure) await landErrorEvent(landing, failure, redact, clock.now());
  return { answer, outcome, failure, budget, nowMs: sourceClock.now() };
}

/** A ticket that only answers 500 says little of the source to who tests it, but to a heartbeat it is no good answer. */
function failureOf(answer: Answer, outcome: Outcome, error: string | null, kind: string): SuptaskError | null {
  if (outcome === 'unauthorized') return refused(answer, error);
  if (SILENCES.has(outcome) || (outcome === 'invalid_payload' && !isOfAnApi(answer))) return outage(outcome, error, answer);
  return kind === 'heartbeat' && outcome === 'server_error' ? outage(outcome, error, answer) : null;
}

/** A redirect or a page is somebody else's answer; JSON that is broken or no ticket may be this one ticket's. */
function isOfAnApi({ httpStatus, headers }: Answer): boolean {
  return httpStatus === 200 && /json/i.test(String(headers?.['content-type']));
}

function windowUsedUp(waitMs: number): SuptaskError {
  return new SuptaskError('check.failed', 'The rate window is used up, so the source was not asked.', `Run it again in ${formatDuration(waitMs)}.`);
}
