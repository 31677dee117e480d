import type { Ledger } from '../../../extractor/sync/ledger.ts';
import type { TicketState } from '../../../extractor/sync/ticket-state.ts';

/** Everything that a ledger can be asked. */
export function contents(ledger: Ledger) {
  const states = [...ledger.states()].sort((a, b) => a.number - b.number);
  return {
    newestNumber: ledger.newestNumber,
    missesPastNewest: ledger.missesPastNewest,
    endSeenAtMs: ledger.endSeenAtMs,
    isOutage: ledger.isOutage,
    size: ledger.size,
    states: states.map((state) => ({ ...state, hash: ledger.hashOf(state.number), isMissing: ledger.isMissing(state), expected: inADay(ledger, state) })),
  };
}

/** Changes that the learned rates expect of a ticket by the day after its last look. */
function inADay(ledger: Ledger, state: TicketState): number {
  return ledger.rates.expectedChanges(state, (state.lastFoundAtMs ?? 0) + 24 * 3_600_000);
}
