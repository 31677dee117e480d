import { pendingReads } from './operator-requests.ts';
import { planReads, type PlannedRead, readValue } from './planner.ts';
import { afterProbe, startProbing } from './probe.ts';
import type { SyncState } from './state.ts';
import type { StatusClass } from './status-class.ts';

const MINUTE_MS = 60_000;

/** A read to come, and why. */
export interface PreviewedRead extends PlannedRead {
  /** Null, like all that follows, where the ticket was never seen. */
  statusClass: StatusClass | null;
  /** When it was last seen, in milliseconds on the source's clock. */
  lastSeenAtMs: number | null;
  /** Changes expected since then. */
  expectedChanges: number | null;
  /** What reading it now is worth: changes expected to be waiting, times the minutes for which they are thought to have waited. */
  valueMinutes: number | null;
}

/** What a run would read that began now and found nothing new, at most `count` reads. Sends no request. */
export function previewReads({ ledger, requested }: Pick<SyncState, 'ledger' | 'requested'>, nowMs: number, count: number): PreviewedRead[] {
  const planned = new Map<number, PlannedRead>();
  let pending = pendingReads(requested, ledger);
  let probe = startProbing(ledger);
  for (;;) {
    // What is asked for may be worth a refresh as well; it is read once.
    const next = planReads({ ledger, nowMs, count: count + planned.size, requested: pending, probe, runStartedAtMs: nowMs });
    for (const read of next) if (!planned.has(read.number) && planned.size < count) planned.set(read.number, read);
    const reason = next[0]?.reason;
    if (planned.size >= count || (reason !== 'requested' && reason !== 'new')) break;
    if (reason === 'requested') pending = pending.slice(next.length);
    else probe = afterProbe(probe, 'not_found');
  }
  return [...planned.values()].map((read) => {
    const state = ledger.get(read.number);
    if (!state || state.lastFoundAtMs === null) return { ...read, statusClass: null, lastSeenAtMs: null, expectedChanges: null, valueMinutes: null };
    const { statusClass, lastFoundAtMs: lastSeenAtMs } = state;
    const value = readValue(ledger, state, nowMs) / MINUTE_MS;
    return { ...read, statusClass, lastSeenAtMs, expectedChanges: ledger.rates.expectedChanges(state, nowMs), valueMinutes: value };
  });
}
