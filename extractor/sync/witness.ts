import type { Ledger } from './ledger.ts';

/**
 * The number to ask, alone, whether the source stands: the ticket that it showed last and that has
 * not failed since, or null where there is none.
 */
export function witnessOf(ledger: Ledger): number | null {
  let witness: { number: number; readAtMs: number } | null = null;
  for (const { number, lastOutcome, lastReadAtMs } of ledger.states()) {
    if (lastReadAtMs === null || lastReadAtMs <= (witness?.readAtMs ?? 0)) continue;
    if ((lastOutcome === 'found' || lastOutcome === 'unchanged') && !ledger.isSuspect(number)) witness = { number, readAtMs: lastReadAtMs };
  }
  return witness?.number ?? null;
}
