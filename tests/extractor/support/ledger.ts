import type { Ledger } from '../../../extractor/sync/ledger.ts';

/** Everything that a ledger can be asked. */
export function contents(ledger: Ledger) {
  const states = [...ledger.states()].sort((a, b) => a.number - b.number);
  return {
    newestNumber: ledger.newestNumber,
    missesPastNewest: ledger.missesPastNewest,
    isOutage: ledger.isOutage,
    size: ledger.size,
    states: states.map((state) => ({ ...state, hash: ledger.hashOf(state.number), isMissing: ledger.isMissing(state) })),
  };
}
