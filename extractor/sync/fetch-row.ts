import { newId } from '../ids.ts';
import type { Outcome, Row } from '../landing/streams.ts';
import type { Answer } from '../suptask/client.ts';
import type { Ledger } from './ledger.ts';
import type { Look } from './ticket-state.ts';

export interface FetchContext {
  runId: string | null;
  channel: 'api' | 'check';
  ledger: Ledger;
}

/** A read as a row of `ticket_fetches`. A body that the ticket had at its last look is not stored again. */
export function toFetchRow(answer: Answer, { runId, channel, ledger }: FetchContext): Row<'ticket_fetches'> {
  const { number, result } = answer;
  const found = result.outcome === 'found' ? result : null;
  const unchanged = found !== null && found.payloadHash === ledger.hashOf(number);
  const updatedAtMs = found?.envelope.updatedAtMs ?? null;
  return {
    fetch_id: newId(),
    run_id: runId,
    ticket_number: number,
    channel,
    outcome: unchanged ? 'unchanged' : result.outcome,
    http_status: answer.httpStatus,
    observed_at: new Date(answer.observedAtMs),
    observed_basis: answer.observedBasis,
    fetched_at: new Date(answer.fetchedAtMs),
    duration_ms: answer.durationMs,
    attempt: (ledger.get(number)?.failuresInRow ?? 0) + 1,
    team_id: found?.envelope.teamId ?? null,
    ticket_status: found?.envelope.status ?? null,
    ticket_updated_at: updatedAtMs === null ? null : new Date(updatedAtMs),
    payload_hash: found?.payloadHash ?? null,
    payload: unchanged ? null : (found?.payload ?? null),
    error: 'error' in result ? result.error : null,
  };
}

/** What the ledger takes from a row. */
export function toLook(row: Row<'ticket_fetches'>): Look {
  return {
    number: row.ticket_number,
    runId: row.run_id,
    outcome: row.outcome as Outcome,
    observedAtMs: row.observed_at.getTime(),
    status: row.ticket_status,
    updatedAtMs: row.ticket_updated_at?.getTime() ?? null,
    payloadHash: row.payload_hash,
  };
}
